/*
 * test_timeline.c
 *	  A timeline is open from an event that opens it to the next one that does not, in
 *	  whatever order they came.
 */
#include "unit.h"

#include "kernel/time/timeline.h"

typedef struct Given
{
	int64_t		time;
	bool		open;
} Given;

/* By the definition: the state of the last event that is not after this time. */
static bool
is_open_at(const Given *events, size_t count, int64_t time)
{
	const Given *holds = NULL;

	for (size_t i = 0; i < count; i++)
		if (events[i].time <= time && (holds == NULL || events[i].time >= holds->time))
			holds = &events[i];
	return holds != NULL && holds->open;
}

static bool
is_within(const Span *spans, size_t count, int64_t time)
{
	for (size_t i = 0; i < count; i++)
		if (spans[i].start <= time && time < spans[i].end)
			return true;
	return false;
}

static Timeline *
timeline_of(const Given *events, size_t count, const Host *host)
{
	Timeline   *timeline = timeline_create(host);

	for (size_t i = 0; i < count; i++)
		timeline = timeline_add(timeline, events[i].time, events[i].open, host);
	return timeline;
}

static void
check_shape(const Span *spans, size_t count, uint64_t seed)
{
	for (size_t i = 0; i < count; i++)
	{
		if (spans[i].start >= spans[i].end)
			fail_msg("seed %llu: span %zu is empty", (unsigned long long) seed, i);
		if (i > 0 && spans[i - 1].end >= spans[i].start)
			fail_msg("seed %llu: spans %zu and %zu touch", (unsigned long long) seed, i - 1, i);
	}
}

static void
check_random_events(uint64_t seed)
{
	uint64_t	random = seed;
	size_t		count = next_random(&random) % (seed % 10 == 0 ? 300 : 12);
	int64_t		times = 1 + next_random(&random) % 40;
	Given		events[300];
	Span		spans[151];
	Held		held;
	Host		host = counting_host(&held);
	Timeline   *timeline;
	size_t		nspans;

	for (size_t i = 0; i < count; i++)
		events[i] = (Given) {next_random(&random) % times, next_random(&random) % 2};
	timeline = timeline_of(events, count, &host);
	timeline_sort(timeline, &host);
	assert_uint_in_range(timeline_most_spans(timeline), 0, 151);
	nspans = timeline_fold(timeline, spans);

	assert_uint_in_range(nspans, 0, timeline_most_spans(timeline));
	check_shape(spans, nspans, seed);
	for (int64_t time = -1; time <= times; time++)
		if (is_within(spans, nspans, time) != is_open_at(events, count, time))
			fail_msg("seed %llu: wrong at %lld", (unsigned long long) seed, (long long) time);

	host.release(host.context, timeline);
	assert_int_equal(held.pieces, 0);
}

static void
test_random_events(void **state)
{
	(void) state;
	for_each_seed(5000, check_random_events);
}

/* An aggregate over a growing window folds after each event. */
static void
check_events_after_sorting(uint64_t seed)
{
	uint64_t	random = seed;
	Given		events[60];
	Span		spans[31];
	Held		held;
	Host		host = counting_host(&held);
	Timeline   *timeline = timeline_create(&host);

	for (size_t i = 0; i < 60; i++)
	{
		size_t		nspans;

		events[i] = (Given) {next_random(&random) % 30, next_random(&random) % 2};
		timeline = timeline_add(timeline, events[i].time, events[i].open, &host);
		timeline_sort(timeline, &host);
		nspans = timeline_fold(timeline, spans);
		check_shape(spans, nspans, seed);
		for (int64_t time = 0; time < 30; time++)
			if (is_within(spans, nspans, time) != is_open_at(events, i + 1, time))
				fail_msg("seed %llu: wrong at %lld after %zu", (unsigned long long) seed, (long long) time, i + 1);
	}
	host.release(host.context, timeline);
}

static void
test_events_after_sorting(void **state)
{
	(void) state;
	for_each_seed(100, check_events_after_sorting);
}

/* Enough for several merges, with few times, so that an unstable sort would be noticed. */
static void
test_many_events_keep_their_order(void **state)
{
	enum {EVENTS = 100001, TIMES = 1000};
	static bool last[TIMES];
	uint64_t	random = 7;
	Held		held;
	Host		host = counting_host(&held);
	Timeline   *timeline = timeline_create(&host);
	Span	   *spans;
	size_t		nspans;

	(void) state;
	for (size_t i = 0; i < EVENTS; i++)
	{
		size_t		time = next_random(&random) % TIMES;

		last[time] = next_random(&random) % 2;
		timeline = timeline_add(timeline, time, last[time], &host);
	}
	timeline_sort(timeline, &host);
	assert_int_equal(held.pieces, 1);

	spans = malloc(timeline_most_spans(timeline) * sizeof(Span));
	nspans = timeline_fold(timeline, spans);
	check_shape(spans, nspans, 7);
	for (int64_t time = 0; time < TIMES; time++)
		assert_int_equal(is_within(spans, nspans, time), last[time]);
	free(spans);
	host.release(host.context, timeline);
}

static void
test_ordered_events_are_not_sorted(void **state)
{
	static const Given ordered[] = {{1, true}, {2, false}, {2, true}, {2, true}, {9, false}};
	Held		held;
	Host		host = counting_host(&held);
	Timeline   *timeline = timeline_of(ordered, 5, &host);

	(void) state;
	assert_true(timeline->sorted);
	held.most_bytes = 0;
	timeline_sort(timeline, &host);
	assert_int_equal(held.most_bytes, 0);

	timeline = timeline_add(timeline, 8, true, &host);
	assert_false(timeline->sorted);
	host.release(host.context, timeline);
}

static void
test_five_events_take_64_bytes(void **state)
{
	static const Given five[] = {{1, true}, {2, false}, {3, true}, {4, false}, {5, true}};
	Held		held;
	Host		host = counting_host(&held);
	Timeline   *timeline = timeline_of(five, 5, &host);

	(void) state;
	assert_int_equal(held.most_bytes, 64);
	timeline = timeline_add(timeline, 6, false, &host);
	assert_int_equal(held.bytes, 128);
	host.release(host.context, timeline);
}

/* PostgreSQL's first and last timestamps are further apart than 2^63 microseconds. */
static void
test_whole_range_of_time(void **state)
{
	static const Given ends[] = {{INT64_C(9223371331199999999), false}, {INT64_C(-211813488000000000), true}};
	Held		held;
	Host		host = counting_host(&held);
	Timeline   *timeline = timeline_of(ends, 2, &host);
	Span		span;

	(void) state;
	timeline_sort(timeline, &host);
	assert_int_equal(timeline_fold(timeline, &span), 1);
	assert_true(span_length(span) == UINT64_C(9435184819199999999));
	host.release(host.context, timeline);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_events),
		cmocka_unit_test(test_events_after_sorting),
		cmocka_unit_test(test_many_events_keep_their_order),
		cmocka_unit_test(test_ordered_events_are_not_sorted),
		cmocka_unit_test(test_five_events_take_64_bytes),
		cmocka_unit_test(test_whole_range_of_time),
	};

	return cmocka_run_group_tests_name("timeline", tests, NULL, NULL);
}
