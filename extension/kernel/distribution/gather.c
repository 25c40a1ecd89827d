/*
 * gather.c
 *	  From values in no order to a distribution (format.h).
 *
 * Values that are merged or aggregated lie in a hash table and beside it; the writer needs
 * ascending runs:
 *
 *	  count table   60 x 3, 86400       --- sorted --->  60 x 3    86400
 *	  keys          3600, 60, 3600      --- sorted --->  60        3600 x 2
 *	  dense counts  120 x 4                              120 x 4
 *	                                                     -----------------------------
 *	                                                     60 x 4, 120 x 4, 3600 x 2 ...
 */
#include <string.h>

#include "kernel/distribution/format.h"
#include "kernel/multiset/key_sort.h"
#include "kernel/multiset/order_key.h"

/* Keys between the fetch of a place and its use. */
#define EXPECTED_AHEAD		16

/* The values of a count table and other keys, in order. */
typedef struct SortedKeys
{
	const CountTable *table;
	uint64_t   *keys;			/* of the count table once each, the others as often as they come */
	size_t		count;
	size_t		next;
} SortedKeys;

/*
 * The keys of the count table are sorted among the others, and their counts looked up
 * afterwards: 8 bytes are moved for each, and not 16.
 */
static SortedKeys
sort_keys(const CountTable *table, const uint64_t *keys, size_t nkeys, const Host *host)
{
	SortedKeys	sorted = {table, NULL, table->distinct + nkeys, 0};
	size_t		filled = 0;

	if (sorted.count == 0)
		return sorted;
	sorted.keys = host->allocate(host->context, sorted.count * sizeof(uint64_t));
	for (size_t i = 0; i < table->places; i++)
	{
		if (table->runs[i].count != 0)
			sorted.keys[filled++] = table->runs[i].value;
		host_check_at_step(host, i);
	}
	if (nkeys > 0)
		memcpy(sorted.keys + filled, keys, nkeys * sizeof(uint64_t));
	key_sort(sorted.keys, sorted.count, host);
	return sorted;
}

/* The next run; at the end its count is 0. */
static ValueCount
next_run(SortedKeys *sorted)
{
	const uint64_t *keys = sorted->keys;
	size_t		first = sorted->next;
	size_t		next = first + 1;
	uint64_t	counted;

	if (first == sorted->count)
		return (ValueCount) {0, 0};
	while (next < sorted->count && keys[next] == keys[first])
		next++;
	if (next + EXPECTED_AHEAD < sorted->count && sorted->table->places > 0)
		count_table_prefetch(sorted->table, keys[next + EXPECTED_AHEAD]);
	counted = count_table_count_of(sorted->table, keys[first]);
	sorted->next = next;
	return (ValueCount) {keys[first], counted == 0 ? next - first : counted + (next - first - 1)};
}

void
distribution_gather(DistributionWriter *writer, const CountTable *table, const DenseCounts *numbers,
					const uint64_t *keys, size_t nkeys)
{
	const Host *host = writer->host;
	SortedKeys	sorted = sort_keys(table, keys, nkeys, host);
	ValueCount	run = next_run(&sorted);

	if (numbers != NULL)
	{
		ValueCount	other;

		for (uint64_t number = dense_counts_next(numbers, 0, &other.count); number < COUNTED_NUMBERS;
			 number = dense_counts_next(numbers, number + 1, &other.count))
		{
			other.value = key_of_double(number);
			for (; run.count != 0 && run.value <= other.value; run = next_run(&sorted))
			{
				if (run.value == other.value)
					other.count += run.count;
				else
					distribution_writer_add(writer, run.value, run.count);
			}
			distribution_writer_add(writer, other.value, other.count);
		}
	}
	for (; run.count != 0; run = next_run(&sorted))
		distribution_writer_add(writer, run.value, run.count);
	if (sorted.keys != NULL)
		host->release(host->context, sorted.keys);
}
