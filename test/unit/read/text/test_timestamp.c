/*
 * test_timestamp.c
 *	  Texts and the instants they mean, in microseconds since 2000-01-01 00:00 UTC; and
 *	  texts that mean none.
 *
 * Texts are copied to memory of exactly their size, so that the address sanitizer sees
 * every byte that is read behind their end.
 */
#include "unit.h"

#include "read/text/timestamp.h"

#define SECOND	INT64_C(1000000)
#define HOUR	(3600 * SECOND)
#define DAY		(24 * HOUR)

/* 1 May 2025: 25 years with 7 leap days among them, and 4 months. */
#define MAY		((25 * 365 + 7 + 120) * DAY)

typedef struct Case
{
	const char *text;
	int64_t		microseconds;
} Case;

static const Case absolute[] = {
	{"2000-01-01T00:00:00Z", 0},
	{"1999-12-31T23:59:59.999999Z", -1},
	{"1970-01-01T00:00:00Z", -946684800 * SECOND},
	{"0001-01-01T00:00:00Z", -730119 * DAY},
	{"9999-12-31T23:59:59.999999Z", 2921940 * DAY - 1},
	{"2000-02-29T00:00:00Z", 59 * DAY},
	{"2000-03-01T00:00:00Z", 60 * DAY},
	{"2024-02-29T12:00:00Z", (24 * 365 + 6 + 59) * DAY + 12 * HOUR},

	/* how day, time and offset are written */
	{"2025-05-01T09:30:15Z", MAY + 9 * HOUR + 1815 * SECOND},
	{"2025-05-01t09:30:15z", MAY + 9 * HOUR + 1815 * SECOND},
	{"2025-05-01 09:30:15Z", MAY + 9 * HOUR + 1815 * SECOND},
	{"2025-05-01 09:30:15 Z", MAY + 9 * HOUR + 1815 * SECOND},
	{"2025-05-01T09:30Z", MAY + 9 * HOUR + 1800 * SECOND},
	{"2025-05-01T09:30:15+02:00", MAY + 7 * HOUR + 1815 * SECOND},
	{"2025-05-01T09:30:15+0200", MAY + 7 * HOUR + 1815 * SECOND},
	{"2025-05-01T09:30:15+02", MAY + 7 * HOUR + 1815 * SECOND},
	{"2025-05-01 09:30:15 +02", MAY + 7 * HOUR + 1815 * SECOND},
	{"2025-05-01T09:30:15-03:30", MAY + 13 * HOUR + 15 * SECOND},
	{"2025-05-01T00:00:00+15:59", MAY - 15 * HOUR - 59 * 60 * SECOND},
	{"2025-05-01T00:00:00-15:59", MAY + 15 * HOUR + 59 * 60 * SECOND},
	{"2025-05-01T00:00:00-00:00", MAY},
	{"2025-05-01T23:59:59Z", MAY + DAY - SECOND},
	{"2025-05-01 09:30:15 UTC", MAY + 9 * HOUR + 1815 * SECOND},
	{"2025-05-01 09:30:15UTC", MAY + 9 * HOUR + 1815 * SECOND},
	{"2025-05-01T09:30:15 gmt", MAY + 9 * HOUR + 1815 * SECOND},
	{"2025-05-01 09:30:15.25 UTC", MAY + 9 * HOUR + 1815 * SECOND + 250000},
	{"2025-05-01 09:30 +0200", MAY + 7 * HOUR + 1800 * SECOND},
	{"2025-05-01 09:30:15 -05:00", MAY + 14 * HOUR + 1815 * SECOND},
	{"2025-05-01 09:30:15.000Z", MAY + 9 * HOUR + 1815 * SECOND},

	/* fractions */
	{"2025-05-01T00:00:00.1Z", MAY + 100000},
	{"2025-05-01T00:00:00.12Z", MAY + 120000},
	{"2025-05-01T00:00:00.123Z", MAY + 123000},
	{"2025-05-01T00:00:00.123456Z", MAY + 123456},
	{"2025-05-01T00:00:00.1234564Z", MAY + 123456},
	{"2025-05-01T00:00:00.12345649Z", MAY + 123456},
	{"2025-05-01T00:00:00.123456499Z", MAY + 123456},
	{"2025-05-01T00:00:00.123456501Z", MAY + 123457},
	{"2025-05-01T00:00:00.1234565Z", MAY + 123457},
	{"2025-05-01T00:00:00.000000499Z", MAY},
	{"2025-05-01T00:00:00.999999499Z", MAY + 999999},
	{"2025-05-01T00:00:00.999999999Z", MAY + SECOND},
	{"2025-04-30T23:59:59.9999999Z", MAY},
	{"1999-12-31T23:59:59.9999999Z", 0},
	{"1999-12-31T23:59:59.9999994Z", -1},
	{"2025-05-01T00:00:00.5+02:00", MAY - 2 * HOUR + 500000},
};

