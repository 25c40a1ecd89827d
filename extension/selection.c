/*
 * selection.c
 *	  Finds values by their rank without sorting: radix selection, from the most
 *	  significant digit down.
 *
 * One pass counts how many values have which leading digit.  The counts, added
 * up, say which bucket each wanted rank falls into, and at which rank within it.
 * A second pass gathers those buckets and no others:
 *
 *	  digit      0    1    2    3    4    5    6    7
 *	  count      2    7   19   31   22   11    6    2       100 values
 *	  ranks      0-1  2-8 9-27 28-58 59-80 81-91 92-97 98-99
 *	                            ^                ^
 *	  wanted                    49, 50           94         median and p95 of 100
 *	  gathered                  31 values        6 values   then the same again
 *
 * The digit is taken from (value - lowest), from the highest bit that is used at
 * all, so that a narrow range of values is split as finely as a wide one.  This
 * happens again on every level, since the store that a bucket is gathered into
 * knows its own lowest and highest value: buckets of equal values end at once.
 *
 * Each level uses up 8 bits at least, whatever the data: no order of the input,
 * and no number of duplicates, makes it slow.  (Quickselect, its rival, needs a
 * three-way partition for duplicates and luck for its pivots; and it needs a copy
 * of everything, because it moves values about.)
 *
 * Distribution is Knuth's, "The Art of Computer Programming", volume 3, 5.2.5;
 * one histogram for all wanted ranks, and a gathering of their buckets only, is
 * also how ClickHouse's pull request 112827 (2026) selects.
 */
#include <string.h>

#include "selection.h"

/* A histogram must stay in the first-level cache: 2048 counts are 16 kB. */
#define MAX_DIGIT_BITS		11
#define MAX_BUCKETS			(1 << MAX_DIGIT_BITS)

/* With fewer values, clearing and reading 2048 counts is most of the work. */
#define SHORT_DIGIT_BITS	8
#define SHORT_DIGIT_LIMIT	4096

/* Values that are looked at before the wanted ones among them are put away. */
#define GATHER_BATCH		256

/* Up to here insertion sort beats any histogram. */
#define SORT_LIMIT			32

/* The ranks that fall into one store, and where their values are to be put. */
typedef struct Request
{
	const uint64_t *ranks;
	uint64_t   *selected;
	size_t		count;
	uint64_t	before;			/* how many values rank below all of the store */
} Request;

/* A bucket that holds wanted ranks, and what was gathered into it. */
typedef struct Part
{
	Request		request;
	ValueStore	values;
} Part;

typedef struct Split
{
	Part	   *parts;
	size_t		count;
} Split;

typedef struct Digit
{
	uint64_t	lowest;
	int			shift;
	size_t		buckets;
} Digit;

static inline size_t
bucket_of(Digit digit, uint64_t value)
{
	return (value - digit.lowest) >> digit.shift;
}

/* The store's values must not all be equal. */
static Digit
leading_digit(const ValueStore *store)
{
	int			used_bits = 64 - __builtin_clzll(store->highest - store->lowest);
	int			digit_bits = store->count < SHORT_DIGIT_LIMIT ? SHORT_DIGIT_BITS : MAX_DIGIT_BITS;
	Digit		digit;

	digit.lowest = store->lowest;
	digit.shift = used_bits > digit_bits ? used_bits - digit_bits : 0;
	digit.buckets = bucket_of(digit, store->highest) + 1;
	return digit;
}

static void
count_digits(const ValueStore *store, Digit digit, uint64_t *counts, const Host *host)
{
	ValueSpan	span;

	memset(counts, 0, digit.buckets * sizeof(*counts));
	for (span = value_store_first_span(store); span.count > 0; span = value_store_next_span(store, span))
	{
		for (size_t i = 0; i < span.count; i++)
			counts[bucket_of(digit, span.values[i])]++;
		host->check_interrupts();
	}
}

/*
 * Hands the ranks to the buckets that they fall into.  part_of[bucket] becomes the
 * number of its part, counted from 1, or 0 if the bucket holds no wanted rank.
 *
 * Where a bucket is a single value wide the values are known without gathering,
 * and there are no parts.
 */
