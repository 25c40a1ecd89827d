/*
 * fuzz_distribution.c
 *	  The bytes of a distribution, which are the same on disk and on the wire.
 *
 * From the wire any bytes may come: those that pass are the only way to write their values.
 * From a disk, damaged ones: every reader ends, within them.
 */
#include "kernel.h"
#include "kernel/distribution/format.h"
#include "kernel/multiset/order_key.h"

typedef struct Bytes
{
	const uint8_t *bytes;
	size_t		size;
} Bytes;

static void
read_runs(Bytes form)
{
	DistributionReader reader;
	ValueCount	run;
	ValueCount	numbers[RUNS_IN_BLOCK];
	size_t		runs = 0;

	if (!distribution_reader_open(&reader, form.bytes, form.size))
		return;
	while (distribution_reader_next(&reader, &run))
		require(run.count > 0 && ++runs <= form.size + SPECIAL_VALUES);
	distribution_reader_open(&reader, form.bytes, form.size);
	do
		require(distribution_reader_whole_numbers(&reader, numbers) <= RUNS_IN_BLOCK);
	while (distribution_reader_next(&reader, &run));
}

static void
select_values(Bytes form)
{
	DistributionReader reader;
	uint64_t	count;

	if (!distribution_reader_open(&reader, form.bytes, form.size))
		return;
	count = distribution_reader_count(&reader);
	for (int i = 0; i <= 4 && count > 0; i++)
	{
		uint64_t	ranks[2] = {count / 4 * i < count ? count / 4 * i : count - 1, count - 1};
		uint64_t	keys[2];

		distribution_reader_open(&reader, form.bytes, form.size);
		distribution_reader_select(&reader, ranks, 1, keys);
		distribution_reader_open(&reader, form.bytes, form.size);
		distribution_reader_select(&reader, ranks, 2, keys);
		distribution_reader_open(&reader, form.bytes, form.size);
		require(distribution_reader_count_up_to(&reader, UINT64_MAX / 4 * i) <= count);
	}
}

/* Adds the bytes to themselves, subtracts them from themselves, and counts them. */
static void
compute(Bytes form)
{
	size_t		pieces;
	Host		host = fuzz_host(&pieces);
	DistributionReader left;
	DistributionReader right;
	DistributionWriter writer;
	ValueCount	missing;
	CountTable	table;
	DenseCounts numbers;

	for (int i = 0; i < 2; i++)
	{
		if (!distribution_reader_open(&left, form.bytes, form.size))
			return;
		distribution_reader_open(&right, form.bytes, form.size);
		distribution_writer_init(&writer, &host);
		if (i == 0)
			distribution_add(&left, &right, &writer);
		else
			distribution_subtract(&left, &right, &writer, &missing);
		distribution_writer_size(&writer);
		distribution_writer_discard(&writer);
	}
	distribution_reader_open(&left, form.bytes, form.size);
	count_table_init(&table);
	dense_counts_init(&numbers);
	distribution_count(&left, &table, &numbers, &host);
	require(table.total + numbers.total <= distribution_reader_count(&left));
	count_table_clear(&table, &host);
	dense_counts_clear(&numbers, &host);
	require(pieces == 0);
}

/* Bytes that pass are written again, from their values alone. */
static void
write_again(Bytes form)
{
	size_t		pieces;
	Host		host = fuzz_host(&pieces);
	DistributionReader reader;
	DistributionWriter writer;
	ValueCount	run;
	size_t		size;
	uint8_t    *again;

	if (distribution_defect(form.bytes, form.size, &host) != NULL)
		return;
	require(distribution_reader_open(&reader, form.bytes, form.size));
	distribution_writer_init(&writer, &host);
	while (distribution_reader_next(&reader, &run))
		distribution_writer_add(&writer, key_of_double(double_of_key(run.value)), run.count);
	require(reader.damage == NULL);
	size = distribution_writer_size(&writer);
	require(size == form.size && !writer.overflow);
	again = malloc(size);
	distribution_writer_finish(&writer, again);
	require(memcmp(again, form.bytes, size) == 0);
	free(again);
	require(pieces == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	Bytes		form = {bytes, size};

	read_runs(form);
	select_values(form);
	compute(form);
	write_again(form);
	return 0;
}
