/*
 * test_algebra.c
 *	  Sums and differences of distributions are those of their values, and so are ages.
 */
#include "unit.h"
#include "multiset.h"

/* ----------------------------------------------------------------------
 * Adding and subtracting
 * ----------------------------------------------------------------------
 */

/* Half of the runs of a multiset, with fewer values, and as many others. */
static Multiset
related_multiset(const Multiset *set, uint64_t *random)
{
	Multiset	related = random_multiset(random);

	related.runs = realloc(related.runs, (related.count + set->count + 1) * sizeof(ValueCount));
	for (size_t i = 0; i < set->count; i++)
		if (next_random(random) % 2 && related.values < INT64_MAX / 2)
		{
			uint64_t	count = set->runs[i].count - next_random(random) % set->runs[i].count;

			count = count < INT64_MAX / 2 - related.values ? count : INT64_MAX / 2 - related.values;
			related.runs[related.count++] = (ValueCount) {set->runs[i].value, count};
			related.values += count;
		}
	fold(&related);
	return related;
}

static Bytes
add(Bytes left, Bytes right)
{
	Held		held;
	Host		host = counting_host(&held);
	DistributionReader a = open_reader(left);
	DistributionReader b = open_reader(right);
	DistributionWriter writer;

	distribution_writer_init(&writer, &host);
	distribution_add(&a, &b, &writer);
	assert_true(a.damage == NULL && b.damage == NULL);
	return finish(&writer);
}

/* No bytes where a value is missing. */
static Bytes
subtract(Bytes left, Bytes right, ValueCount *missing)
{
	Held		held;
	Host		host = counting_host(&held);
	DistributionReader a = open_reader(left);
	DistributionReader b = open_reader(right);
	DistributionWriter writer;

	distribution_writer_init(&writer, &host);
	if (distribution_subtract(&a, &b, &writer, missing))
		return finish(&writer);
	distribution_writer_discard(&writer);
	assert_int_equal(held.pieces, 0);
	return (Bytes) {NULL, 0};
}

static void
check_algebra(uint64_t seed)
{
	uint64_t	random = seed;
	Multiset	a = random_multiset(&random);
	Multiset	b = related_multiset(&a, &random);
	Multiset	both = {malloc((a.count + b.count + 1) * sizeof(ValueCount)), a.count + b.count, a.values + b.values};
	Bytes		left = write_runs(a.runs, a.count);
	Bytes		right = write_runs(b.runs, b.count);
	Bytes		sum = add(left, right);
	Bytes		mirrored = add(right, left);
	Bytes		expected;
	Bytes		back;
	ValueCount	missing;

	memcpy(both.runs, a.runs, a.count * sizeof(ValueCount));
	memcpy(both.runs + a.count, b.runs, b.count * sizeof(ValueCount));
	fold(&both);
	expected = write_runs(both.runs, both.count);
	if (!same_bytes(sum, expected) || !same_bytes(mirrored, expected))
		fail_msg("seed %llu: a + b has other values", (unsigned long long) seed);
	back = subtract(sum, right, &missing);
	if (!same_bytes(back, left))
		fail_msg("seed %llu: a + b - b is not a", (unsigned long long) seed);

	/* The missing run is the first run that b has more often than a. */
	free(back.bytes);
	back = subtract(left, right, &missing);
	for (size_t i = 0, k = 0; i < b.count; i++)
	{
		while (k < a.count && a.runs[k].value < b.runs[i].value)
			k++;
		if (k == a.count || a.runs[k].value != b.runs[i].value || a.runs[k].count < b.runs[i].count)
		{
			if (back.bytes != NULL || missing.value != b.runs[i].value || missing.count != b.runs[i].count)
				fail_msg("seed %llu: %a x %llu is missing", (unsigned long long) seed, double_of_key(b.runs[i].value),
						 (unsigned long long) b.runs[i].count);
			break;
		}
		if (i + 1 == b.count && back.bytes == NULL)
			fail_msg("seed %llu: nothing is missing", (unsigned long long) seed);
	}
	free(back.bytes);
	free(expected.bytes);
	free(mirrored.bytes);
	free(sum.bytes);
	free(right.bytes);
	free(left.bytes);
	free(both.runs);
	free(b.runs);
	free(a.runs);
}

static void
test_adds_and_subtracts(void **state)
{
	(void) state;
	for_each_seed(300, check_algebra);
}

/* Neither of equal values, nor of different ones, is their sum wrapped around. */
static void
test_sum_of_too_many_values_overflows(void **state)
{
	const ValueCount most[] = {{key_of_double(1), INT64_MAX}};
	const ValueCount one[] = {{key_of_double(NAN), 1}};
	Bytes		left = write_runs(most, 1);
	Bytes		others[2] = {write_runs(most, 1), write_runs(one, 1)};

	(void) state;
	for (int i = 0; i < 2; i++)
	{
		Held		held;
		Host		host = counting_host(&held);
		DistributionReader a = open_reader(left);
		DistributionReader b = open_reader(others[i]);
		DistributionWriter writer;

		distribution_writer_init(&writer, &host);
		distribution_add(&a, &b, &writer);
		assert_true(writer.overflow);
		distribution_writer_discard(&writer);
		assert_int_equal(held.pieces, 0);
		free(others[i].bytes);
	}
	free(left.bytes);
}

/* ----------------------------------------------------------------------
 * Ages
 * ----------------------------------------------------------------------
 */

static Bytes
ages(Bytes since, double as_of)
{
	Held		held;
	Host		host = counting_host(&held);
	DistributionReader reader = open_reader(since);
	DistributionWriter writer;
	Bytes		written;

	distribution_writer_init(&writer, &host);
	distribution_ages(&reader, as_of, &writer);
	assert_null(reader.damage);
	written = finish(&writer);
	assert_int_equal(held.pieces, 0);
	return written;
}

/* Each value by itself, and then sorted. */
static void
check_ages(uint64_t seed)
{
	uint64_t	random = seed;
	const double instants[] = {0, 1748649600, 0.1, -3.5, INFINITY, -INFINITY, NAN, 1e300};
	double		as_of = instants[next_random(&random) % (sizeof(instants) / sizeof(*instants))];
	Multiset	set = random_multiset(&random);
	Bytes		since = write_runs(set.runs, set.count);
	Bytes		ours = ages(since, as_of);
	Bytes		expected;

	for (size_t i = 0; i < set.count; i++)
		set.runs[i].value = key_of_double(as_of - double_of_key(set.runs[i].value));
	fold(&set);
	expected = write_runs(set.runs, set.count);
	if (!same_bytes(ours, expected))
		fail_msg("seed %llu: not the ages at %g", (unsigned long long) seed, as_of);
	free(expected.bytes);
	free(ours.bytes);
	free(since.bytes);
	free(set.runs);
}

static void
test_ages_are_those_of_each_value(void **state)
{
	(void) state;
	for_each_seed(300, check_ages);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_adds_and_subtracts),
		cmocka_unit_test(test_sum_of_too_many_values_overflows),
		cmocka_unit_test(test_ages_are_those_of_each_value),
	};

	return cmocka_run_group_tests_name("distribution_algebra", tests, NULL, NULL);
}
