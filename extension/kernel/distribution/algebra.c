/*
 * algebra.c
 *	  Sums and differences of distributions, ages, and the check whether bytes are a
 *	  distribution (format.h).
 *
 * Runs ascend on both sides, so that one pass over both suffices, as in merging two
 * sorted lists:
 *
 *	  left     60 x 3            3600 x 2   86400
 *	  right             120      3600 x 1
 *	  sum      60 x 3   120      3600 x 3   86400
 */
#include <math.h>
#include <string.h>

#include "kernel/distribution/format.h"
#include "kernel/distribution/run_cursor.h"
#include "kernel/multiset/order_key.h"

static void
write_run(RunCursor *side, DistributionWriter *writer)
{
	distribution_writer_add(writer, side->run.value, side->run.count);
	run_cursor_advance(side);
}

void
distribution_add(DistributionReader *left, DistributionReader *right, DistributionWriter *writer)
{
	RunCursor	a = run_cursor_start(left, writer->host);
	RunCursor	b = run_cursor_start(right, writer->host);

	while (a.has_run && b.has_run)
	{
		if (a.run.value < b.run.value)
			write_run(&a, writer);
		else if (a.run.value > b.run.value)
			write_run(&b, writer);
		else
		{
			a.run.count += b.run.count;
			write_run(&a, writer);
			run_cursor_advance(&b);
		}
	}
	while (a.has_run)
		write_run(&a, writer);
	while (b.has_run)
		write_run(&b, writer);
}

bool
distribution_subtract(DistributionReader *left, DistributionReader *right, DistributionWriter *writer,
					  ValueCount *missing)
{
	RunCursor	a = run_cursor_start(left, writer->host);
	RunCursor	b = run_cursor_start(right, writer->host);

	for (; b.has_run; run_cursor_advance(&b))
	{
		while (a.has_run && a.run.value < b.run.value)
			write_run(&a, writer);
		if (!a.has_run || a.run.value != b.run.value || a.run.count < b.run.count)
		{
			*missing = b.run;
			return false;
		}
		a.run.count -= b.run.count;
		if (a.run.count > 0)
			write_run(&a, writer);
		else
			run_cursor_advance(&a);
	}
	while (a.has_run)
		write_run(&a, writer);
	return true;
}

/*
 * Ages descend where instants ascend, so they are gathered from the end.  Rounding may
 * give close instants the same age.  NaN comes of NaN and of infinities, and sorts last.
 */
void
distribution_ages(DistributionReader *since, double as_of, DistributionWriter *writer)
{
	const Host *host = writer->host;
	size_t		room = since->runs + SPECIAL_VALUES;
	ValueCount *ages = host->allocate(host->context, room * sizeof(ValueCount));
	size_t		first = room;
	uint64_t	unknown = 0;
	RunCursor	cursor = run_cursor_start(since, host);

	for (; cursor.has_run; run_cursor_advance(&cursor))
	{
		double		age = as_of - double_of_key(cursor.run.value);

		if (isnan(age))
			unknown += cursor.run.count;
		else if (first < room && ages[first].value == key_of_double(age))
			ages[first].count += cursor.run.count;
		else
			ages[--first] = (ValueCount) {key_of_double(age), cursor.run.count};
	}
	for (; first < room; first++)
		distribution_writer_add(writer, ages[first].value, ages[first].count);
	if (unknown > 0)
		distribution_writer_add(writer, key_of_special[NOT_A_NUMBER], unknown);
	host->release(host->context, ages);
}

/* Adds whole numbers to the dense counts, and to the count table what those do not take. */
static void
count_numbers(ValueCount *runs, size_t count, CountTable *table, DenseCounts *numbers, const Host *host)
{
	size_t		left = 0;

	for (size_t i = 0; i < count; i++)
		if (!dense_counts_add(numbers, runs[i].value, runs[i].count, host))
			runs[left++] = (ValueCount) {key_of_double((int64_t) runs[i].value), runs[i].count};
	count_table_add_runs(table, runs, left, host);
}

void
distribution_count(DistributionReader *reader, CountTable *table, DenseCounts *numbers, const Host *host)
{
	ValueCount	run;
	ValueCount	runs[RUNS_IN_BLOCK];

	while (distribution_reader_next(reader, &run))
	{
		count_table_add(table, run.value, run.count, host);
		count_numbers(runs, distribution_reader_whole_numbers(reader, runs), table, numbers, host);
		check_after_block(reader, host);
	}
}

/*
 * There is one way to write each multiset.  So bytes are right if their runs, written
 * again, give the same bytes: this covers order, scales, directory, and integers that
 * are longer than they need to be.
 */
const char *
distribution_defect(const uint8_t *bytes, size_t size, const Host *host)
{
	DistributionReader reader;
	DistributionWriter writer;
	ValueCount	run;
	uint64_t	last = 0;
	uint8_t    *again;
	bool		same;

	if (!distribution_reader_open(&reader, bytes, size))
		return reader.damage;
	distribution_writer_init(&writer, host);
	while (distribution_reader_next(&reader, &run))
	{
		if (run.value <= last || run.value != key_of_double(double_of_key(run.value)))
		{
			distribution_writer_discard(&writer);
			return run.value <= last ? "has values that are not in ascending order" : "has -0, which is 0";
		}
		last = run.value;
		distribution_writer_add(&writer, run.value, run.count);
	}
	if (reader.damage != NULL || distribution_writer_size(&writer) != size)
	{
		distribution_writer_discard(&writer);
		return reader.damage != NULL ? reader.damage : "is not as long as its values take";
	}

	again = host->allocate(host->context, size);
	distribution_writer_finish(&writer, again);
	same = memcmp(again, bytes, size) == 0;
	host->release(host->context, again);
	return same ? NULL : "is not written as its values are";
}
