/*
 * remarks.h: remarks on a load that went well: what was left out or read by a rule, how often, and what to do
 * about it.
 */
#ifndef TTR_LOADER_REPORT_REMARKS_H
#define TTR_LOADER_REPORT_REMARKS_H

#include "report/summary.h"

/* Prints the remarks, after the merge. zone: of local times, by name or "their zones". */
void remark_on(const RunCount *count, const char *zone);

#endif
