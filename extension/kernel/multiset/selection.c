/*
 * selection.c
 *	  Finds values by their rank without sorting: radix selection, from the most
 *	  significant digit down.
 *
 * One pass counts the values by their leading digit.  The counts, added up, give the
 * bucket of each wanted rank, and the rank within that bucket.  A second pass gathers
 * those buckets and no others:
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
 * keeps its own lowest and highest value: buckets of equal values end at once.
 *
 * Each level uses up 8 bits at least, whatever the data: no order of the input,
 * and no number of duplicates, makes it slow.  (Quickselect, its rival, needs a
 * three-way partition for duplicates and luck for its pivots; and it needs a copy
 * of everything, because it moves values about.)
 *
 * A multiset is read where it lies: its values from chunks or from a tape, its runs
 * (a value and its count, count_table.c) from their table.  A run adds its count, and is
 * gathered as a run.
 *
 * Gathering takes memory.  Where the wanted buckets hold too many values, none is
 * gathered.  Instead each bucket takes another pass over the whole multiset, which counts
 * the digits of the values in its range only.  This goes on until the wanted buckets
 * hold few values, or a bucket is one value wide.
 *
 * Distribution is Knuth's, "The Art of Computer Programming", volume 3, 5.2.5;
 * one histogram for all wanted ranks, and a gathering of their buckets only, is
 * also how ClickHouse's pull request 112827 (2026) selects.
 */
#include <string.h>

#include "kernel/multiset/selection.h"

/* A histogram must stay in the first-level cache: 2048 counts are 16 kB. */
#define MAX_DIGIT_BITS		11
#define MAX_BUCKETS			(1 << MAX_DIGIT_BITS)

/* With fewer values, clearing and reading 2048 counts is most of the work. */
#define SHORT_DIGIT_BITS	8
#define SHORT_DIGIT_LIMIT	4096

/* Values that are filtered before the wanted ones among them are stored. */
#define GATHER_BATCH		256

/* Up to here insertion sort beats any histogram. */
#define SORT_LIMIT			32

/* The ranks to be found in one multiset, and where their values go. */
typedef struct Request
{
	const uint64_t *ranks;
	uint64_t   *selected;
	size_t		count;
	uint64_t	before;			/* values that rank below all of the multiset */
} Request;

/* A bucket that holds wanted ranks, and the values that were gathered into it. */
typedef struct Part
{
	Request		request;
	uint64_t	count;
	uint64_t	lowest;
	uint64_t	highest;
	ValueStore	values;
	ValueCount *runs;
	size_t		nruns;
} Part;

typedef struct Split
{
	Part	   *parts;
	size_t		count;
	bool		gathered;
} Split;

/* Deals the values from lowest to lowest + width into buckets. */
typedef struct Digit
{
	uint64_t	lowest;
	uint64_t	width;
	int			shift;
	size_t		buckets;
} Digit;

Multiset
multiset_of(const ValueStore *values, const CountTable *table)
{
	Multiset	set = {values->count, values->lowest, values->highest, values, {{NULL, 0}, {NULL, 0}}, UINT64_MAX};

	if (table != NULL && table->total > 0)
	{
		set.count += table->total;
		set.lowest = table->lowest < set.lowest ? table->lowest : set.lowest;
		set.highest = table->highest > set.highest ? table->highest : set.highest;
		set.runs[0] = (RunSpan) {table->runs, table->places};
	}
	return set;
}

/* Values outside of the range have a bucket of their own, behind the others. */
static inline size_t
bucket_of(Digit digit, uint64_t value)
{
	uint64_t	distance = value - digit.lowest;

	return distance <= digit.width ? distance >> digit.shift : digit.buckets;
}

/* The digit that splits a multiset, whose bounds must differ. */
static Digit
leading_digit(const Multiset *set)
{
	int			digit_bits = set->count < SHORT_DIGIT_LIMIT ? SHORT_DIGIT_BITS : MAX_DIGIT_BITS;
	int			used_bits;
	Digit		digit;

	digit.lowest = set->lowest;
	digit.width = set->highest - set->lowest;
	used_bits = 64 - __builtin_clzll(digit.width);
	digit.shift = used_bits > digit_bits ? used_bits - digit_bits : 0;
	digit.buckets = (digit.width >> digit.shift) + 1;
	return digit;
}

