/*
 * test_weekly_hours.c
 *	  Texts of business hours become the hours that a person would read; any other text is
 *	  refused, with the place of its defect.
 */
#include "unit.h"

#include "kernel/time/weekly_hours.h"

/* Days since 2000-01-01. */
#define FRIDAY_2025_12_26	9491

static const char *const weekdays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

static void
write_hours(char *written, const DayHours *hours)
{
	for (size_t i = 0; i < hours->count; i++)
		sprintf(written + strlen(written), " %.4g-%.4g", hours->openings[i].start / 3600.0,
				hours->openings[i].end / 3600.0);
}

/* The hours that were read: "mon 9-17.5; 9491..9492 10-12". */
static void
write_all(char *written, const WeeklyHours *hours)
{
	*written = '\0';
	for (int i = 0; i < 7; i++)
		if (hours->weekdays[i].count > 0)
		{
			sprintf(written + strlen(written), "%s%s", *written ? "; " : "", weekdays[i]);
			write_hours(written, &hours->weekdays[i]);
		}
	for (size_t i = 0; i < hours->nexceptions; i++)
	{
		sprintf(written + strlen(written), "%s%d..%d", *written ? "; " : "", hours->exceptions[i].first,
				hours->exceptions[i].last);
		write_hours(written, &hours->exceptions[i].hours);
	}
}

/* From copies of exactly their length, so that reading beyond them is noticed. */
static bool
read_exactly(WeeklyHours *hours, const char *weekly, size_t weekly_length, const char *exceptions,
			 size_t exceptions_length, HoursError *error, const Host *host)
{
	char	   *weekly_copy = malloc(weekly_length);
	char	   *exceptions_copy = malloc(exceptions_length);
	bool		done;

	memcpy(weekly_copy, weekly, weekly_length);
	memcpy(exceptions_copy, exceptions, exceptions_length);
	done = weekly_hours_read(hours, weekly_copy, weekly_length, exceptions_copy, exceptions_length, error, host);
	free(weekly_copy);
	free(exceptions_copy);
	return done;
}

typedef struct Good
{
	const char *weekly;
	const char *exceptions;
	const char *expected;
} Good;

static const Good good[] = {
	{"", "", ""},
	{" \t\r\n;; ", ";", ""},
	{"mon 09:00-17:30", "", "mon 9-17.5"},
	{"mon-fri 09:00-17:30; sat 10:00-14:00", "",
	"mon 9-17.5; tue 9-17.5; wed 9-17.5; thu 9-17.5; fri 9-17.5; sat 10-14"},
	{"mon,wed,fri 09:00-12:00,13:00-17:00", "", "mon 9-12 13-17; wed 9-12 13-17; fri 9-12 13-17"},
	{"sat-sun 9:00-10:00", "", "sat 9-10; sun 9-10"},
	{"fri-mon 9:00-10:00", "", "mon 9-10; fri 9-10; sat 9-10; sun 9-10"},
	{"mon-sun 0:00-1:00", "", "mon 0-1; tue 0-1; wed 0-1; thu 0-1; fri 0-1; sat 0-1; sun 0-1"},
	{"tue-mon 0:00-1:00", "", "mon 0-1; tue 0-1; wed 0-1; thu 0-1; fri 0-1; sat 0-1; sun 0-1"},
	{"mon-mon 0:00-1:00", "", "mon 0-1"},
	{"MON , Tuesday 09:00 - 10:00 , 11:00 - 12:00 ;", "", "mon 9-10 11-12; tue 9-10 11-12"},
	{"mon 13:00-17:00; mon 9:00-12:00", "", "mon 9-12 13-17"},
	{"mon 09:00:36-10:00:00", "", "mon 9.01-10"},
	{"mon 00:00-24:00", "", "mon 0-24"},
	{"mon 00:00-00:00", "", "mon 0-24"},
	{"mon 09:00-09:00", "", "mon 9-33"},
	{"mon 22:00-06:00", "", "mon 22-30"},
	{"mon 22:00-24:00:00", "", "mon 22-24"},
	{"mon 22:00-06:00; tue 06:00-07:00", "", "mon 22-30; tue 6-7"},
	{"mon 9:00-10:00,10:00-11:00", "", "mon 9-10 10-11"},
	{"sun 22:00-06:00; mon 06:00-07:00", "", "mon 6-7; sun 22-30"},
	{"", "2000-01-01", "0..0"},
	{"", "1999-12-31", "-1..-1"},
	{"", "2000-02-29", "59..59"},
	{"", "0001-01-01", "-730119..-730119"},
	{"", "9999-12-31", "2921939..2921939"},
	{"", "2025-12-25; 2025-12-24 09:00-12:00; 2025-12-26..2025-12-31", "9489..9489 9-12; 9490..9490; 9491..9496"},
	{"", " 2025-12-26 .. 2025-12-26 10:00-11:00 , 22:00-01:00 ; ", "9491..9491 10-11 22-25"},
	{"fri 9:00-10:00", "2025-12-26 11:00-12:00", "fri 9-10; 9491..9491 11-12"},
	{"thu,fri 22:00-06:00", "2025-12-26 06:00-12:00", "thu 22-30; fri 22-30; 9491..9491 6-12"},
};

