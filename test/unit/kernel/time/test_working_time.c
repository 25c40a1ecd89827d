/*
 * test_working_time.c
 *	  Working time up to an instant, and the instant at which it reaches a target, are
 *	  those of counting one by one.
 */
#include "unit.h"

#include "kernel/time/working_time.h"

#define END_OF_TIME		300

typedef struct Counted
{
	bool		is_working[END_OF_TIME];
	uint64_t	until[END_OF_TIME + 1];
} Counted;

/* Random openings, among them ones that touch and ones of no length. */
static void
fill(WorkingTime *calendar, Counted *counted, size_t most, uint64_t *random, const Host *host)
{
	int64_t		time = next_random(random) % 20;

	memset(counted, 0, sizeof(*counted));
	working_time_init(calendar, most, host);
	for (size_t i = 0; i < most; i++)
	{
		Span		opening;

		opening.start = time + next_random(random) % 8;
		opening.end = time = opening.start + next_random(random) % 12;
		if (opening.end > END_OF_TIME)
			break;
		working_time_add(calendar, opening);
		for (int64_t instant = opening.start; instant < opening.end; instant++)
			counted->is_working[instant] = true;
	}
	for (int64_t instant = 0; instant < END_OF_TIME; instant++)
		counted->until[instant + 1] = counted->until[instant] + counted->is_working[instant];
}

static void
check_reach(const WorkingTime *calendar, const Counted *counted, int64_t start, uint64_t target, uint64_t seed)
{
	int64_t		expected = start;
	int64_t		found;
	bool		is_found = working_time_reach(calendar, start, target, &found);

	while (expected <= END_OF_TIME && counted->until[expected] - counted->until[start] < target)
		expected++;
	if (is_found != (expected <= END_OF_TIME) || (is_found && found != expected))
		fail_msg("seed %llu: %llu from %lld is reached at %lld, not %lld", (unsigned long long) seed,
				 (unsigned long long) target, (long long) start, is_found ? (long long) found : -1,
				 expected <= END_OF_TIME ? (long long) expected : -1);
}

static void
check_random_openings(uint64_t seed)
{
	uint64_t	random = seed;
	Held		held;
	Host		host = counting_host(&held);
	WorkingTime calendar;
	Counted		counted;

	fill(&calendar, &counted, seed % 40, &random, &host);
	assert_int_equal(working_time_until(&calendar, -1), 0);
	assert_int_equal(working_time_until(&calendar, INT64_MIN), 0);
	assert_int_equal(working_time_until(&calendar, INT64_MAX), counted.until[END_OF_TIME]);
	for (int64_t instant = 0; instant <= END_OF_TIME; instant++)
		if (working_time_until(&calendar, instant) != counted.until[instant])
			fail_msg("seed %llu: wrong at %lld", (unsigned long long) seed, (long long) instant);

	for (int i = 0; i < 100; i++)
		check_reach(&calendar, &counted, next_random(&random) % END_OF_TIME, next_random(&random) % 120, seed);
	for (uint64_t target = 0; target <= counted.until[END_OF_TIME] + 1; target++)
		check_reach(&calendar, &counted, 0, target, seed);

	working_time_clear(&calendar, &host);
	assert_int_equal(held.pieces, 0);
}

static void
test_random_openings(void **state)
{
	(void) state;
	for_each_seed(1000, check_random_openings);
}

static void
test_extent(void **state)
{
	Held		held;
	Host		host = counting_host(&held);
	WorkingTime calendar;

	(void) state;
	working_time_init(&calendar, 2, &host);
	assert_int_equal(span_length(working_time_extent(&calendar)), 0);
	working_time_add(&calendar, (Span) {-5, 10});
	assert_int_equal(working_time_extent(&calendar).start, -5);
	assert_int_equal(working_time_extent(&calendar).end, 10);
	working_time_add(&calendar, (Span) {20, 21});
	assert_int_equal(working_time_extent(&calendar).end, 21);
	working_time_clear(&calendar, &host);
}

/* PostgreSQL's first and last timestamps are further apart than 2^63 microseconds. */
static void
test_always_open(void **state)
{
	static const Span all = {INT64_C(-211813488000000000), INT64_C(9223371331200000000)};
	Held		held;
	Host		host = counting_host(&held);
	WorkingTime calendar;
	int64_t		instant;

	(void) state;
	working_time_init(&calendar, 1, &host);
	working_time_add(&calendar, all);
	assert_true(working_time_until(&calendar, all.end) == UINT64_C(9435184819200000000));
	assert_true(working_time_extent(&calendar).end == all.end);
	assert_true(working_time_reach(&calendar, all.start, UINT64_C(9435184819200000000), &instant));
	assert_true(instant == all.end);
	assert_false(working_time_reach(&calendar, all.start, UINT64_C(9435184819200000001), &instant));
	assert_false(working_time_reach(&calendar, all.end, UINT64_MAX, &instant));
	working_time_clear(&calendar, &host);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_openings),
		cmocka_unit_test(test_extent),
		cmocka_unit_test(test_always_open),
	};

	return cmocka_run_group_tests_name("working_time", tests, NULL, NULL);
}