static const Case naive[] = {
	{"2025-05-01T09:30:15", MAY + 9 * HOUR + 1815 * SECOND},
	{"2025-05-01 09:30", MAY + 9 * HOUR + 1800 * SECOND},
	{"2025-05-01T09:30:15.25", MAY + 9 * HOUR + 1815 * SECOND + 250000},
};

static const char *const none[] = {
	/* days that do not exist */
	"2025-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2024-02-30T00:00:00Z",
	"2025-04-31T00:00:00Z", "2025-01-32T00:00:00Z", "2025-01-00T00:00:00Z", "2025-00-01T00:00:00Z",
	"2025-13-01T00:00:00Z", "0000-01-01T00:00:00Z",

	/* times of day that do not exist */
	"2025-05-01T24:00:00Z", "2025-05-01T23:60:00Z", "2025-05-01T23:59:60Z", "2025-05-01T99:99:99Z",

	/* parts that are missing, or too many */
	"2", "2025", "2025-05", "2025-05-01", "2025-05-01T", "2025-05-01T09", "2025-05-01T09Z",
	"2025-05-01T09:", "2025-05-01T09:3Z", "2025-05-01T09:30:", "2025-05-01T09:30:1Z",
	"2025-05-01T09:30:15.", "2025-05-01T09:30:15.Z", "2025-05-01T09:30:15,5Z",
	"2025-05-01T09:30:15.1234567890Z", "2025-05-01T09:30.5Z", "2025-05-01T093015Z",
	"20250501T093015Z", "2025-5-1T09:30:15Z", "02025-05-01T09:30:15Z", "+2025-05-01T09:30:15Z",
	"-2025-05-01T09:30:15Z", "2025/05/01 09:30:15", "01.05.2025 09:30:15", "2025-05-01  09:30:15",
	"2025-05-01_09:30:15Z",

	/* offsets */
	"2025-05-01T09:30:15+16:00", "2025-05-01T09:30:15-16:00", "2025-05-01T09:30:15+2",
	"2025-05-01T09:30:15+02:", "2025-05-01T09:30:15+02:0", "2025-05-01T09:30:15+020",
	"2025-05-01T09:30:15+02:60", "2025-05-01T09:30:15+02:00:00", "2025-05-01T09:30:15+",
	"2025-05-01T09:30:15ZZ", "2025-05-01T09:30:15Z+02", "2025-05-01T09:30:15 UTC+02", "2025-05-01T09:30:15 UT",
	"2025-05-01T09:30:15  UTC", "2025-05-01T09:30:15 CET", "2025-05-01 9:30:15", "2025-05-01 09:30 AM",
	"2025-05-01T09:30:15 Europe/Berlin", "2025-05-01T09:30:15 PM", "2025-05-01T09:30:15Zjunk",

	/* what PostgreSQL would take */
	"today", "now", "infinity", "-infinity", "epoch", "J2460797", "May 1 2025", "1746091815",
	"1746091815000", "2025-05-01T09:30:15Z BC",

	/* digits of other scripts */
	"２０２５-05-01T09:30:15Z", "2025-05-0١T09:30:15Z",
};

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

static bool
parse(const char *text, size_t length, Instant *instant, Defect *problem)
{
	char	   *exact = malloc(length);
	bool		parsed;

	memcpy(exact, text, length);
	parsed = timestamp_parse((Slice){exact, length}, "started_at", instant, problem);
	free(exact);
	return parsed;
}

static void
check_cases(const Case *cases, size_t count, bool is_naive)
{
	for (size_t i = 0; i < count; i++)
	{
		Instant		instant;
		Defect		problem;

		if (!parse(cases[i].text, strlen(cases[i].text), &instant, &problem))
			fail_msg("%s: %s", cases[i].text, problem.detail);
		if (!instant.known || instant.naive != is_naive ||
			instant.microseconds != cases[i].microseconds)
			fail_msg("%s: %lld microseconds, not %lld%s", cases[i].text,
					 (long long) instant.microseconds, (long long) cases[i].microseconds,
					 instant.naive ? ", naive" : "");
	}
}

