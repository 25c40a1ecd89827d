/*
 * each_seconds.c
 *	  each_seconds(tstzmultirange, as_of): the length of every single interval.
 *
 * Where the sum of the waits of a conversation says how long its customer waited, each of
 * them says how long a reply took.  The intervals and as_of are those of open_seconds():
 *
 *	  {[Mon 09:00, Mon 11:00),   [Tue 14:00, )}
 *	  {7200,                     up to as_of: 10800 at Tue 17:00}
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"

#include "compat.h"
#include "multirange.h"

/*
 * An array of doubles, in the order of the intervals.  NULL for a NULL multirange; of a
 * running interval without as_of the element is NULL.
 *
 * Errors: 22023 for an interval without a start, and for an infinite as_of.
 */
PG_FUNCTION_INFO_V1(ttr_each_seconds);
Datum
ttr_each_seconds(PG_FUNCTION_ARGS)
{
	MultirangeType *intervals;
	TypeCacheEntry *type;
	const TimestampTz *as_of;
	TimestampTz given;
	Datum	   *seconds;
	bool	   *nulls;
	int			count;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	as_of = as_of_argument(fcinfo, 1, &given);
	intervals = PG_GETARG_MULTIRANGE_P(0);
	type = multirange_get_typcache(fcinfo, MultirangeTypeGetOid(intervals))->rngtype;
	count = intervals->rangeCount;
	if (count == 0)
		PG_RETURN_ARRAYTYPE_P(construct_empty_array(FLOAT8OID));
	seconds = palloc(sizeof(Datum) * count);
	nulls = palloc(sizeof(bool) * count);
	for (int i = 0; i < count; i++)
	{
		Span		interval;
		uint64		length = 0;

		nulls[i] = !read_open_interval(type, intervals, i, as_of, &interval);
		if (!nulls[i] && interval.end > interval.start)
			length = span_length(interval);
		seconds[i] = Float8GetDatum(length / 1000000.0);
	}
	PG_RETURN_ARRAYTYPE_P(construct_md_array(seconds, nulls, 1, &count, &(int) {1}, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL,
											 TYPALIGN_DOUBLE));
}