static void
test_good_texts(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
	{
		Held		held;
		Host		host = counting_host(&held);
		WeeklyHours hours;
		HoursError	error;
		char		written[1000];

		if (!read_exactly(&hours, good[i].weekly, strlen(good[i].weekly), good[i].exceptions,
						  strlen(good[i].exceptions), &error, &host))
			fail_msg("refused at %u: %s | %s", error.place.offset, good[i].weekly, good[i].exceptions);
		write_all(written, &hours);
		assert_string_equal(written, good[i].expected);
		weekly_hours_clear(&hours, &host);
		assert_int_equal(held.pieces, 0);
	}
}

typedef struct Bad
{
	const char *weekly;
	const char *exceptions;
	HoursDefect defect;
	const char *quoted;
	const char *other;			/* NULL: there is none */
} Bad;

static const Bad bad[] = {
	{"moon 09:00-17:00", "", NOT_A_WEEKDAY, "moon", NULL},
	{"09:00-17:00", "", NOT_A_WEEKDAY, "09:00", NULL},
	{"mon-frj 09:00-17:00", "", NOT_A_WEEKDAY, "frj", NULL},
	{"mo 09:00-17:00", "", NOT_A_WEEKDAY, "mo", NULL},
	{"mond 09:00-17:00", "", NOT_A_WEEKDAY, "mond", NULL},
	{"mon09:00-17:00", "", NOT_A_WEEKDAY, "mon09:00", NULL},
	{"mon,", "", NOT_A_WEEKDAY, "", NULL},
	{"mon,,tue 09:00-17:00", "", NOT_A_WEEKDAY, ",", NULL},
	{"mon-", "", NOT_A_WEEKDAY, "", NULL},
	{"m\303\266n 09:00-17:00", "", NOT_A_WEEKDAY, "m\303\266n", NULL},
	{"mon", "", NOT_A_TIME, "", NULL},
	{"mon;", "", NOT_A_TIME, ";", NULL},
	{"mon 9-17", "", NOT_A_TIME, "9", NULL},
	{"mon 25:00-26:00", "", NOT_A_TIME, "25:00", NULL},
	{"mon 24:00-26:00", "", NOT_A_TIME, "24:00", NULL},
	{"mon 09:00-24:01", "", NOT_A_TIME, "24:01", NULL},
	{"mon 09:60-17:00", "", NOT_A_TIME, "09:60", NULL},
	{"mon 09:00:60-17:00", "", NOT_A_TIME, "09:00:60", NULL},
	{"mon 09:00:00.5-17:00", "", NOT_A_TIME, "09:00:00.5", NULL},
	{"mon 009:00-17:00", "", NOT_A_TIME, "009:00", NULL},
	{"mon 09:0-17:00", "", NOT_A_TIME, "09:0", NULL},
	{"mon 09:00am-5:00pm", "", NOT_A_TIME, "09:00am", NULL},
	{"mon 09:00-", "", NOT_A_TIME, "", NULL},
	{"mon 09:00-17:00,", "", NOT_A_TIME, "", NULL},
	{"mon 09:00-17:00, tue 09:00-17:00", "", NOT_A_TIME, "tue", NULL},
	{"mon 09:00", "", NO_END_OF_OPENING, "", NULL},
	{"mon 09:00 17:00", "", NO_END_OF_OPENING, "17:00", NULL},
	{"mon 09:00-17:00-18:00", "", NO_END_OF_PART, "-", NULL},
	{"mon 09:00-17:00 tue 09:00-17:00", "", NO_END_OF_PART, "tue", NULL},
	{"mon,mon 09:00-10:00", "", DAY_TWICE, "mon", NULL},
	{"mon-fri, wed - thu  09:00-10:00", "", DAY_TWICE, "wed - thu", NULL},
	{"mon 9:00-12:00,11:00-13:00", "", OPENINGS_OVERLAP, "11:00-13:00", "9:00-12:00"},
	{"mon 11:00-13:00; mon 9:00-12:00", "", OPENINGS_OVERLAP, "11:00-13:00", "9:00-12:00"},
	{"mon 9:00-12:00; mon 9:00-12:00", "", OPENINGS_OVERLAP, "9:00-12:00", "9:00-12:00"},
	{"mon 22:00-06:00; tue 05:00-07:00", "", OPENINGS_OVERLAP, "05:00-07:00", "22:00-06:00"},
	{"mon 06:00 - 06:00; tue 05:59:59-07:00", "", OPENINGS_OVERLAP, "05:59:59-07:00", "06:00 - 06:00"},
	{"sun 22:00-06:00; mon 05:00-07:00", "", OPENINGS_OVERLAP, "05:00-07:00", "22:00-06:00"},
	{"mon 22:00-21:00,23:00-24:00", "", OPENINGS_OVERLAP, "23:00-24:00", "22:00-21:00"},
	{"", "tomorrow", NOT_A_DATE, "tomorrow", NULL},
	{"", "2025-02-29", NOT_A_DATE, "2025-02-29", NULL},
	{"", "1900-02-29", NOT_A_DATE, "1900-02-29", NULL},
	{"", "2025-04-31", NOT_A_DATE, "2025-04-31", NULL},
	{"", "2025-13-01", NOT_A_DATE, "2025-13-01", NULL},
	{"", "2025-00-01", NOT_A_DATE, "2025-00-01", NULL},
	{"", "2025-01-00", NOT_A_DATE, "2025-01-00", NULL},
	{"", "0000-01-01", NOT_A_DATE, "0000-01-01", NULL},
	{"", "2025-1-01", NOT_A_DATE, "2025-1-01", NULL},
	{"", "25.12.2025", NOT_A_DATE, "25.12.2025", NULL},
	{"", "2025-12-250", NOT_A_DATE, "2025-12-250", NULL},
	{"", "2025-12-26..", NOT_A_DATE, "", NULL},
	{"", "2025-12-26..x", NOT_A_DATE, "x", NULL},
	{"", "2025-12-26 - 2025-12-31", NOT_A_TIME, "-", NULL},
	{"", "2025-12-26, 2025-12-31", NOT_A_TIME, ",", NULL},
	{"", "2025-12-26 closed", NOT_A_TIME, "closed", NULL},
	{"", "2025-12-26 2025-12-31", NOT_A_TIME, "2025", NULL},
	{"", "2025-12-31 .. 2025-12-26", DATES_BACKWARDS, "2025-12-31 .. 2025-12-26", NULL},
	{"", "2025-12-26; 2025-12-25; 2025-12-26 09:00-10:00", DAY_TWICE, "2025-12-26", "2025-12-26"},
	{"", "2025-12-20..2025-12-26; 2025-12-25", DAY_TWICE, "2025-12-25", "2025-12-20..2025-12-26"},
	{"", "2025-12-26 9:00-12:00,11:00-13:00", OPENINGS_OVERLAP, "11:00-13:00", "9:00-12:00"},
	{"thu 22:00-06:00", "2025-12-26 05:00-07:00", OPENINGS_OVERLAP, "05:00-07:00", "22:00-06:00"},
	{"sat 05:00-07:00", "2025-12-26 22:00-06:00", OPENINGS_OVERLAP, "05:00-07:00", "22:00-06:00"},
	{"", "2025-12-26..2025-12-27 05:00-07:00,22:00-06:00", OPENINGS_OVERLAP, "05:00-07:00", "22:00-06:00"},
	{"", "2025-12-26 22:00-06:00; 2025-12-27 5:00-6:00", OPENINGS_OVERLAP, "5:00-6:00", "22:00-06:00"},
};

