/*
 * multirange.c
 *	  The spans of a tstzmultirange.
 *
 * Whether a bound is included changes no length, so it is not read.  A range without an
 * upper bound and a range up to 'infinity' are the same: both run.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"

#include "compat.h"
#include "multirange.h"

TypeCacheEntry *
tstzrange_type(void)
{
	return lookup_type_cache(TSTZMULTIRANGEOID, TYPECACHE_MULTIRANGE_INFO)->rngtype;
}

MultirangeType *
multirange_of_spans(TypeCacheEntry *range_type, const Span *spans, size_t count)
{
	RangeType **ranges = palloc(Max(count, 1) * sizeof(RangeType *));

	for (size_t i = 0; i < count; i++)
	{
		RangeBound	lower = {TimestampTzGetDatum(spans[i].start), false, true, true};
		RangeBound	upper = {TimestampTzGetDatum(spans[i].end), spans[i].end == SPAN_RUNS, false, false};

		CHECK_FOR_INTERRUPTS();
		ranges[i] = range_of_bounds(range_type, &lower, &upper);
	}
	return make_multirange(TSTZMULTIRANGEOID, range_type, count, ranges);
}

void
check_as_of(TimestampTz as_of)
{
	if (TIMESTAMP_NOT_FINITE(as_of))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("as_of must be finite"),
				 errdetail("What is still open is counted up to as_of."),
				 errhint("Pass the time at which the data was taken, such as '2025-05-31 23:59:59+00', or leave as_of out.")));
}

static void
check_start(const RangeBound *lower)
{
	if (lower->infinite || TIMESTAMP_IS_NOBEGIN(DatumGetTimestampTz(lower->val)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("open interval has no start"),
				 errdetail("Time since minus infinity cannot be counted."),
				 errhint("Give every interval a start, as in '{[2025-05-01 09:00+00,)}'.")));
}

bool
read_open_interval(TypeCacheEntry *range_type, const MultirangeType *intervals, uint32 index, const TimestampTz *as_of,
				   Span *interval)
{
	RangeBound	lower;
	RangeBound	upper;

	CHECK_FOR_INTERRUPTS();
	multirange_get_bounds(range_type, intervals, index, &lower, &upper);
	check_start(&lower);
	interval->start = DatumGetTimestampTz(lower.val);
	if (!upper.infinite && !TIMESTAMP_IS_NOEND(DatumGetTimestampTz(upper.val)))
	{
		interval->end = DatumGetTimestampTz(upper.val);
		return true;
	}
	if (as_of == NULL)
		return false;
	interval->end = *as_of;
	return true;
}
