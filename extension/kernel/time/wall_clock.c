/*
 * wall_clock.c
 *	  What the clocks of a time zone show, and when.
 *
 * Business is open at an instant if the clocks show a time within an opening then.  A
 * time zone is a sequence of stretches in which its clocks are ahead of UTC by the
 * same amount, so each stretch shows a piece of the time on the clock, shifted:
 *
 *	  instants             |--- +1 h ---|------ +2 h ------|--- +1 h ---|
 *
 *	  on the clock         |------------|
 *	                             skipped -> |------------------|
 *	                                         shown twice -> |------------|
 *	  openings                [===)    [===)     [===)       [===)
 *
 * Openings are cut to what a stretch shows and shifted back.  So an hour that clocks skip
 * is open in no stretch, and an hour that they show twice is open in both.  A skipped day,
 * a change by half an hour, and a business that is always open need no case of their own.
 */
#include "kernel/time/wall_clock.h"

/* Appends to ascending spans, or only counts if spans is NULL.  A span that touches the last one joins it. */
static size_t
append_span(Span *spans, size_t count, int64_t start, int64_t end)
{
	if (start >= end)
		return count;
	if (spans == NULL)
		return count + 1;
	if (count > 0 && spans[count - 1].end == start)
	{
		spans[count - 1].end = end;
		return count;
	}
	spans[count] = (Span) {start, end};
	return count + 1;
}

static int64_t
earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t
later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

size_t
openings_on_the_clock(const WeeklyHours *hours, int32_t from_day, int32_t to_day, Span *openings)
{
	int64_t		from = from_day * MICROSECONDS_PER_DAY;
	int64_t		to = to_day * MICROSECONDS_PER_DAY;
	size_t		count = 0;

	/* Begins a day early, because openings may go on after midnight. */
	for (int32_t day = from_day - 1; day < to_day; day++)
	{
		const DayHours *today = weekly_hours_of_day(hours, day);
		int64_t		midnight = day * MICROSECONDS_PER_DAY;

		for (size_t i = 0; i < today->count; i++)
			count = append_span(openings, count,
								later(from, midnight + today->openings[i].start * MICROSECONDS_PER_SECOND),
								earlier(to, midnight + today->openings[i].end * MICROSECONDS_PER_SECOND));
	}
	return count;
}

/* The first opening that ends after this time. */
static size_t
first_ending_after(const Span *openings, size_t count, int64_t time)
{
	size_t		low = 0;
	size_t		high = count;

	while (low < high)
	{
		size_t		middle = (low + high) / 2;

		if (openings[middle].end <= time)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t
openings_in_time(const Span *openings, size_t count, const Stretch *stretches, size_t nstretches, Span *spans)
{
	size_t		nspans = 0;

	for (size_t i = 0; i < nstretches; i++)
	{
		int64_t		ahead = stretches[i].ahead;
		int64_t		start = stretches[i].start + ahead;
		int64_t		end = stretches[i + 1].start + ahead;

		for (size_t j = first_ending_after(openings, count, start); j < count && openings[j].start < end; j++)
			nspans = append_span(spans, nspans, later(start, openings[j].start) - ahead,
								 earlier(end, openings[j].end) - ahead);
	}
	return nspans;
}
