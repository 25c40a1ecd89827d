/*
 * weekly_hours.c
 *	  Business hours of each day, read from text.
 *
 * There are two texts, the hours of the week and the days on which they do not hold:
 *
 *	  weekly      mon-thu 09:00-12:00, 13:00-17:30; fri,sat 22:00-06:00
 *	  exceptions  2025-12-25; 2025-12-24 09:00-12:00; 2025-12-27..2025-12-31
 *
 *	  texts       part (";" part)*
 *	  part        (days | dates) hours		hours of dates may be left out: then nothing opens
 *	  days        range ("," range)*		range: mon, or mon-fri, or fri-mon
 *	  dates       2025-12-25, or 2025-12-27..2025-12-31
 *	  hours       time "-" time ("," time "-" time)*
 *
 * White space may stand between any two of these; a part may be empty.  An opening
 * belongs to the day on which it begins, also where it goes on after midnight: one
 * that does not end after it begins ends on the next day.
 *
 * Openings must not overlap.  Those of one day are checked when they have been read.  At
 * the end each day of the week is checked against the next one, and so are the days around
 * exceptions.  That is enough, because no opening is longer than a day.
 */
#include <stdlib.h>
#include <string.h>

#include "kernel/time/hours_reader.h"

/* "0:00-1:00" and "2025-12-25". */
#define SHORTEST_OPENING	9
#define SHORTEST_DATE		10

/* ----------------------------------------------------------------------
 * Hours
 * ----------------------------------------------------------------------
 */

static bool
read_opening(HoursReader *reader, Opening *opening)
{
	size_t		start;

	is_at_end(reader);
	start = reader->position;
	if (!read_time(reader, false, &opening->start))
		return false;
	if (!accept_symbol(reader, "-"))
		return hours_fail_here(reader, NO_END_OF_OPENING);
	if (!read_time(reader, true, &opening->end))
		return false;
	if (opening->end <= opening->start)
		opening->end += SECONDS_PER_DAY;
	opening->place = place_since(reader, start);
	return true;
}

/* There must be room. */
static void
add_opening(DayHours *hours, const Opening *opening)
{
	hours->openings[hours->count++] = *opening;
}

static int
compare_openings(const void *left, const void *right)
{
	const Opening *a = left;
	const Opening *b = right;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return a->place.offset < b->place.offset ? -1 : a->place.offset > b->place.offset;
}

static bool
fail_overlap(HoursError *error, const Opening *earlier, const Opening *later)
{
	return hours_fail(error, OPENINGS_OVERLAP, later->place, earlier->place);
}

static bool
sort_day(DayHours *hours, HoursError *error)
{
	if (hours->count > 1)
		qsort(hours->openings, hours->count, sizeof(Opening), compare_openings);
	for (size_t i = 1; i < hours->count; i++)
		if (hours->openings[i].start < hours->openings[i - 1].end)
			return fail_overlap(error, &hours->openings[i - 1], &hours->openings[i]);
	return true;
}

static bool
read_end_of_part(HoursReader *reader)
{
	return is_at_end(reader) || accept_symbol(reader, ";") || hours_fail_here(reader, NO_END_OF_PART);
}

/* ----------------------------------------------------------------------
 * The week
 * ----------------------------------------------------------------------
 */

static bool
read_weekdays(HoursReader *reader, bool *chosen)
{
	do
	{
		size_t		start;
		int			weekday;
		int			last;

		is_at_end(reader);
		start = reader->position;
		if (!read_weekday(reader, &weekday))
			return false;
		last = weekday;
		if (accept_symbol(reader, "-") && !read_weekday(reader, &last))
			return false;

		for (;; weekday = (weekday + 1) % 7)
		{
			if (chosen[weekday])
				return hours_fail(reader->error, DAY_TWICE, place_since(reader, start), place_since(reader, start));
			chosen[weekday] = true;
			if (weekday == last)
				break;
		}
	} while (accept_symbol(reader, ","));
	return true;
}

static bool
read_weekly_part(HoursReader *reader, WeeklyHours *hours)
{
	bool		chosen[7] = {false};

	if (!read_weekdays(reader, chosen))
		return false;
	do
	{
		Opening		opening;

		if (!read_opening(reader, &opening))
			return false;
		for (int weekday = 0; weekday < 7; weekday++)
			if (chosen[weekday])
				add_opening(&hours->weekdays[weekday], &opening);
	} while (accept_symbol(reader, ","));
	return read_end_of_part(reader);
}

static bool
read_weekly(HoursReader *reader, WeeklyHours *hours)
{
	while (!is_at_end(reader))
		if (!accept_symbol(reader, ";") && !read_weekly_part(reader, hours))
			return false;
	for (int weekday = 0; weekday < 7; weekday++)
		if (!sort_day(&hours->weekdays[weekday], reader->error))
			return false;
	return true;
}

/* ----------------------------------------------------------------------
 * Exceptions
 * ----------------------------------------------------------------------
 */

