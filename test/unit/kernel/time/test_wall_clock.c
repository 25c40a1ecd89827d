/*
 * test_wall_clock.c
 *	  Business is open at an instant if the clocks show an open time then, whatever the
 *	  clocks do.
 */
#include "unit.h"

#include "kernel/time/wall_clock.h"

/* Everything happens at multiples of this, so that one check in each is enough. */
#define STEP			(30 * 60 * MICROSECONDS_PER_SECOND)
#define STEPS_PER_DAY	48

#define FROM_DAY		9491
#define MOST_SPANS		1000

static bool
is_within(const Span *spans, size_t count, int64_t time)
{
	for (size_t i = 0; i < count; i++)
		if (spans[i].start <= time && time < spans[i].end)
			return true;
	return false;
}

static int64_t
ahead_at(const Stretch *stretches, size_t count, int64_t instant)
{
	while (count > 1 && stretches[count - 1].start > instant)
		count--;
	return stretches[count - 1].ahead;
}

static void
check_shape(const Span *spans, size_t count, uint64_t seed)
{
	for (size_t i = 0; i < count; i++)
		if (spans[i].start >= spans[i].end || (i > 0 && spans[i - 1].end >= spans[i].start))
			fail_msg("seed %llu: span %zu is empty or touches the one before", (unsigned long long) seed, i);
}

/* Random hours without overlap: gaps and openings take turns. */
static void
write_random_hours(char *text, uint64_t *random)
{
	static const char *const names[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
	int			time = 0;

	*text = '\0';
	for (int day = 0; day < 7; day++)
	{
		while (time < STEPS_PER_DAY)
		{
			int			start = time + next_random(random) % 20;
			int			end = start + 1 + next_random(random) % 30;

			/* The last night must end before the week begins again. */
			if (day == 6 && end > STEPS_PER_DAY)
				end = STEPS_PER_DAY;
			time = end;
			if (start < STEPS_PER_DAY)
				sprintf(text + strlen(text), "%s %d:%02d-%d:%02d;", names[day], start / 2, start % 2 * 30,
						end == STEPS_PER_DAY ? 24 : end / 2 % 24, end % 2 * 30);
		}
		time -= STEPS_PER_DAY;
	}
}

/* True if a time on the clock is within an opening of its day or of the day before. */
static bool
is_open_on_the_clock(const WeeklyHours *hours, int64_t step)
{
	int32_t		day = step / STEPS_PER_DAY;
	int32_t		seconds = step % STEPS_PER_DAY * 30 * 60;

	for (int i = 0; i < 2; i++)
	{
		const DayHours *today = weekly_hours_of_day(hours, day - i);

		for (size_t j = 0; j < today->count; j++)
			if (today->openings[j].start <= seconds + i * SECONDS_PER_DAY &&
				seconds + i * SECONDS_PER_DAY < today->openings[j].end)
				return true;
	}
	return false;
}

static void
check_random_clocks(uint64_t seed)
{
	uint64_t	random = seed;
	int			days = next_random(&random) % 20;
	size_t		nstretches = 1 + next_random(&random) % 6;
	int64_t		first = (FROM_DAY - 8) * MICROSECONDS_PER_DAY;
	int64_t		last = (FROM_DAY + days + 8) * MICROSECONDS_PER_DAY;
	char		weekly[3000];
	const char *exceptions = seed % 2 ? "2025-12-28; 2025-12-30..2025-12-31" : "";
	Stretch		stretches[7];
	static Span openings[MOST_SPANS];
	static Span spans[MOST_SPANS];
	size_t		nopenings;
	size_t		count;
	size_t		most;
	Held		held;
	Host		host = counting_host(&held);
	WeeklyHours hours;
	HoursError	error;

	write_random_hours(weekly, &random);
	if (!weekly_hours_read(&hours, weekly, strlen(weekly), exceptions, strlen(exceptions), &error, &host))
		fail_msg("seed %llu: refused: %s", (unsigned long long) seed, weekly);

	for (size_t i = 0; i < nstretches; i++)
	{
		stretches[i].start = i == 0 ? first : stretches[i - 1].start + (1 + next_random(&random) % 300) * STEP;
		stretches[i].ahead = ((int64_t) (next_random(&random) % 100) - 50) * STEP;
	}
	while (nstretches > 1 && stretches[nstretches - 1].start >= last)
		nstretches--;
	stretches[nstretches].start = last;

	most = openings_on_the_clock(&hours, FROM_DAY, FROM_DAY + days, NULL);
	nopenings = openings_on_the_clock(&hours, FROM_DAY, FROM_DAY + days, openings);
	assert_uint_in_range(nopenings, 0, most);
	check_shape(openings, nopenings, seed);
	most = openings_in_time(openings, nopenings, stretches, nstretches, NULL);
	assert_uint_in_range(most, 0, MOST_SPANS);
	count = openings_in_time(openings, nopenings, stretches, nstretches, spans);
	assert_uint_in_range(count, 0, most);
	check_shape(spans, count, seed);

	for (int64_t instant = first; instant < last; instant += STEP)
	{
		int64_t		step = (instant + ahead_at(stretches, nstretches, instant)) / STEP;
		bool		expected = step >= FROM_DAY * STEPS_PER_DAY && step < (FROM_DAY + days) * STEPS_PER_DAY &&
			is_open_on_the_clock(&hours, step);

		if (is_within(spans, count, instant) != expected)
			fail_msg("seed %llu: wrong at step %lld of %s", (unsigned long long) seed, (long long) step, weekly);
	}
	weekly_hours_clear(&hours, &host);
}

static void
test_random_clocks(void **state)
{
	(void) state;
	for_each_seed(3000, check_random_clocks);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_clocks),
	};

	return cmocka_run_group_tests_name("wall_clock", tests, NULL, NULL);
}