static void
count_digits(const Multiset *set, Digit digit, uint64_t *counts, const Host *host)
{
	ValueSpan	span;

	memset(counts, 0, (digit.buckets + 1) * sizeof(*counts));
	for (span = value_store_first_span(set->values); span.count > 0; span = value_store_next_span(set->values, span))
	{
		for (size_t i = 0; i < span.count; i++)
			counts[bucket_of(digit, span.values[i])]++;
		host->check_interrupts();
	}
	for (int s = 0; s < RUN_SPANS; s++)
		for (size_t i = 0; i < set->runs[s].count; i++)
		{
			counts[bucket_of(digit, set->runs[s].runs[i].value)] += set->runs[s].runs[i].count;
			host_check_at_step(host, i);
		}
}

static void
begin_part(Part *part, const Multiset *set, Digit digit, size_t bucket, uint64_t count)
{
	part->count = count;
	part->lowest = digit.lowest + ((uint64_t) bucket << digit.shift);
	part->highest = part->lowest + (UINT64_C(1) << digit.shift) - 1;
	if (bucket == digit.buckets - 1)
		part->highest = set->highest;
	part->runs = NULL;
	part->nruns = 0;
	value_store_init(&part->values);
}

/*
 * Assigns the ranks to their buckets.  part_of[bucket] becomes the number of its part,
 * counted from 1, or 0 if the bucket holds no wanted rank.
 *
 * Where buckets are a single value wide the values are known without gathering, and
 * there are no parts.
 */
