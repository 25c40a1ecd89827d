/*
 * test_backlog.c
 *	  The changes of the backlog, added up, say what is in it at any instant.
 */
#include <stdbool.h>

#include "unit.h"

#include "kernel/time/backlog.h"

#define MOST_SPANS		8
#define MOST_CHANGES	(6 * MOST_SPANS)

typedef struct Given
{
	Span		unresolved[2];
	size_t		unresolved_count;
	Span		snoozed[2];
	size_t		snoozed_count;
	int64_t		late_from;
} Given;

static void
check_changes(Given given, const BacklogChange *expected, size_t expected_count)
{
	BacklogChange changes[MOST_CHANGES];
	size_t		count = backlog_changes(given.unresolved, given.unresolved_count, given.snoozed, given.snoozed_count,
										given.late_from, changes);

	assert_int_equal(count, expected_count);
	for (size_t i = 0; i < count; i++)
	{
		assert_int_equal(changes[i].kind, expected[i].kind);
		assert_int_equal(changes[i].at, expected[i].at);
	}
}

#define CHECK_CHANGES(given, ...) \
	check_changes(given, (const BacklogChange[]) {__VA_ARGS__}, sizeof((const BacklogChange[]) {__VA_ARGS__}) / sizeof(BacklogChange))

/* That of backlog.h: a column is 1. */
static void
test_drawing(void **state)
{
	Given		drawn = {{{0, 22}, {30, 38}}, 2, {{7, 13}}, 1, 18};

	(void) state;
	CHECK_CHANGES(drawn,
				  {BACKLOG_OPENED, 0}, {BACKLOG_LATE, 18}, {BACKLOG_CLOSED, 22}, {BACKLOG_LATE_CLOSED, 22},
				  {BACKLOG_REOPENED, 30}, {BACKLOG_LATE, 30}, {BACKLOG_CLOSED, 38}, {BACKLOG_LATE_CLOSED, 38},
				  {BACKLOG_SNOOZED, 7}, {BACKLOG_UNSNOOZED, 13});
}

static void
test_running_spans_have_no_end(void **state)
{
	Given		open = {{{0, 22}, {30, SPAN_RUNS}}, 2, {{0}}, 0, BACKLOG_NEVER_LATE};
	Given		snoozed = {{{0, SPAN_RUNS}}, 1, {{3, 5}, {7, SPAN_RUNS}}, 2, BACKLOG_NEVER_LATE};
	Given		late = {{{0, SPAN_RUNS}}, 1, {{0}}, 0, 9};

	(void) state;
	CHECK_CHANGES(open, {BACKLOG_OPENED, 0}, {BACKLOG_CLOSED, 22}, {BACKLOG_REOPENED, 30});
	CHECK_CHANGES(snoozed, {BACKLOG_OPENED, 0}, {BACKLOG_SNOOZED, 3}, {BACKLOG_UNSNOOZED, 5}, {BACKLOG_SNOOZED, 7});
	CHECK_CHANGES(late, {BACKLOG_OPENED, 0}, {BACKLOG_LATE, 9});
}

static void
test_late_only_from_its_instant_on(void **state)
{
	Given		never = {{{0, 22}, {30, 38}}, 2, {{0}}, 0, BACKLOG_NEVER_LATE};
	Given		at_close = {{{0, 22}}, 1, {{0}}, 0, 22};
	Given		between = {{{0, 22}, {30, 38}}, 2, {{0}}, 0, 25};
	Given		before = {{{0, 22}}, 1, {{0}}, 0, INT64_MIN};

	(void) state;
	CHECK_CHANGES(never, {BACKLOG_OPENED, 0}, {BACKLOG_CLOSED, 22}, {BACKLOG_REOPENED, 30}, {BACKLOG_CLOSED, 38});
	CHECK_CHANGES(at_close, {BACKLOG_OPENED, 0}, {BACKLOG_CLOSED, 22});
	CHECK_CHANGES(between, {BACKLOG_OPENED, 0}, {BACKLOG_CLOSED, 22},
				  {BACKLOG_REOPENED, 30}, {BACKLOG_LATE, 30}, {BACKLOG_CLOSED, 38}, {BACKLOG_LATE_CLOSED, 38});
	CHECK_CHANGES(before, {BACKLOG_OPENED, 0}, {BACKLOG_LATE, 0}, {BACKLOG_CLOSED, 22}, {BACKLOG_LATE_CLOSED, 22});
}