static void
check_place(const Bad *expected, Place place, const char *quoted)
{
	const char *text = place.in_exceptions ? expected->exceptions : expected->weekly;

	if (place.length != strlen(quoted) || strncmp(text + place.offset, quoted, place.length) != 0)
		fail_msg("\"%.*s\" is quoted, not \"%s\": %s", (int) place.length, text + place.offset, quoted, text);
}

static void
test_bad_texts(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
	{
		Held		held;
		Host		host = counting_host(&held);
		WeeklyHours hours;
		HoursError	error;

		if (read_exactly(&hours, bad[i].weekly, strlen(bad[i].weekly), bad[i].exceptions, strlen(bad[i].exceptions),
						 &error, &host))
			fail_msg("accepted: %s | %s", bad[i].weekly, bad[i].exceptions);
		if (error.defect != bad[i].defect)
			fail_msg("defect %d, not %d: %s | %s", error.defect, bad[i].defect, bad[i].weekly, bad[i].exceptions);
		check_place(&bad[i], error.place, bad[i].quoted);
		check_place(&bad[i], error.other, bad[i].other != NULL ? bad[i].other : bad[i].quoted);
		assert_int_equal(held.pieces, 0);
	}
}

/* The openings of an accepted text ascend, end within a day, and do not overlap on any day. */
static void
check_sound(const WeeklyHours *hours)
{
	int32_t		busy_until = 0;

	for (int32_t day = FRIDAY_2025_12_26 - 20; day < FRIDAY_2025_12_26 + 20; day++)
	{
		const DayHours *today = weekly_hours_of_day(hours, day);

		for (size_t i = 0; i < today->count; i++)
		{
			assert_uint_in_range(today->openings[i].start, 0, SECONDS_PER_DAY - 1);
			assert_uint_in_range(today->openings[i].end, today->openings[i].start + 1,
							today->openings[i].start + SECONDS_PER_DAY);
			assert_true(today->openings[i].start >= busy_until);
			busy_until = today->openings[i].end;
		}
		busy_until -= SECONDS_PER_DAY;
	}
}

