/*
 * elapsed_seconds.c
 *	  elapsed_seconds(started_at, ended_at): seconds by the clock on the wall.
 *
 * The same double as date_part('epoch', ended_at - started_at), which splits the
 * difference into days and the rest and rounds the rest alone.  In each row one call
 * replaces a comparison, a subtraction and a look-up of the word epoch.
 */
#include "postgres.h"

#include "common/int.h"
#include "datatype/timestamp.h"
#include "utils/timestamp.h"

#include "compat.h"

/*
 * NULL where the end lies before the start.
 *
 * Error: 22008 for an infinite instant, and where the difference exceeds 292,000 years.
 */
PG_FUNCTION_INFO_V1(ttr_elapsed_seconds);
Datum
ttr_elapsed_seconds(PG_FUNCTION_ARGS)
{
	TimestampTz started_at = PG_GETARG_TIMESTAMPTZ(0);
	TimestampTz ended_at = PG_GETARG_TIMESTAMPTZ(1);
	int64		elapsed;

	if (ended_at < started_at)
		PG_RETURN_NULL();
	if (TIMESTAMP_NOT_FINITE(started_at) || TIMESTAMP_NOT_FINITE(ended_at) ||
		pg_sub_s64_overflow(ended_at, started_at, &elapsed))
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("time elapsed is out of range")));
	PG_RETURN_FLOAT8(elapsed % USECS_PER_DAY / 1000000.0 + (double) SECS_PER_DAY * (elapsed / USECS_PER_DAY));
}
