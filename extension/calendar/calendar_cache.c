/*
 * calendar_cache.c
 *	  Calendars as working time, compiled once in a query.
 *
 * A calendar of 15 years is a multirange of 170 kB.  To read it for each conversation
 * would take as long as the operators of ranges do.  So its compiled form
 * (working_time.c) is kept for the query, and a calendar is recognised when it comes
 * again:
 *
 *	  a constant        there is no other one
 *	  stored apart      by its toast pointer, 18 bytes, without being fetched
 *	  any other         by length and bytes, as it came: compressed, short or plain
 *
 * So a calendar that stands in a table and is joined costs a comparison of 18 bytes.  The
 * value of a toast pointer does not change while anything can still see it, and its
 * number is not used again before four billion others.  A calendar from a subquery is
 * compared as a whole, which for 15 years takes some microseconds.
 *
 * A parameter is not taken for a constant, although get_fn_expr_arg_stable() would: a
 * variable of PL/pgSQL is a parameter, and changes while the function's memory stays.
 *
 * Several calendars are kept, because teams have different hours: a new calendar replaces
 * the one that was unused for the longest time.
 */
#include "postgres.h"

#include "nodes/primnodes.h"

#include "backend.h"
#include "calendar/calendar_cache.h"
#include "compat.h"
#include "multirange.h"

#define CALENDARS_KEPT	32

typedef struct KeptCalendar
{
	char	   *bytes;			/* of the argument, as it came */
	Size		size;
	uint64		last_used;		/* 0: the place is free */
	WorkingTime calendar;
} KeptCalendar;

struct CalendarCache
{
	TypeCacheEntry *range_type;
	uint64		uses;
	int			latest;			/* the place used last */
	bool		is_constant;
	KeptCalendar kept[CALENDARS_KEPT];
};

CalendarCache *
calendar_cache_of_call(FunctionCallInfo fcinfo)
{
	CalendarCache *cache = fcinfo->flinfo->fn_extra;

	if (cache == NULL)
	{
		TypeCacheEntry *range_type = tstzrange_type();

		cache = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(CalendarCache));
		cache->range_type = range_type;
		fcinfo->flinfo->fn_extra = cache;
	}
	return cache;
}

TypeCacheEntry *
calendar_cache_range_type(const CalendarCache *cache)
{
	return cache->range_type;
}

static bool
is_constant_argument(const FmgrInfo *function, int argument)
{
	Node	   *call = function->fn_expr;

	return call != NULL && IsA(call, FuncExpr) && list_length(((FuncExpr *) call)->args) > argument &&
		IsA(list_nth(((FuncExpr *) call)->args, argument), Const);
}

/* ----------------------------------------------------------------------
 * Compiling
 * ----------------------------------------------------------------------
 */

/* A missing bound is the end of time, which is finite in PostgreSQL. */
static Span
opening_of_bounds(const RangeBound *lower, const RangeBound *upper)
{
	int64		start = lower->infinite ? DT_NOBEGIN : DatumGetTimestampTz(lower->val);
	int64		end = upper->infinite ? DT_NOEND : DatumGetTimestampTz(upper->val);

	start = Min(Max(start, MIN_TIMESTAMP), END_TIMESTAMP);
	end = Min(Max(end, MIN_TIMESTAMP), END_TIMESTAMP);
	return (Span) {start, end};
}

static void
compile(WorkingTime *calendar, TypeCacheEntry *range_type, Datum argument, const Host *host)
{
	MultirangeType *openings = DatumGetMultirangeTypeP(argument);

	working_time_init(calendar, openings->rangeCount, host);
	for (uint32 i = 0; i < openings->rangeCount; i++)
	{
		RangeBound	lower;
		RangeBound	upper;

		CHECK_FOR_INTERRUPTS();
		multirange_get_bounds(range_type, openings, i, &lower, &upper);
		working_time_add(calendar, opening_of_bounds(&lower, &upper));
	}
	if ((Pointer) openings != DatumGetPointer(argument))
		pfree(openings);
}

/* ----------------------------------------------------------------------
 * Keeping
 * ----------------------------------------------------------------------
 */

/* The bytes by which a calendar is recognised: a pointer into memory will not do. */
static struct varlena *
recognisable(Datum argument)
{
	struct varlena *given = (struct varlena *) DatumGetPointer(argument);

	if (VARATT_IS_EXTERNAL(given) && !VARATT_IS_EXTERNAL_ONDISK(given))
		return PG_DETOAST_DATUM(argument);
	return given;
}

static bool
is_kept_in(const KeptCalendar *kept, const struct varlena *given, Size size)
{
	return kept->last_used > 0 && kept->size == size && memcmp(kept->bytes, given, size) == 0;
}

/* The place of this calendar; else a free place, or that of the calendar to be replaced. */
static int
find_place(CalendarCache *cache, const struct varlena *given, Size size)
{
	int			oldest = 0;

	if (is_kept_in(&cache->kept[cache->latest], given, size))
		return cache->latest;
	for (int i = 0; i < CALENDARS_KEPT; i++)
	{
		if (is_kept_in(&cache->kept[i], given, size))
			return i;
		if (cache->kept[i].last_used < cache->kept[oldest].last_used)
			oldest = i;
	}
	return oldest;
}

/* A failure leaves the place free, or as it was. */
static void
keep(KeptCalendar *kept, TypeCacheEntry *range_type, struct varlena *given, Size size, const Host *host)
{
	if (kept->last_used > 0)
	{
		kept->last_used = 0;
		pfree(kept->bytes);
		working_time_clear(&kept->calendar, host);
	}
	compile(&kept->calendar, range_type, PointerGetDatum(given), host);
	kept->bytes = host->allocate(host->context, size);
	memcpy(kept->bytes, given, size);
	kept->size = size;
}

const WorkingTime *
calendar_argument(FunctionCallInfo fcinfo, CalendarCache *cache, int argument)
{
	KeptCalendar *kept;
	struct varlena *given;
	Size		size;

	if (cache->is_constant)
		return &cache->kept[0].calendar;

	given = recognisable(PG_GETARG_DATUM(argument));
	size = VARSIZE_ANY(given);
	cache->latest = find_place(cache, given, size);
	kept = &cache->kept[cache->latest];
	if (!is_kept_in(kept, given, size))
	{
		Host		host = backend_host(fcinfo->flinfo->fn_mcxt);

		keep(kept, cache->range_type, given, size, &host);
		cache->is_constant = cache->uses == 0 && is_constant_argument(fcinfo->flinfo, argument);
	}
	kept->last_used = ++cache->uses;
	return &kept->calendar;
}

/* ----------------------------------------------------------------------
 * The time that is covered
 * ----------------------------------------------------------------------
 */

Span
covered_argument(FunctionCallInfo fcinfo, const CalendarCache *cache, int argument, const WorkingTime *calendar)
{
	RangeType  *covered;
	RangeBound	lower;
	RangeBound	upper;
	bool		empty;

	if (PG_ARGISNULL(argument))
		return working_time_extent(calendar);

	covered = PG_GETARG_RANGE_P(argument);
	range_deserialize(cache->range_type, covered, &lower, &upper, &empty);
	return empty ? (Span) {0, 0} : opening_of_bounds(&lower, &upper);
}