static void
check_hostile(const char *weekly, size_t weekly_length, const char *exceptions, size_t exceptions_length)
{
	Held		held;
	Host		host = counting_host(&held);
	WeeklyHours hours;
	HoursError	error;

	if (read_exactly(&hours, weekly, weekly_length, exceptions, exceptions_length, &error, &host))
	{
		check_sound(&hours);
		weekly_hours_clear(&hours, &host);
	}
	else
	{
		size_t		length = error.place.in_exceptions ? exceptions_length : weekly_length;
		size_t		other_length = error.other.in_exceptions ? exceptions_length : weekly_length;

		assert_uint_in_range(error.defect, NOT_A_WEEKDAY, OPENINGS_OVERLAP);
		assert_uint_in_range((size_t) error.place.offset + error.place.length, 0, length);
		assert_uint_in_range((size_t) error.other.offset + error.other.length, 0, other_length);
	}
	assert_int_equal(held.pieces, 0);
}

/* Each byte of each text is replaced by bytes of the grammar and by others, is left out, and ends the text. */
static void
test_hostile_texts(void **state)
{
	static const char bytes[] = {'\0', ' ', '\n', ';', ',', '-', '.', ':', '0', '1', '2', '5', '9', 'm', 'n', 'S',
	'\177', '\200', '\377'};

	(void) state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
	{
		size_t		length = strlen(good[i].weekly);
		size_t		both = length + strlen(good[i].exceptions);
		char		text[300];
		char		shorter[300];

		sprintf(text, "%s%s", good[i].weekly, good[i].exceptions);
		for (size_t place = 0; place < both; place++)
		{
			char		kept = text[place];

			for (size_t j = 0; j < sizeof(bytes); j++)
			{
				text[place] = bytes[j];
				check_hostile(text, length, text + length, both - length);
			}
			text[place] = kept;

			memcpy(shorter, text, place);
			memcpy(shorter + place, text + place + 1, both - place - 1);
			check_hostile(shorter, length - (place < length), shorter + length - (place < length),
						  both - length - (place >= length));
			if (place < length)
				check_hostile(text, place, text + length, both - length);
			else
				check_hostile(text, length, text + length, place - length);
		}
	}
}

