/*
 * interval_key.c
 *	  Intervals among 64-bit values, selected by rank.
 *
 * PostgreSQL keeps the months, the days and the time of an interval apart, and
 * compares intervals by their span: all of it in microseconds, a month being 30
 * days and a day 24 hours.  Two intervals may be equal ('1 day' and '24 hours')
 * and yet act differently in arithmetic.
 *
 * Most intervals come from subtracting timestamps.  Those have no months, less
 * than 24 hours of time, and a time of the same sign as their days; there is only
 * one such interval for each span, so the span alone brings it back.  They are
 * called regular here and take 8 bytes:
 *
 *	  keys       | 3 days 02:00 | 00:17:30 | 30:00:00 | 1 day | 2 mons | ...
 *	  irregular                              30:00:00           2 mons   ...
 *
 * Irregular intervals are kept besides, as they are.  Selection runs on the keys of all.
 * Where it finds the key of an irregular interval, the result is an interval of that
 * key; any one will do, since intervals of equal keys compare equal.
 *
 * A span may exceed 64 bits (an interval reaches 178 million years, or infinity
 * from PostgreSQL 17 on).  Such a key is clamped to the lowest or the highest one,
 * which no regular interval has, and the order among those is found by sorting.
 */
#include "postgres.h"

#include "common/int128.h"
#include "datatype/timestamp.h"
#include "miscadmin.h"

#include "kernel/multiset/order_key.h"
#include "kernel/multiset/selection.h"
#include "percentile/interval_key.h"

#define LOWEST_KEY			UINT64_C(0)
#define HIGHEST_KEY			UINT64_MAX

/* More days, and a time, might exceed 64 bits of microseconds. */
#define MAX_REGULAR_DAYS	(PG_INT64_MAX / USECS_PER_DAY - 1)

StaticAssertDecl(WORDS_PER_INTERVAL == 2, "an interval is a pair of words");
StaticAssertDecl(VALUES_IN_STORE % WORDS_PER_INTERVAL == 0, "no interval lies across two spans");

/* The span as interval comparison computes it: see interval_cmp_value() in timestamp.c. */
static INT128
interval_span(const Interval *interval)
{
	int64		days = (int64) interval->month * DAYS_PER_MONTH + interval->day;
	INT128		span = int64_to_int128(interval->time);

	int128_add_int64_mul_int64(&span, days, USECS_PER_DAY);
	return span;
}

static uint64_t
clamped_key(const Interval *interval)
{
	INT128		span = interval_span(interval);

	if (int128_compare(span, int64_to_int128(PG_INT64_MIN)) <= 0)
		return LOWEST_KEY;
	if (int128_compare(span, int64_to_int128(PG_INT64_MAX)) >= 0)
		return HIGHEST_KEY;
	return key_of_int64(int128_to_int64(span));
}

uint64_t
interval_key(const Interval *interval, bool *regular)
{
	*regular = interval->month == 0 &&
		interval->day >= -MAX_REGULAR_DAYS && interval->day <= MAX_REGULAR_DAYS &&
		interval->time > -USECS_PER_DAY && interval->time < USECS_PER_DAY &&
		(interval->day <= 0 || interval->time >= 0) &&
		(interval->day >= 0 || interval->time <= 0);

	if (*regular)
		return key_of_int64(interval->day * USECS_PER_DAY + interval->time);
	return clamped_key(interval);
}

/* The regular interval of a key that is not clamped. */
static Interval
interval_of_key(uint64_t key)
{
	int64		span = int64_of_key(key);
	Interval	interval;

	interval.month = 0;
	interval.day = span / USECS_PER_DAY;
	interval.time = span % USECS_PER_DAY;
	return interval;
}

/* The index of the first of the ascending keys that is not less than the given one. */
static size_t
lower_bound(const uint64_t *keys, size_t count, uint64_t key)
{
	size_t		low = 0;

	while (count > 0)
	{
		size_t		half = count / 2;

		if (keys[low + half] < key)
		{
			low += half + 1;
			count -= half + 1;
		}
		else
			count = half;
	}
	return low;
}