static Split
distribute_ranks(const Multiset *set, const Request *request, Digit digit, const uint64_t *counts, uint16_t *part_of,
				 const Host *host)
{
	size_t		most = request->count < digit.buckets ? request->count : digit.buckets;
	uint64_t	before = request->before;
	size_t		done = 0;
	Split		split = {NULL, 0, false};

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

			begin_part(part, set, digit, bucket, counts[bucket]);
			part->request.ranks = request->ranks + first;
			part->request.selected = request->selected + first;
			part->request.count = done - first;
			part->request.before = before;
			part_of[bucket] = split.count;
		}
		before = after;
	}
	part_of[digit.buckets] = 0;
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
gather_values(const Multiset *set, Digit digit, const uint16_t *part_of, Part *parts, const Host *host)
{
	uint64_t	wanted[GATHER_BATCH];
	ValueSpan	span;

	for (span = value_store_first_span(set->values); span.count > 0; span = value_store_next_span(set->values, span))
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

/* Counts the wanted runs, or copies them once there is room. */
static void
gather_runs(RunSpan span, Digit digit, const uint16_t *part_of, Part *parts, bool copying, const Host *host)
{
	for (size_t i = 0; i < span.count; i++)
	{
		size_t		number = part_of[bucket_of(digit, span.runs[i].value)];
		Part	   *part = &parts[number - 1];

		host_check_at_step(host, i);
		if (number == 0 || span.runs[i].count == 0)
			continue;
		if (copying)
			part->runs[part->nruns] = span.runs[i];
		part->nruns++;
	}
}

/* Runs are few: two passes over them are cheaper than memory that grows. */
static void
gather_all_runs(const Multiset *set, Digit digit, const uint16_t *part_of, Split split, const Host *host)
{
	for (int s = 0; s < RUN_SPANS; s++)
		gather_runs(set->runs[s], digit, part_of, split.parts, false, host);
	for (size_t p = 0; p < split.count; p++)
		if (split.parts[p].nruns > 0)
		{
			split.parts[p].runs = host->allocate(host->context, split.parts[p].nruns * sizeof(ValueCount));
			split.parts[p].nruns = 0;
		}
	for (int s = 0; s < RUN_SPANS; s++)
		gather_runs(set->runs[s], digit, part_of, split.parts, true, host);
}

static void
gather(const Multiset *set, Digit digit, const uint16_t *part_of, Split split, const Host *host)
{
	gather_values(set, digit, part_of, split.parts, host);
	gather_all_runs(set, digit, part_of, split, host);
}

/* A gathered part is a multiset of its own, with bounds as narrow as its values. */
static Multiset
multiset_of_gathered(const Part *part)
{
	Multiset	set = multiset_of(&part->values, NULL);

	set.count = part->count;
	set.runs[0] = (RunSpan) {part->runs, part->nruns};
	for (size_t i = 0; i < part->nruns; i++)
	{
		if (part->runs[i].value < set.lowest)
			set.lowest = part->runs[i].value;
		if (part->runs[i].value > set.highest)
			set.highest = part->runs[i].value;
	}
	return set;
}

/* A part that was not gathered is a range of the whole multiset. */
static Multiset
multiset_of_range(const Multiset *whole, const Part *part)
{
	Multiset	set = *whole;

	set.count = part->count;
	set.lowest = part->lowest;
	set.highest = part->highest;
	return set;
}

static bool
may_gather(const Multiset *set, Split split)
{
	uint64_t	wanted = 0;

	for (size_t p = 0; p < split.count; p++)
		wanted += split.parts[p].count;
	return wanted <= set->most_gathered;
}

/* Not inlined, so that its tables leave the stack before the next level. */
static __attribute__((noinline)) Split
split_by_digit(const Multiset *set, const Request *request, const Host *host)
{
	uint64_t	counts[MAX_BUCKETS + 1];
	uint16_t	part_of[MAX_BUCKETS + 1];
	Digit		digit = leading_digit(set);
	Split		split;

	count_digits(set, digit, counts, host);
	split = distribute_ranks(set, request, digit, counts, part_of, host);
	split.gathered = split.count > 0 && may_gather(set, split);
	if (split.gathered)
		gather(set, digit, part_of, split, host);
	return split;
}

static void
sort_few(ValueCount *runs, size_t count)
{
	for (size_t i = 1; i < count; i++)
	{
		ValueCount	run = runs[i];
		size_t		place = i;

		for (; place > 0 && runs[place - 1].value > run.value; place--)
			runs[place] = runs[place - 1];
		runs[place] = run;
	}
}

/* Writes all runs of a small multiset in ascending order. */
static size_t
sorted_runs(const Multiset *set, ValueCount *sorted)
{
	size_t		count = 0;
	ValueSpan	span;

	for (span = value_store_first_span(set->values); span.count > 0; span = value_store_next_span(set->values, span))
		for (size_t i = 0; i < span.count; i++)
			sorted[count++] = (ValueCount) {span.values[i], 1};
	for (int s = 0; s < RUN_SPANS; s++)
		for (size_t i = 0; i < set->runs[s].count; i++)
			sorted[count++] = set->runs[s].runs[i];
	sort_few(sorted, count);
	return count;
}

/* True if all values are equal, which ends the search in a part that was not gathered, too. */
static bool
select_equal(const Multiset *set, const Request *request)
{
	if (set->lowest != set->highest)
		return false;
	for (size_t i = 0; i < request->count; i++)
		request->selected[i] = set->lowest;
	return true;
}

/* True if the multiset holds so few values that no histogram is needed. */
static bool
select_by_sorting(const Multiset *set, const Request *request)
{
	ValueCount	sorted[SORT_LIMIT];
	uint64_t	after = request->before;
	size_t		count;
	size_t		done = 0;

	if (set->values->count + set->runs[0].count + set->runs[1].count > SORT_LIMIT)
		return false;

	count = sorted_runs(set, sorted);
	for (size_t i = 0; i < count; i++)
	{
		after += sorted[i].count;
		while (done < request->count && request->ranks[done] < after)
			request->selected[done++] = sorted[i].value;
	}
	return true;
}

static void
release_part(Part *part, const Host *host)
{
	value_store_clear(&part->values, host);
	if (part->runs != NULL)
		host->release(host->context, part->runs);
}

/*
 * Each part is released before its own parts are read: hence "twice the multiset"
 * (selection.h).  The parts of a gathered part are gathered too: they hold no more values.
 */
static void
select_in_parts(const Multiset *whole, Split split, const Host *host)
{
	for (size_t i = 0; i < split.count; i++)
	{
		Part	   *part = &split.parts[i];
		Multiset	set = split.gathered ? multiset_of_gathered(part) : multiset_of_range(whole, part);
		Split		deeper = {NULL, 0, false};

		if (!select_equal(&set, &part->request) && !(split.gathered && select_by_sorting(&set, &part->request)))
			deeper = split_by_digit(&set, &part->request, host);
		release_part(part, host);
		select_in_parts(whole, deeper, host);
	}
	if (split.parts != NULL)
		host->release(host->context, split.parts);
}

void
select_from_multiset(const Multiset *set, const uint64_t *ranks, size_t nranks, uint64_t *selected, const Host *host)
{
	Request		request = {ranks, selected, nranks, 0};

	assert(nranks == 0 || ranks[nranks - 1] < set->count);
	if (nranks == 0 || select_equal(set, &request) || select_by_sorting(set, &request))
		return;
	select_in_parts(set, split_by_digit(set, &request, host), host);
}

void
select_ranks(const ValueStore *store, const uint64_t *ranks, size_t nranks, uint64_t *selected, const Host *host)
{
	Multiset	set = multiset_of(store, NULL);

	select_from_multiset(&set, ranks, nranks, selected, host);
}
