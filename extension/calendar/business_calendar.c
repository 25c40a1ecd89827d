/*
 * business_calendar.c
 *	  business_calendar(weekly, time_zone, from_day, to_day, exceptions): the time in
 *	  which business is open, as a multirange.
 *
 * An instant is working time if the clocks of the time zone show a time within an
 * opening then, on one of the days from from_day to the one before to_day:
 *
 *	  texts       -> openings of days        weekly_hours.c
 *	              -> openings on the clock   wall_clock.c
 *	  time zone   -> stretches               here
 *	              -> instants                wall_clock.c
 *
 * The clock is that of PostgreSQL, what AT TIME ZONE shows.  A zone is looked up by its
 * full name only, never among abbreviations: a setting defines those, and a calendar must
 * not depend on a setting.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/timestamp.h"

#include "backend.h"
#include "calendar/zone_stretch.h"
#include "compat.h"
#include "kernel/time/wall_clock.h"
#include "kernel/time/weekly_hours.h"
#include "multirange.h"

/* 147 years, or a multirange of 1.1 MB: nobody plans that far. */
#define MOST_DAYS		54000
#define MOST_OPENINGS	200000

/* Bytes.  Reading cannot be interrupted. */
#define MOST_TEXT		(1024 * 1024)

/* Clocks are less than a week away from UTC in any zone. */
#define DAYS_AROUND		8

/* ----------------------------------------------------------------------
 * Hours
 * ----------------------------------------------------------------------
 */

static const char *
name_of_text(Place place)
{
	return place.in_exceptions ? "exceptions" : "weekly hours";
}

/* The text at a place, as far as it fits into a line. */
static const char *
quote(Place place, text *weekly, text *exceptions)
{
	text	   *source = place.in_exceptions ? exceptions : weekly;
	const char *start = VARDATA_ANY(source) + place.offset;

	if (place.length == 0)
		return "the end";
	return psprintf("\"%s\"", pnstrdup(start, pg_mbcliplen(start, place.length, 60)));
}

/* In characters, counted from 1. */
static int
position(Place place, text *weekly, text *exceptions)
{
	return pg_mbstrlen_with_len(VARDATA_ANY(place.in_exceptions ? exceptions : weekly), place.offset) + 1;
}

static const char *
describe(HoursDefect defect)
{
	switch (defect)
	{
		case NOT_A_WEEKDAY:
			return "a day of the week should stand here";
		case NOT_A_TIME:
			return "a time of day should stand here";
		case NOT_A_DATE:
			return "a date should stand here";
		case NO_END_OF_OPENING:
			return "a hyphen and the end of the opening should stand here";
		case NO_END_OF_PART:
			return "a semicolon or the end should stand here";
		case DAY_TWICE:
			return "a day stands there twice";
		case DATES_BACKWARDS:
			return "the last day is before the first one";
		case OPENINGS_OVERLAP:
			return "two openings overlap";
	}
	return "they cannot be read";
}

static void
report(const HoursError *error, text *weekly, text *exceptions)
{
	Place		place = error->place;
	Place		other = error->other;
	bool		takes_two = other.offset != place.offset || other.in_exceptions != place.in_exceptions;

	ereport(ERROR,
			(errcode(error->defect == NOT_A_DATE ? ERRCODE_INVALID_DATETIME_FORMAT : ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s at %s: %s", name_of_text(place), quote(place, weekly, exceptions), describe(error->defect)),
			 takes_two ?
			 errdetail("It is character %d of the %s; the other one is %s, character %d of the %s.",
					   position(place, weekly, exceptions), name_of_text(place), quote(other, weekly, exceptions),
					   position(other, weekly, exceptions), name_of_text(other)) :
			 errdetail("It is character %d of the %s.", position(place, weekly, exceptions), name_of_text(place)),
			 place.in_exceptions ?
			 errhint("Write exceptions as in '2025-12-25; 2025-12-24 09:00-12:00; 2025-12-27..2025-12-31'.") :
			 errhint("Write weekly hours as in 'mon-thu 09:00-12:00, 13:00-17:30; fri,sat 22:00-06:00'.")));
}

static void
check_length(text *given, const char *name)
{
	if (VARSIZE_ANY_EXHDR(given) > MOST_TEXT)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%s are too long", name),
				 errdetail("They may have %d bytes.", MOST_TEXT)));
}

static WeeklyHours
read_hours(text *weekly, text *exceptions, const Host *host)
{
	WeeklyHours hours;
	HoursError	error;

	check_length(weekly, "weekly hours");
	check_length(exceptions, "exceptions");
	if (!weekly_hours_read(&hours, VARDATA_ANY(weekly), VARSIZE_ANY_EXHDR(weekly), VARDATA_ANY(exceptions),
						   VARSIZE_ANY_EXHDR(exceptions), &error, host))
		report(&error, weekly, exceptions);
	return hours;
}

/* ----------------------------------------------------------------------
 * Days
 * ----------------------------------------------------------------------
 */

static void
refuse_period(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
			 errmsg("calendar is out of the range of timestamps")));
}