/* Puts irregular intervals where their keys were selected. */
static void
restore_irregular(const ValueStore *irregular, const uint64_t *keys, size_t nkeys, Interval *selected,
				  const Host *host)
{
	bool	   *restored = host->allocate(host->context, nkeys * sizeof(bool));
	ValueSpan	span;

	memset(restored, false, nkeys * sizeof(bool));
	for (span = value_store_first_span(irregular); span.count > 0; span = value_store_next_span(irregular, span))
	{
		const Interval *intervals = (const Interval *) span.values;

		for (size_t i = 0; i < span.count / WORDS_PER_INTERVAL; i++)
		{
			uint64_t	key = clamped_key(&intervals[i]);

			for (size_t k = lower_bound(keys, nkeys, key); k < nkeys && keys[k] == key && !restored[k]; k++)
			{
				selected[k] = intervals[i];
				restored[k] = true;
			}
		}
		host->check_interrupts();
	}
	host->release(host->context, restored);
}

/* PostgreSQL's qsort() keeps nothing that a cancelled query would leave behind. */
static int
compare_intervals(const void *left, const void *right)
{
	CHECK_FOR_INTERRUPTS();
	return int128_compare(interval_span(left), interval_span(right));
}

static size_t
count_clamped(const ValueStore *irregular, uint64_t key, const Host *host)
{
	size_t		count = 0;
	ValueSpan	span;

	for (span = value_store_first_span(irregular); span.count > 0; span = value_store_next_span(irregular, span))
	{
		const Interval *intervals = (const Interval *) span.values;

		for (size_t i = 0; i < span.count / WORDS_PER_INTERVAL; i++)
			count += clamped_key(&intervals[i]) == key;
		host->check_interrupts();
	}
	return count;
}

/* All irregular intervals whose span was clamped to this key, in ascending order. */
static Interval *
sort_clamped(const ValueStore *irregular, uint64_t key, size_t *count, const Host *host)
{
	Interval   *clamped = host->allocate(host->context, count_clamped(irregular, key, host) * sizeof(Interval));
	ValueSpan	span;

	*count = 0;
	for (span = value_store_first_span(irregular); span.count > 0; span = value_store_next_span(irregular, span))
	{
		const Interval *intervals = (const Interval *) span.values;

		for (size_t i = 0; i < span.count / WORDS_PER_INTERVAL; i++)
			if (clamped_key(&intervals[i]) == key)
				clamped[(*count)++] = intervals[i];
		host->check_interrupts();
	}
	qsort(clamped, *count, sizeof(Interval), compare_intervals);
	return clamped;
}

/* Selects the intervals at ranks whose span was clamped to this key; all is the number of all intervals. */
static void
restore_clamped(const ValueStore *irregular, uint64_t all, uint64_t key, const uint64_t *ranks, const uint64_t *keys,
				size_t nranks, Interval *selected, const Host *host)
{
	size_t		first = lower_bound(keys, nranks, key);
	Interval   *clamped;
	size_t		count;
	uint64_t	before;

	if (first == nranks || keys[first] != key)
		return;

	clamped = sort_clamped(irregular, key, &count, host);
	before = key == LOWEST_KEY ? 0 : all - count;
	for (size_t i = first; i < nranks && keys[i] == key; i++)
		selected[i] = clamped[ranks[i] - before];
	host->release(host->context, clamped);
}

void
interval_key_select(const Multiset *keys, const ValueStore *irregular, const uint64_t *ranks, size_t nranks,
					Interval *selected, const Host *host)
{
	uint64_t   *found = host->allocate(host->context, nranks * sizeof(uint64_t));

	select_from_multiset(keys, ranks, nranks, found, host);
	for (size_t i = 0; i < nranks; i++)
		selected[i] = interval_of_key(found[i]);

	if (irregular != NULL)
	{
		restore_irregular(irregular, found, nranks, selected, host);
		restore_clamped(irregular, keys->count, LOWEST_KEY, ranks, found, nranks, selected, host);
		restore_clamped(irregular, keys->count, HIGHEST_KEY, ranks, found, nranks, selected, host);
	}
	host->release(host->context, found);
}