static void
test_times_with_an_offset(void **state)
{
	(void) state;
	check_cases(absolute, COUNT(absolute), false);
}

static void
test_times_without_an_offset(void **state)
{
	(void) state;
	check_cases(naive, COUNT(naive), true);
}

static void
test_what_is_no_time(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(none); i++)
	{
		Instant		instant;
		Defect		problem = {.reason = DEFECT_MISSING_ID};

		if (parse(none[i], strlen(none[i]), &instant, &problem))
			fail_msg("%s: taken as %lld microseconds", none[i], (long long) instant.microseconds);
		assert_int_equal(problem.reason, DEFECT_BAD_TIME);
		assert_string_equal(problem.column, "started_at");
		if (strstr(problem.detail, none[i]) == NULL)
			fail_msg("%s: not quoted in: %s", none[i], problem.detail);
	}
}

/* A time that was cut is another time or none, and nothing behind it is read. */
static void
test_times_that_were_cut(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(absolute); i++)
		for (size_t length = 1; length < strlen(absolute[i].text); length++)
		{
			Instant		instant;
			Defect		problem;

			if (parse(absolute[i].text, length, &instant, &problem) &&
				length < strlen("2025-05-01T09:30"))
				fail_msg("%.*s: taken", (int) length, absolute[i].text);
		}
}

/* Whole characters only, or the database would not take the words. */
static void
test_long_texts_are_cut_between_characters(void **state)
{
	Instant		instant;
	Defect		problem;
	char		text[400];
	size_t		position;

	(void) state;
	for (size_t i = 0; i < 4; i++)
	{
		memset(text, 'x', i);
		for (size_t at = i; at + 4 < sizeof(text); at += 4)
			memcpy(text + at, "\xF0\x9F\x99\x82", 5);
		assert_false(parse(text, strlen(text), &instant, &problem));
		assert_true(slice_is_utf8((Slice){problem.detail, strlen(problem.detail)}, &position));
	}
}

typedef struct Dated
{
	const char *pattern;
	const char *text;
	int64_t		microseconds;
	bool		is_naive;
} Dated;

static const Dated dated[] = {
	{"MM/DD/YYYY", "05/01/2025 09:30:15", MAY + 9 * HOUR + 1815 * SECOND, true},
	{"MM/DD/YYYY", "5/1/2025 9:30", MAY + 9 * HOUR + 1800 * SECOND, true},
	{"M/D/YYYY", "05/01/2025T09:30:15Z", MAY + 9 * HOUR + 1815 * SECOND, false},
	{"DD.MM.YYYY", "01.05.2025 09:30:15.5 +02:00", MAY + 7 * HOUR + 1815 * SECOND + 500000, false},
	{"DD-MM-YYYY", "1-5-2025", MAY, true},
	{"DD-MM-YYYY", "2025-05-01", MAY, true},
	{"YYYY/MM/DD", "2025/5/1 09:30 UTC", MAY + 9 * HOUR + 1800 * SECOND, false},
	{"YYYY-MM-DD", "2025-5-1 09:30", MAY + 9 * HOUR + 1800 * SECOND, true},
	{"MM/DD/YYYY", "2025-05-01T09:30:15Z", MAY + 9 * HOUR + 1815 * SECOND, false},

	/* a clock of twelve hours */
	{"MM/DD/YYYY", "05/01/2025 12:00 AM", MAY, true},
	{"MM/DD/YYYY", "05/01/2025 12:00:01AM", MAY + SECOND, true},
	{"MM/DD/YYYY", "05/01/2025 1:00 am", MAY + HOUR, true},
	{"MM/DD/YYYY", "05/01/2025 12:00 PM", MAY + 12 * HOUR, true},
	{"MM/DD/YYYY", "05/01/2025 11:59:59.5 pm", MAY + DAY - SECOND / 2, true},
	{"MM/DD/YYYY", "05/01/2025 1:00 PM +02:00", MAY + 11 * HOUR, false},
};

