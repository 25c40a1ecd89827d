/*
 * spill_file.h
 *	  A tape (tape.h) in one of PostgreSQL's temporary files.
 */
#ifndef TTR_PERCENTILE_SPILL_FILE_H
#define TTR_PERCENTILE_SPILL_FILE_H

#include "fmgr.h"

#include "kernel/multiset/tape.h"

/*
 * An empty tape for the current group of an aggregate, in the group's context.  Its file
 * is deleted with the group, or with the query if that fails.
 */
extern Tape *spill_file_create(FunctionCallInfo fcinfo, MemoryContext context);

#endif							/* TTR_PERCENTILE_SPILL_FILE_H */