/* What is closed in the instant in which it is opened is never late. */
static void
test_empty_span(void **state)
{
	Given		at_once = {{{5, 5}}, 1, {{0}}, 0, 5};

	(void) state;
	CHECK_CHANGES(at_once, {BACKLOG_OPENED, 5}, {BACKLOG_CLOSED, 5});
}

static void
test_no_spans(void **state)
{
	(void) state;
	assert_int_equal(backlog_changes(NULL, 0, NULL, 0, 5, NULL), 0);
	assert_int_equal(backlog_most_changes(0, 0), 0);
}

static bool
is_within(const Span *spans, size_t count, int64_t time)
{
	for (size_t i = 0; i < count; i++)
		if (spans[i].start <= time && (time < spans[i].end || spans[i].end == SPAN_RUNS))
			return true;
	return false;
}

static size_t
random_spans(Span *spans, uint64_t *random)
{
	size_t		count = next_random(random) % (MOST_SPANS + 1);
	int64_t		time = 0;

	for (size_t i = 0; i < count; i++)
	{
		spans[i].start = time + 1 + next_random(random) % 5;
		spans[i].end = time = spans[i].start + 1 + next_random(random) % 5;
	}
	if (count > 0 && next_random(random) % 2 == 0)
		spans[count - 1].end = SPAN_RUNS;
	return count;
}

/* How many changes of a kind there are up to this time. */
static int
count_until(const BacklogChange *changes, size_t count, BacklogChangeKind kind, int64_t time)
{
	int			found = 0;

	for (size_t i = 0; i < count; i++)
		found += changes[i].kind == kind && changes[i].at <= time;
	return found;
}

static void
check_order(const BacklogChange *changes, size_t count, uint64_t seed)
{
	for (size_t i = 1; i < count; i++)
		if (changes[i].at < changes[i - 1].at &&
			(changes[i].kind != BACKLOG_SNOOZED || changes[i - 1].kind == BACKLOG_UNSNOOZED))
			fail_msg("seed %llu: change %zu is before the one before it", (unsigned long long) seed, i);
}

static void
check_random_spans(uint64_t seed)
{
	uint64_t	random = seed;
	Span		unresolved[MOST_SPANS];
	Span		snoozed[MOST_SPANS];
	size_t		unresolved_count = random_spans(unresolved, &random);
	size_t		snoozed_count = random_spans(snoozed, &random);
	int64_t		late_from = next_random(&random) % 4 == 0 ? BACKLOG_NEVER_LATE : (int64_t) (next_random(&random) % 90);
	BacklogChange changes[MOST_CHANGES];
	size_t		count = backlog_changes(unresolved, unresolved_count, snoozed, snoozed_count, late_from, changes);

	assert_uint_in_range(count, 0, backlog_most_changes(unresolved_count, snoozed_count));
	check_order(changes, count, seed);
	for (int64_t time = 0; time < 100; time++)
	{
		int			by_kind[BACKLOG_CHANGE_KINDS];
		bool		in_backlog = is_within(unresolved, unresolved_count, time);

		for (BacklogChangeKind kind = 0; kind < BACKLOG_CHANGE_KINDS; kind++)
			by_kind[kind] = count_until(changes, count, kind, time);
		if (by_kind[BACKLOG_OPENED] + by_kind[BACKLOG_REOPENED] - by_kind[BACKLOG_CLOSED] != in_backlog)
			fail_msg("seed %llu: wrong in the backlog at %lld", (unsigned long long) seed, (long long) time);
		if (by_kind[BACKLOG_SNOOZED] - by_kind[BACKLOG_UNSNOOZED] != is_within(snoozed, snoozed_count, time))
			fail_msg("seed %llu: wrong as snoozed at %lld", (unsigned long long) seed, (long long) time);
		if (by_kind[BACKLOG_LATE] - by_kind[BACKLOG_LATE_CLOSED] != (in_backlog && time >= late_from))
			fail_msg("seed %llu: wrong as late at %lld", (unsigned long long) seed, (long long) time);
		assert_uint_in_range(by_kind[BACKLOG_OPENED], 0, 1);
	}
}

static void
test_random_spans(void **state)
{
	(void) state;
	for_each_seed(5000, check_random_spans);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_drawing),
		cmocka_unit_test(test_running_spans_have_no_end),
		cmocka_unit_test(test_late_only_from_its_instant_on),
		cmocka_unit_test(test_empty_span),
		cmocka_unit_test(test_no_spans),
		cmocka_unit_test(test_random_spans),
	};

	return cmocka_run_group_tests_name("backlog", tests, NULL, NULL);
}