static const char *const not_american[] = {
	"13/01/2025", "02/29/2025", "00/01/2025", "05/00/2025", "05/01/25", "05/01/20250", "05/01", "05/01/", "005/01/2025",
	"05.01.2025", "05/01.2025", "/05/01/2025", "05/01/2025 ", "05/01/2025 9", "05/01/2025 13:00 PM", "05/01/2025 0:30 AM",
	"05/01/2025 9:30 P", "05/01/2025 9:30 PMZ9", "05/01/2025 24:00", "05/01/2025 009:30", "05/01/2025 9:30  PM",
};

/* From memory of exactly the text's size. */
static bool
parse_dated(const char *pattern, const char *text, Instant *instant, Defect *problem)
{
	size_t		length = strlen(text);
	char	   *exact = malloc(length);
	DateFormat	format;
	bool		parsed;

	assert_true(date_format_read(pattern, &format));
	memcpy(exact, text, length);
	parsed = timestamp_parse_cell((Slice){exact, length}, &format, "started_at", instant, problem);
	free(exact);
	return parsed;
}

static void
test_days_by_a_pattern(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(dated); i++)
	{
		Instant		instant;
		Defect		problem;

		if (!parse_dated(dated[i].pattern, dated[i].text, &instant, &problem))
			fail_msg("%s: %s", dated[i].text, problem.detail);
		if (instant.naive != dated[i].is_naive || instant.microseconds != dated[i].microseconds)
			fail_msg("%s: %lld microseconds%s", dated[i].text, (long long) instant.microseconds,
					 instant.naive ? ", naive" : "");
	}
}

static void
test_what_a_pattern_does_not_fit(void **state)
{
	(void) state;
	for (size_t i = 0; i < COUNT(not_american); i++)
	{
		Instant		instant;
		Defect		problem;

		if (parse_dated("MM/DD/YYYY", not_american[i], &instant, &problem))
			fail_msg("%s: taken as %lld microseconds", not_american[i], (long long) instant.microseconds);
		assert_int_equal(problem.reason, DEFECT_BAD_TIME);
	}
}

/* A day by points is no number, so that it is not taken for an epoch. */
static void
test_a_day_is_text(void **state)
{
	(void) state;
	assert_int_equal(time_style((Slice){"01.05.2025", 10}), TIME_TEXT);
	assert_int_equal(time_style((Slice){"00.00.0000", 10}), TIME_TEXT);
	assert_int_equal(time_style((Slice){"1746091815.5", 12}), TIME_SECONDS);
}

/* Every day is one day after the one before it, the calendar has no day between, and it is printed as it was read. */
static void
test_all_days_in_order(void **state)
{
	static const int days_of[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int64_t		expected = -730119 * DAY;

	(void) state;
	for (int year = 1; year <= 9999; year++)
		for (int month = 1; month <= 12; month++)
		{
			bool		leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
			int			days = days_of[month - 1] + (month == 2 && leap);

			for (int day = 1; day <= days + 1; day++)
			{
				char		text[] = "0000-00-00T00:00:00Z";
				char		printed[TIME_TEXT_SIZE];
				Instant		instant;
				Defect		problem;
				bool		parsed;

				text[0] += year / 1000;
				text[1] += year / 100 % 10;
				text[2] += year / 10 % 10;
				text[3] += year % 10;
				text[5] += month / 10;
				text[6] += month % 10;
				text[8] += day / 10;
				text[9] += day % 10;
				parsed = timestamp_parse((Slice){text, strlen(text)}, "day", &instant, &problem);

				if (parsed != (day <= days))
					fail_msg("%s: %s", text, parsed ? "taken" : "not taken");
				if (parsed && instant.microseconds != expected)
					fail_msg("%s: %lld microseconds", text, (long long) instant.microseconds);
				if (parsed)
				{
					timestamp_print(instant, printed);
					assert_string_equal(printed, text);
					expected += DAY;
				}
			}
		}
	assert_true(expected == 2921940 * DAY);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_times_with_an_offset),
		cmocka_unit_test(test_times_without_an_offset),
		cmocka_unit_test(test_what_is_no_time),
		cmocka_unit_test(test_times_that_were_cut),
		cmocka_unit_test(test_long_texts_are_cut_between_characters),
		cmocka_unit_test(test_days_by_a_pattern),
		cmocka_unit_test(test_what_a_pattern_does_not_fit),
		cmocka_unit_test(test_a_day_is_text),
		cmocka_unit_test(test_all_days_in_order),
	};

	return cmocka_run_group_tests_name("timestamp", tests, NULL, NULL);
}
