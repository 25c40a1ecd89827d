/*
 * hours_reader.c
 *	  Reads the words in texts of business hours: weekdays, times and dates.
 *
 *	  weekday     mon, Monday, SUN
 *	  time        9:00, 09:00, 09:00:30; 24:00 where something ends
 *	  date        2025-12-25
 *
 * An error quotes the whole word that cannot be read, up to white space or the next
 * symbol.  Bytes above 127 are part of words, so that no character is split.
 */
#include <string.h>

#include "kernel/time/hours_reader.h"

static const char *const weekday_names[] = {
	"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"
};

bool
hours_fail(HoursError *error, HoursDefect defect, Place place, Place other)
{
	error->defect = defect;
	error->place = place;
	error->other = other;
	return false;
}

Place
place_since(const HoursReader *reader, size_t position)
{
	return (Place) {reader->in_exceptions, position, reader->position - position};
}

/* ----------------------------------------------------------------------
 * Words
 * ----------------------------------------------------------------------
 */

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static void
skip_space(HoursReader *reader)
{
	while (reader->position < reader->length && is_space(reader->text[reader->position]))
		reader->position++;
}

bool
is_at_end(HoursReader *reader)
{
	skip_space(reader);
	return reader->position == reader->length;
}

bool
accept_symbol(HoursReader *reader, const char *symbol)
{
	size_t		length = strlen(symbol);
	size_t		before = reader->position;

	skip_space(reader);
	if (reader->length - reader->position >= length && memcmp(reader->text + reader->position, symbol, length) == 0)
	{
		reader->position += length;
		return true;
	}

	/* So that a place that ends here includes no white space. */
	reader->position = before;
	return false;
}

/* The next word: up to white space, a comma, a semicolon or the separator; at least one byte where there is one. */
static Place
next_word(HoursReader *reader, const char *separator)
{
	size_t		start;
	size_t		end;
	size_t		width = strlen(separator);

	skip_space(reader);
	start = reader->position;
	for (end = start; end < reader->length; end++)
	{
		char		c = reader->text[end];

		if (is_space(c) || c == ',' || c == ';' ||
			(reader->length - end >= width && memcmp(reader->text + end, separator, width) == 0))
			break;
	}
	if (end == start && end < reader->length)
		end++;
	return (Place) {reader->in_exceptions, start, end - start};
}

bool
hours_fail_here(HoursReader *reader, HoursDefect defect)
{
	Place		word = next_word(reader, "-");

	return hours_fail(reader->error, defect, word, word);
}

/* Takes a number of fewest to most digits from the start of a word; -1 if there is none. */
static int
take_number(const char **word, const char *end, int fewest, int most)
{
	int			number = 0;
	int			digits = 0;

	for (; digits < most && *word < end && is_digit(**word); digits++)
		number = number * 10 + *(*word)++ - '0';
	return digits < fewest ? -1 : number;
}

static bool
take_character(const char **word, const char *end, char c)
{
	if (*word == end || **word != c)
		return false;
	(*word)++;
	return true;
}

/* ----------------------------------------------------------------------
 * Weekdays
 * ----------------------------------------------------------------------
 */

/* True if a word is the name of this weekday, or its first three letters. */
static bool
is_weekday(const char *word, size_t length, const char *name)
{
	if (length != 3 && length != strlen(name))
		return false;
	for (size_t i = 0; i < length; i++)
		if (lower(word[i]) != name[i])
			return false;
	return true;
}

bool
read_weekday(HoursReader *reader, int *weekday)
{
	Place		word = next_word(reader, "-");

	for (*weekday = 0; *weekday < 7; (*weekday)++)
		if (is_weekday(reader->text + word.offset, word.length, weekday_names[*weekday]))
		{
			reader->position += word.length;
			return true;
		}
	return hours_fail(reader->error, NOT_A_WEEKDAY, word, word);
}

/* ----------------------------------------------------------------------
 * Times
 * ----------------------------------------------------------------------
 */

/* 9:00, 09:00 or 09:00:30, in seconds; -1 if it is not.  Only an end may be 24:00. */
static int32_t
seconds_of_word(const char *word, const char *end, bool is_end)
{
	int			hours = take_number(&word, end, 1, 2);
	int			minutes = take_character(&word, end, ':') ? take_number(&word, end, 2, 2) : -1;
	int			seconds = take_character(&word, end, ':') ? take_number(&word, end, 2, 2) : 0;
	int32_t		time = (hours * 60 + minutes) * 60 + seconds;

	if (word != end || hours < 0 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 59)
		return -1;
	return time < SECONDS_PER_DAY || (time == SECONDS_PER_DAY && is_end) ? time : -1;
}

bool
read_time(HoursReader *reader, bool is_end, int32_t *seconds)
{
	Place		word = next_word(reader, "-");
	const char *start = reader->text + word.offset;

	*seconds = seconds_of_word(start, start + word.length, is_end);
	if (*seconds < 0)
		return hours_fail(reader->error, NOT_A_TIME, word, word);
	reader->position += word.length;
	return true;
}

/* ----------------------------------------------------------------------
 * Dates
 * ----------------------------------------------------------------------
 */

static bool
is_leap_year(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/*
 * Days since 2000-01-01, in the Gregorian calendar of all times.  Years begin in March
 * here, so that the leap day is the last one (Howard Hinnant, "chrono-Compatible
 * Low-Level Date Algorithms", days_from_civil).
 */
static int32_t
day_of_date(int year, int month, int day)
{
	int			march_year = year - (month <= 2);
	int			century_cycle = march_year / 400;
	int			year_of_cycle = march_year % 400;
	int			day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
	int			day_of_cycle = year_of_cycle * 365 + year_of_cycle / 4 - year_of_cycle / 100 + day_of_year;

	return century_cycle * 146097 + day_of_cycle - 730425;
}

/* A date of the years 1 to 9999. */
bool
read_date(HoursReader *reader, int32_t *day)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	Place		place = next_word(reader, "..");
	const char *word = reader->text + place.offset;
	const char *end = word + place.length;
	int			year = take_number(&word, end, 4, 4);
	int			month = take_character(&word, end, '-') ? take_number(&word, end, 2, 2) : -1;
	int			day_of_month = take_character(&word, end, '-') ? take_number(&word, end, 2, 2) : -1;

	if (word != end || year < 1 || month < 1 || month > 12 || day_of_month < 1 ||
		day_of_month > days[month - 1] + (month == 2 && is_leap_year(year)))
		return hours_fail(reader->error, NOT_A_DATE, place, place);
	reader->position += place.length;
	*day = day_of_date(year, month, day_of_month);
	return true;
}
