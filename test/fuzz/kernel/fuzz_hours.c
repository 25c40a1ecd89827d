/*
 * fuzz_hours.c
 *	  Weekly hours and exceptions: the two texts, with a byte 0 between them.
 *
 * What was read is in order, and lies in the texts.  The clocks of a zone that jumps about
 * show it as ascending spans.
 */
#include "kernel.h"
#include "kernel/time/wall_clock.h"

typedef struct Texts
{
	size_t		weekly_length;
	size_t		exceptions_length;
} Texts;

static void
require_place(Place place, Texts texts)
{
	size_t		length = place.in_exceptions ? texts.exceptions_length : texts.weekly_length;

	require((size_t) place.offset + place.length <= length);
}

static void
require_hours(const DayHours *hours, Texts texts)
{
	for (size_t i = 0; i < hours->count; i++)
	{
		const Opening *opening = &hours->openings[i];

		require(opening->start >= 0 && opening->start < SECONDS_PER_DAY);
		require(opening->end > opening->start && opening->end <= opening->start + SECONDS_PER_DAY);
		require(i == 0 || hours->openings[i - 1].end <= opening->start);
		require_place(opening->place, texts);
	}
}

static void
require_ascending(const Span *spans, size_t count, size_t most)
{
	require(count <= most);
	for (size_t i = 0; i < count; i++)
		require(spans[i].start < spans[i].end && (i == 0 || spans[i - 1].end < spans[i].start));
}

/* Six weeks from a day on. */
static void
require_clock(const WeeklyHours *hours, int32_t day)
{
	static const int64_t ahead[] = {0, 3600, -3600, 86400, 1800, 0};
	Stretch		stretches[7];
	int32_t		end = day + 42;
	size_t		most = openings_on_the_clock(hours, day, end, NULL);
	Span	   *openings = malloc((most + 1) * sizeof(Span));
	size_t		count = openings_on_the_clock(hours, day, end, openings);
	Span	   *spans;

	require_ascending(openings, count, most);
	for (int i = 0; i < 7; i++)
		stretches[i] = (Stretch) {(day + 7 * i) * MICROSECONDS_PER_DAY, i < 6 ? ahead[i] * MICROSECONDS_PER_SECOND : 0};
	most = openings_in_time(openings, count, stretches, 6, NULL);
	spans = malloc((most + 1) * sizeof(Span));
	require_ascending(spans, openings_in_time(openings, count, stretches, 6, spans), most);
	free(spans);
	free(openings);
}

static void
require_all(const WeeklyHours *hours, Texts texts)
{
	for (int weekday = 0; weekday < 7; weekday++)
		require_hours(&hours->weekdays[weekday], texts);
	for (size_t i = 0; i < hours->nexceptions; i++)
	{
		const DayException *exception = &hours->exceptions[i];

		require(exception->first <= exception->last);
		require(i == 0 || hours->exceptions[i - 1].last < exception->first);
		require_hours(&exception->hours, texts);
		require_place(exception->place, texts);
		require(weekly_hours_of_day(hours, exception->first) == &exception->hours);
		require(weekly_hours_of_day(hours, exception->last) == &exception->hours);
	}
	require_clock(hours, hours->nexceptions > 0 ? hours->exceptions[0].first - 7 : 0);
}

/* In memory of exactly its size, so that the sanitizer sees every access beyond it. */
static char *
copy_of(const uint8_t *bytes, size_t size)
{
	char	   *copy = malloc(size);

	memcpy(copy, bytes, size);
	return copy;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const uint8_t *nul = size > 0 ? memchr(bytes, '\0', size) : NULL;
	size_t		weekly_length = nul != NULL ? (size_t) (nul - bytes) : size;
	size_t		exceptions_length = nul != NULL ? size - weekly_length - 1 : 0;
	Texts		texts = {weekly_length, exceptions_length};
	char	   *weekly = copy_of(bytes, weekly_length);
	char	   *exceptions = copy_of(bytes + size - exceptions_length, exceptions_length);
	size_t		pieces;
	Host		host = fuzz_host(&pieces);
	WeeklyHours hours;
	HoursError	error = {0};

	if (weekly_hours_read(&hours, weekly, weekly_length, exceptions, exceptions_length, &error, &host))
	{
		require_all(&hours, texts);
		weekly_hours_clear(&hours, &host);
	}
	else
	{
		require_place(error.place, texts);
		require_place(error.other, texts);
	}
	require(pieces == 0);
	free(weekly);
	free(exceptions);
	return 0;
}