static bool
read_exception(HoursReader *reader, DayException *exception)
{
	size_t		start;

	is_at_end(reader);
	start = reader->position;
	if (!read_date(reader, &exception->first))
		return false;
	exception->last = exception->first;
	if (accept_symbol(reader, "..") && !read_date(reader, &exception->last))
		return false;
	exception->place = place_since(reader, start);
	if (exception->last < exception->first)
		return hours_fail(reader->error, DATES_BACKWARDS, exception->place, exception->place);

	if (is_at_end(reader) || accept_symbol(reader, ";"))
		return true;
	do
	{
		Opening		opening;

		if (!read_opening(reader, &opening))
			return false;
		add_opening(&exception->hours, &opening);
	} while (accept_symbol(reader, ","));
	return sort_day(&exception->hours, reader->error) && read_end_of_part(reader);
}

/* Exceptions of the same day keep the order of the text. */
static int
compare_exceptions(const void *left, const void *right)
{
	const DayException *a = left;
	const DayException *b = right;

	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	return a->place.offset < b->place.offset ? -1 : a->place.offset > b->place.offset;
}

/* The openings of all exceptions lie in room, one after the other. */
static bool
read_exceptions(HoursReader *reader, WeeklyHours *hours, Opening *room)
{
	while (!is_at_end(reader))
	{
		DayException *exception = &hours->exceptions[hours->nexceptions];

		if (accept_symbol(reader, ";"))
			continue;
		exception->hours = (DayHours) {room, 0};
		if (!read_exception(reader, exception))
			return false;
		room += exception->hours.count;
		hours->nexceptions++;
	}

	if (hours->nexceptions > 0)
		qsort(hours->exceptions, hours->nexceptions, sizeof(DayException), compare_exceptions);
	for (size_t i = 1; i < hours->nexceptions; i++)
		if (hours->exceptions[i].first <= hours->exceptions[i - 1].last)
			return hours_fail(reader->error, DAY_TWICE, hours->exceptions[i].place, hours->exceptions[i - 1].place);
	return true;
}

/* ----------------------------------------------------------------------
 * Both
 * ----------------------------------------------------------------------
 */

/* 2000-01-01 was a Saturday. */
static int
weekday_of_day(int32_t day)
{
	int			weekday = (day + 5) % 7;

	return weekday < 0 ? weekday + 7 : weekday;
}

const DayHours *
weekly_hours_of_day(const WeeklyHours *hours, int32_t day)
{
	size_t		low = 0;
	size_t		high = hours->nexceptions;

	while (low < high)
	{
		size_t		middle = (low + high) / 2;

		if (hours->exceptions[middle].last < day)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < hours->nexceptions && hours->exceptions[low].first <= day)
		return &hours->exceptions[low].hours;
	return &hours->weekdays[weekday_of_day(day)];
}

/* True if the last opening of a day ends before the first one of the next day begins. */
static bool
check_night(const DayHours *day, const DayHours *next, HoursError *error)
{
	if (day->count == 0 || next->count == 0 ||
		day->openings[day->count - 1].end - SECONDS_PER_DAY <= next->openings[0].start)
		return true;
	return fail_overlap(error, &day->openings[day->count - 1], &next->openings[0]);
}

static bool
check_night_after(const WeeklyHours *hours, int32_t day, HoursError *error)
{
	return check_night(weekly_hours_of_day(hours, day), weekly_hours_of_day(hours, day + 1), error);
}

static bool
check_nights(const WeeklyHours *hours, HoursError *error)
{
	for (int weekday = 0; weekday < 7; weekday++)
		if (!check_night(&hours->weekdays[weekday], &hours->weekdays[(weekday + 1) % 7], error))
			return false;
	for (size_t i = 0; i < hours->nexceptions; i++)
	{
		const DayException *exception = &hours->exceptions[i];

		/* Within several days of the same hours all nights are alike. */
		if (!check_night_after(hours, exception->first - 1, error) ||
			!check_night_after(hours, exception->first, error) || !check_night_after(hours, exception->last, error))
			return false;
	}
	return true;
}

bool
weekly_hours_read(WeeklyHours *hours, const char *weekly, size_t weekly_length, const char *exceptions,
				  size_t exceptions_length, HoursError *error, const Host *host)
{
	HoursReader weekly_reader = {weekly, weekly_length, 0, false, error};
	HoursReader exceptions_reader = {exceptions, exceptions_length, 0, true, error};
	size_t		of_weekday = weekly_length / SHORTEST_OPENING + 1;
	size_t		of_exceptions = exceptions_length / SHORTEST_OPENING + 1;
	size_t		most_exceptions = exceptions_length / SHORTEST_DATE + 1;
	Opening    *openings;

	hours->memory = host->allocate(host->context, most_exceptions * sizeof(DayException) +
								   (7 * of_weekday + of_exceptions) * sizeof(Opening));
	hours->exceptions = hours->memory;
	hours->nexceptions = 0;
	openings = (Opening *) (hours->exceptions + most_exceptions);
	for (int weekday = 0; weekday < 7; weekday++)
		hours->weekdays[weekday] = (DayHours) {openings + weekday * of_weekday, 0};

	if (read_weekly(&weekly_reader, hours) &&
		read_exceptions(&exceptions_reader, hours, openings + 7 * of_weekday) && check_nights(hours, error))
		return true;
	weekly_hours_clear(hours, host);
	return false;
}

void
weekly_hours_clear(WeeklyHours *hours, const Host *host)
{
	host->release(host->context, hours->memory);
	memset(hours, 0, sizeof(*hours));
}
