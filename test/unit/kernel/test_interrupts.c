/*
 * test_interrupts.c
 *	  Every kernel that works for long checks for interrupts on its way, and not only
 *	  before and afterwards: so a query that runs in it ends when it is cancelled.
 *
 * A check is counted here.  Each kernel has a million values to work on, and no two checks
 * may lie further apart than 65,536 of them: a millisecond or less.
 */
#include "unit.h"

#include "kernel/distribution/format.h"
#include "kernel/distribution/survival.h"
#include "kernel/multiset/key_sort.h"
#include "kernel/multiset/order_key.h"
#include "kernel/multiset/selection.h"
#include "kernel/time/timeline.h"

#define MANY			(1 << 20)
#define LEAST_CHECKS	(MANY / 65536)

static size_t checks;

static void
count_check(void)
{
	checks++;
}

static Host
interrupted_host(Held *held)
{
	Host		host = counting_host(held);

	host.check_interrupts = count_check;
	checks = 0;
	return host;
}

static void
assert_interrupted(void)
{
	assert_uint_in_range(checks, LEAST_CHECKS, SIZE_MAX);
	checks = 0;
}

/* Different numbers, from the middle outwards. */
static uint64_t
value_at(uint64_t i)
{
	return key_of_double(i % 2 ? MANY + 1 + i / 2 : MANY - i / 2);
}

static CountTable
many_counted(const Host *host)
{
	CountTable	table;

	count_table_init(&table);
	for (uint64_t i = 0; i < MANY; i++)
		count_table_add(&table, value_at(i), 1 + i % 3, host);
	return table;
}

static void
test_sorting(void **state)
{
	Held		held;
	Host		host = interrupted_host(&held);
	uint64_t   *keys = malloc(MANY * sizeof(uint64_t));

	(void) state;
	for (uint64_t i = 0; i < MANY; i++)
		keys[i] = value_at(i);
	key_sort(keys, MANY, &host);
	assert_interrupted();
	free(keys);
}

/* The table grows by moving all that it has. */
static void
test_counting(void **state)
{
	Held		held;
	Host		host = interrupted_host(&held);
	CountTable	table = many_counted(&host);
	CountTable	other;

	(void) state;
	assert_interrupted();
	count_table_init(&other);
	count_table_reserve(&other, table.distinct, &host);
	checks = 0;
	count_table_merge(&other, &table, &host);
	assert_interrupted();
	count_table_clear(&table, &host);
	count_table_clear(&other, &host);
}

static void
test_selecting_from_counted_values(void **state)
{
	Held		held;
	Host		host = interrupted_host(&held);
	CountTable	table = many_counted(&host);
	ValueStore	none;
	Multiset	set;
	uint64_t	rank = 0;
	uint64_t	selected;

	(void) state;
	value_store_init(&none);
	set = multiset_of(&none, &table);
	checks = 0;
	select_from_multiset(&set, &rank, 1, &selected, &host);
	assert_true(selected == table.lowest);
	assert_interrupted();
	count_table_clear(&table, &host);
}

/* The bytes of a distribution, which the caller frees. */
static uint8_t *
write_many(const Host *host, size_t *size)
{
	CountTable	table = many_counted(host);
	DistributionWriter writer;
	uint8_t    *bytes;

	checks = 0;
	distribution_writer_init(&writer, host);
	distribution_gather(&writer, &table, NULL, NULL, 0);
	assert_interrupted();
	*size = distribution_writer_size(&writer);
	bytes = malloc(*size);
	distribution_writer_finish(&writer, bytes);
	count_table_clear(&table, host);
	return bytes;
}

static DistributionReader
open_bytes(const uint8_t *bytes, size_t size)
{
	DistributionReader reader;

	assert_true(distribution_reader_open(&reader, bytes, size));
	checks = 0;
	return reader;
}

/* The difference has no values, so that nothing is written meanwhile. */
static void
test_sums_and_differences(void **state)
{
	Held		held;
	Host		host = interrupted_host(&held);
	size_t		size;
	uint8_t    *bytes = write_many(&host, &size);
	DistributionReader left = open_bytes(bytes, size);
	DistributionReader right = left;
	DistributionWriter writer;
	ValueCount	missing;

	(void) state;
	distribution_writer_init(&writer, &host);
	assert_true(distribution_subtract(&left, &right, &writer, &missing));
	assert_int_equal(writer.runs, 0);
	assert_interrupted();

	left = right = open_bytes(bytes, size);
	distribution_add(&left, &right, &writer);
	assert_int_equal(writer.runs, MANY);
	assert_interrupted();
	distribution_writer_discard(&writer);
	free(bytes);
}

static void
test_counting_a_distribution(void **state)
{
	Held		held;
	Host		host = interrupted_host(&held);
	size_t		size;
	uint8_t    *bytes = write_many(&host, &size);
	DistributionReader reader = open_bytes(bytes, size);
	CountTable	table;
	DenseCounts numbers;

	(void) state;
	count_table_init(&table);
	dense_counts_init(&numbers);
	distribution_count(&reader, &table, &numbers, &host);
	assert_interrupted();
	assert_true(distribution_defect(bytes, size, &host) == NULL);
	assert_interrupted();
	count_table_clear(&table, &host);
	dense_counts_clear(&numbers, &host);
	free(bytes);
}

/* Those that are running at the highest age keep the curve above 0; then all are running. */
static void
test_survival(void **state)
{
	Held		held;
	Host		host = interrupted_host(&held);
	size_t		size;
	uint8_t    *bytes = write_many(&host, &size);
	const uint8_t none[] = {DISTRIBUTION_VERSION, 0, 0};
	DistributionReader running = open_bytes(bytes, size);
	DistributionReader ended = running;
	Survival	survival = survival_start(&ended, &running, &host);
	double		share;

	(void) state;
	assert_false(survival_reach(&survival, 1));
	assert_interrupted();

	ended = open_bytes(none, sizeof(none));
	running = open_bytes(bytes, size);
	survival = survival_start(&ended, &running, &host);
	assert_false(survival_at(&survival, key_of_special[PLUS_INFINITY], &share));
	assert_interrupted();
	free(bytes);
}

static void
test_sorting_a_timeline(void **state)
{
	Held		held;
	Host		host = interrupted_host(&held);
	Timeline   *timeline = timeline_create(&host);

	(void) state;
	for (int64_t i = 0; i < MANY; i++)
		timeline = timeline_add(timeline, -i, i % 2, &host);
	checks = 0;
	timeline_sort(timeline, &host);
	assert_interrupted();
	host.release(host.context, timeline);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sorting),
		cmocka_unit_test(test_counting),
		cmocka_unit_test(test_selecting_from_counted_values),
		cmocka_unit_test(test_sums_and_differences),
		cmocka_unit_test(test_counting_a_distribution),
		cmocka_unit_test(test_survival),
		cmocka_unit_test(test_sorting_a_timeline),
	};

	return cmocka_run_group_tests_name("interrupts", tests, NULL, NULL);
}
