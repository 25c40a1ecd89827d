/*
 * remarks.h: what people should know of a load that went well: what was left out of it or read by a rule, how
 * often, and what to do about it.
 */
#ifndef TTR_LOADER_REPORT_REMARKS_H
#define TTR_LOADER_REPORT_REMARKS_H

#include "report/summary.h"

/* On standard error, after the merge. zone: where local times were read in it, its name or "their zones". */
void remark_on(const RunCount *count, const char *zone);

#endif
