/*
 * run_cursor.h
 *	  A reader and its current run, for one pass over several distributions.
 *
 * Checks for interrupts between two blocks: distributions of a single one are many, and
 * each is read in no time.
 */
#ifndef TTR_KERNEL_DISTRIBUTION_RUN_CURSOR_H
#define TTR_KERNEL_DISTRIBUTION_RUN_CURSOR_H

#include "kernel/distribution/format.h"

typedef struct RunCursor
{
	DistributionReader *reader;
	const Host *host;
	bool		has_run;
	ValueCount	run;
} RunCursor;

static inline void
check_after_block(const DistributionReader *reader, const Host *host)
{
	if (reader->left_in_block == 0 && reader->runs_left > 0)
		host->check_interrupts();
}

static inline void
run_cursor_advance(RunCursor *cursor)
{
	cursor->has_run = distribution_reader_next(cursor->reader, &cursor->run);
	check_after_block(cursor->reader, cursor->host);
}

/* At the first run. */
static inline RunCursor
run_cursor_start(DistributionReader *reader, const Host *host)
{
	RunCursor	cursor = {.reader = reader, .host = host};

	run_cursor_advance(&cursor);
	return cursor;
}

#endif							/* TTR_KERNEL_DISTRIBUTION_RUN_CURSOR_H */