/* Texts of the words of the grammar are read further than noise. */
static void
check_random_text(uint64_t seed)
{
	static const char *const words[] = {"mon", "tue", "Sunday", "-", ",", ";", " ", "09:00", "12:00", "22:00", "06:00",
	"24:00", "2025-12-26", "2025-12-28", "..", "x", "\200"};
	uint64_t	random = seed;
	char		texts[2][200] = {"", ""};

	for (int i = 0; i < 2; i++)
		for (size_t count = next_random(&random) % 16; count > 0; count--)
			strcat(texts[i], words[next_random(&random) % (sizeof(words) / sizeof(words[0]))]);
	check_hostile(texts[0], strlen(texts[0]), texts[1], strlen(texts[1]));
}

static void
test_random_texts(void **state)
{
	(void) state;
	for_each_seed(20000, check_random_text);
}

/* As many openings as the text has room for: none may be written beyond the memory for them. */
static void
test_full_texts(void **state)
{
	char		text[20000] = "mon-sun ";
	char		dates[20000] = "2025-12-26 ";
	Held		held;
	Host		host = counting_host(&held);
	WeeklyHours hours;
	HoursError	error;

	(void) state;
	for (int i = 0; i < 9 * 60 - 1; i++)
	{
		sprintf(text + strlen(text), "%s%d:%02d-%d:%02d", i > 0 ? "," : "", i / 60, i % 60, (i + 1) / 60, (i + 1) % 60);
		sprintf(dates + strlen(dates), "%s%d:%02d-%d:%02d", i > 0 ? "," : "", i / 60, i % 60, (i + 1) / 60, (i + 1) % 60);
	}
	assert_true(read_exactly(&hours, text, strlen(text), dates, strlen(dates), &error, &host));
	assert_int_equal(hours.weekdays[6].count, 539);
	assert_int_equal(hours.exceptions[0].hours.count, 539);
	weekly_hours_clear(&hours, &host);

	*dates = '\0';
	for (int i = 0; i < 1000; i++)
		sprintf(dates + strlen(dates), "%04d-01-01;", i + 1);
	assert_true(read_exactly(&hours, "", 0, dates, strlen(dates) - 1, &error, &host));
	assert_int_equal(hours.nexceptions, 1000);
	weekly_hours_clear(&hours, &host);
}

static void
test_hours_of_days(void **state)
{
	Held		held;
	Host		host = counting_host(&held);
	WeeklyHours hours;
	HoursError	error;
	const char *weekly = "fri 9:00-10:00; sat 11:00-12:00";
	const char *exceptions = "2025-12-27; 2026-01-02..2026-01-09 1:00-2:00";

	(void) state;
	assert_true(weekly_hours_read(&hours, weekly, strlen(weekly), exceptions, strlen(exceptions), &error, &host));
	assert_int_equal(weekly_hours_of_day(&hours, FRIDAY_2025_12_26 - 1)->count, 0);
	assert_int_equal(weekly_hours_of_day(&hours, FRIDAY_2025_12_26)->openings[0].start, 9 * 3600);
	assert_int_equal(weekly_hours_of_day(&hours, FRIDAY_2025_12_26 + 1)->count, 0);
	assert_int_equal(weekly_hours_of_day(&hours, FRIDAY_2025_12_26 + 6)->count, 0);
	for (int32_t day = FRIDAY_2025_12_26 + 7; day < FRIDAY_2025_12_26 + 15; day++)
		assert_int_equal(weekly_hours_of_day(&hours, day)->openings[0].start, 3600);
	assert_int_equal(weekly_hours_of_day(&hours, FRIDAY_2025_12_26 + 15)->openings[0].start, 11 * 3600);
	assert_int_equal(weekly_hours_of_day(&hours, FRIDAY_2025_12_26 - 7 * 100000)->openings[0].start, 9 * 3600);
	weekly_hours_clear(&hours, &host);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_texts),
		cmocka_unit_test(test_bad_texts),
		cmocka_unit_test(test_hostile_texts),
		cmocka_unit_test(test_random_texts),
		cmocka_unit_test(test_full_texts),
		cmocka_unit_test(test_hours_of_days),
	};

	return cmocka_run_group_tests_name("weekly_hours", tests, NULL, NULL);
}