static void
check_period(DateADT from_day, DateADT to_day)
{
	if (DATE_NOT_FINITE(from_day) || DATE_NOT_FINITE(to_day))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("calendar needs a first and a last day"),
				 errdetail("It lists every opening, so its period must be finite."),
				 errhint("Pass two dates, such as '2020-01-01' and '2035-01-01'.")));
	if (from_day > to_day)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("calendar ends before it begins"),
				 errdetail("from_day is the first day, and to_day is the one after the last day."),
				 errhint("Pass the earlier date first, as in '2025-01-01', '2026-01-01'.")));
	if (from_day < DATETIME_MIN_JULIAN - POSTGRES_EPOCH_JDATE + 2 * DAYS_AROUND ||
		to_day > TIMESTAMP_END_JULIAN - POSTGRES_EPOCH_JDATE - 2 * DAYS_AROUND)
		refuse_period();
	if (to_day - from_day > MOST_DAYS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("calendar has too many days"),
				 errdetail("It has %d days and may have %d.", to_day - from_day, MOST_DAYS),
				 errhint("Pass a shorter period, such as '2020-01-01' to '2035-01-01'.")));
}

static void
check_openings(size_t count)
{
	if (count > MOST_OPENINGS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("calendar has too many openings"),
				 errdetail("It has %zu openings and may have %d.", count, MOST_OPENINGS),
				 errhint("Pass a shorter period, or fewer openings a day.")));
}

/* ----------------------------------------------------------------------
 * Time zone
 * ----------------------------------------------------------------------
 */

static pg_tz *
find_time_zone(text *name)
{
	char	   *spelled = text_to_cstring(name);
	pg_tz	   *zone = strlen(spelled) > TZ_STRLEN_MAX ? NULL : pg_tzset(spelled);

	if (zone == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("time zone \"%s\" not recognized", spelled),
				 errhint("Pass the full name of a zone, such as 'Europe/Berlin'; the view pg_timezone_names lists them.")));
	if (!pg_tz_acceptable(zone))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("time zone \"%s\" appears to use leap seconds", spelled),
				 errdetail("PostgreSQL does not support leap seconds."),
				 errhint("Pass the zone without them, such as 'Europe/Berlin'.")));
	return zone;
}

static int64
instant_of_second(pg_time_t second)
{
	return (second - SECONDS_BEFORE_2000) * USECS_PER_SEC;
}

/* The stretches that show the days of a calendar; one more marks where the last of them ends. */
static Stretch *
find_stretches(const pg_tz *zone, DateADT from_day, DateADT to_day, size_t *count)
{
	pg_time_t	second = (from_day - DAYS_AROUND) * (pg_time_t) SECS_PER_DAY + SECONDS_BEFORE_2000;
	pg_time_t	end = (to_day + DAYS_AROUND) * (pg_time_t) SECS_PER_DAY + SECONDS_BEFORE_2000;
	size_t		room = 64;
	Stretch    *stretches = palloc(room * sizeof(Stretch));

	*count = 0;
	while (second < end)
	{
		ZoneStretch found;

		if (!find_zone_stretch(second, zone, &found))
			refuse_period();
		if (*count + 1 == room)
		{
			room *= 2;
			stretches = repalloc(stretches, room * sizeof(Stretch));
		}
		stretches[*count] = (Stretch) {instant_of_second(second), found.ahead};
		(*count)++;
		second = found.end;
	}
	stretches[*count].start = instant_of_second(end);
	return stretches;
}

/*
 * NULL if an argument is.  Without openings, or without days, an empty multirange.
 *
 * Errors: 22023 for what cannot be read, openings that overlap, a day with two
 * exceptions, an unknown zone and a period that ends before it begins or never; 22007
 * for an exception that is no date; 22008 and 54000 for a period that is too far away
 * or too long.
 */
PG_FUNCTION_INFO_V1(ttr_business_calendar);
Datum
ttr_business_calendar(PG_FUNCTION_ARGS)
{
	DateADT		from_day = PG_GETARG_DATEADT(2);
	DateADT		to_day = PG_GETARG_DATEADT(3);
	Host		host = backend_host(CurrentMemoryContext);
	WeeklyHours hours = read_hours(PG_GETARG_TEXT_PP(0), PG_GETARG_TEXT_PP(4), &host);
	pg_tz	   *zone = find_time_zone(PG_GETARG_TEXT_PP(1));
	Stretch    *stretches;
	Span	   *openings;
	Span	   *spans;
	size_t		nstretches;
	size_t		count;

	check_period(from_day, to_day);
	count = openings_on_the_clock(&hours, from_day, to_day, NULL);
	check_openings(count);
	openings = palloc(Max(count, 1) * sizeof(Span));
	count = openings_on_the_clock(&hours, from_day, to_day, openings);

	stretches = find_stretches(zone, from_day, to_day, &nstretches);
	spans = palloc(Max(openings_in_time(openings, count, stretches, nstretches, NULL), 1) * sizeof(Span));
	count = openings_in_time(openings, count, stretches, nstretches, spans);
	PG_RETURN_MULTIRANGE_P(multirange_of_spans(tstzrange_type(), spans, count));
}