static Split
distribute_ranks(const Request *request, Digit digit, const uint64_t *counts, uint16_t *part_of, const Host *host)
{
	size_t		most = request->count < digit.buckets ? request->count : digit.buckets;
	uint64_t	before = request->before;
	size_t		done = 0;
	Split		split = {NULL, 0};

	if (digit.shift > 0)
		split.parts = host->allocate(host->context, most * sizeof(Part));

	for (size_t bucket = 0; bucket < digit.buckets; bucket++)
	{
		uint64_t	after = before + counts[bucket];
		size_t		first = done;

		while (done < request->count && request->ranks[done] < after)
			request->selected[done++] = digit.lowest + bucket;

		part_of[bucket] = 0;
		if (done > first && split.parts != NULL)
		{
			Part	   *part = &split.parts[split.count++];

			part->request.ranks = request->ranks + first;
			part->request.selected = request->selected + first;
			part->request.count = done - first;
			part->request.before = before;
			value_store_init(&part->values);
			part_of[bucket] = split.count;
		}
		before = after;
	}
	return split;
}

/*
 * Whether a value is wanted is as good as random, and a mispredicted branch costs
 * more than all else here.  So every value is written behind the wanted ones, and
 * stays there if it is wanted.
 */
static size_t
filter(const uint64_t *values, size_t count, Digit digit, const uint16_t *part_of, uint64_t *wanted)
{
	size_t		nwanted = 0;

	for (size_t i = 0; i < count; i++)
	{
		wanted[nwanted] = values[i];
		nwanted += part_of[bucket_of(digit, values[i])] != 0;
	}
	return nwanted;
}

static void
gather(const ValueStore *store, Digit digit, const uint16_t *part_of, Part *parts, const Host *host)
{
	uint64_t	wanted[GATHER_BATCH];
	ValueSpan	span;

	for (span = value_store_first_span(store); span.count > 0; span = value_store_next_span(store, span))
	{
		for (size_t done = 0; done < span.count; done += GATHER_BATCH)
		{
			size_t		batch = span.count - done < GATHER_BATCH ? span.count - done : GATHER_BATCH;
			size_t		nwanted = filter(span.values + done, batch, digit, part_of, wanted);

			for (size_t i = 0; i < nwanted; i++)
				value_store_add(&parts[part_of[bucket_of(digit, wanted[i])] - 1].values, wanted[i], host);
		}
		host->check_interrupts();
	}
}

/* Kept apart from its callers so that the tables leave the stack before the next level. */
static __attribute__((noinline)) Split
split_by_digit(const ValueStore *store, const Request *request, const Host *host)
{
	uint64_t	counts[MAX_BUCKETS];
	uint16_t	part_of[MAX_BUCKETS];
	Digit		digit = leading_digit(store);
	Split		split;

	count_digits(store, digit, counts, host);
	split = distribute_ranks(request, digit, counts, part_of, host);
	if (split.count > 0)
		gather(store, digit, part_of, split.parts, host);
	return split;
}

static void
sort_few(uint64_t *values, size_t count)
{
	for (size_t i = 1; i < count; i++)
	{
		uint64_t	value = values[i];
		size_t		place = i;

		for (; place > 0 && values[place - 1] > value; place--)
			values[place] = values[place - 1];
		values[place] = value;
	}
}

/* True if the store is so simple that no histogram is needed. */
static bool
select_directly(const ValueStore *store, const Request *request)
{
	uint64_t	sorted[SORT_LIMIT];
	size_t		count = 0;
	ValueSpan	span;

	if (store->lowest == store->highest)
	{
		for (size_t i = 0; i < request->count; i++)
			request->selected[i] = store->lowest;
		return true;
	}
	if (store->count > SORT_LIMIT)
		return false;

	for (span = value_store_first_span(store); span.count > 0; span = value_store_next_span(store, span))
	{
		memcpy(sorted + count, span.values, span.count * sizeof(*sorted));
		count += span.count;
	}
	sort_few(sorted, count);
	for (size_t i = 0; i < request->count; i++)
		request->selected[i] = sorted[request->ranks[i] - request->before];
	return true;
}

/* Each part is given back before its own parts are looked at: hence "twice the store". */
static void
select_in_parts(Split split, const Host *host)
{
	for (size_t i = 0; i < split.count; i++)
	{
		Part	   *part = &split.parts[i];
		Split		deeper = {NULL, 0};

		if (!select_directly(&part->values, &part->request))
			deeper = split_by_digit(&part->values, &part->request, host);
		value_store_clear(&part->values, host);
		select_in_parts(deeper, host);
	}
	if (split.parts != NULL)
		host->release(host->context, split.parts);
}

void
select_ranks(const ValueStore *store, const uint64_t *ranks, size_t nranks, uint64_t *selected, const Host *host)
{
	Request		request = {ranks, selected, nranks, 0};

	if (nranks == 0 || select_directly(store, &request))
		return;
	select_in_parts(split_by_digit(store, &request, host), host);
}
