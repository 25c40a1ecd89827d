/*
 * timestamp.c: instants from text. See timestamp.h.
 */
#include "read/text/timestamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Numbers below the first are seconds, up to the second milliseconds: both end in November 5138. */
#define MILLISECONDS_FROM INT64_C(100000000000)
#define MILLISECONDS_END  (MILLISECONDS_FROM * 1000)

/* Digits of MILLISECONDS_FROM. */
#define MILLISECONDS_DIGITS 12

/* Between the epochs of Unix and of PostgreSQL. */
#define MICROSECONDS_BEFORE_2000 (INT64_C(946684800) * 1000000)

/* A time while it is read: every step takes its bytes off the front of rest. */
typedef struct Clock {
    Slice rest;
    bool lenient; /* see timestamp_parse_cell() */
    int year, month, day, hour, minute, second;
    int microsecond;
    bool naive;
    int offset_minutes;
} Clock;

static bool take(Clock *clock, char c)
{
    if (clock->rest.length == 0 || clock->rest.bytes[0] != c)
        return false;
    clock->rest.bytes++;
    clock->rest.length--;
    return true;
}

static bool take_number(Clock *clock, size_t digits, int *number)
{
    *number = 0;
    if (clock->rest.length < digits)
        return false;
    for (size_t i = 0; i < digits; i++) {
        char c = clock->rest.bytes[i];

        if (c < '0' || c > '9')
            return false;
        *number = *number * 10 + (c - '0');
    }
    clock->rest.bytes += digits;
    clock->rest.length -= digits;
    return true;
}

static bool take_date(Clock *clock)
{
    return take_number(clock, 4, &clock->year) && take(clock, '-') && take_number(clock, 2, &clock->month) &&
           take(clock, '-') && take_number(clock, 2, &clock->day);
}

/* 1 to 9 digits as microseconds, rounded half up. 1,000,000 is possible and right: it carries into the
 * second. */
static bool take_fraction(Clock *clock)
{
    int nanoseconds = 0;
    int digits = 0;
    int digit;

    while (take_number(clock, 1, &digit)) {
        if (++digits > 9)
            return false;
        nanoseconds = nanoseconds * 10 + digit;
    }
    for (int i = digits; i < 9; i++)
        nanoseconds *= 10;
    clock->microsecond = (nanoseconds + 500) / 1000;
    return digits > 0;
}

static bool take_hour(Clock *clock)
{
    return take_number(clock, 2, &clock->hour) || (clock->lenient && take_number(clock, 1, &clock->hour));
}

/* AM or PM, if there is one. Then the hour is one of twelve, and 12 comes before 1. */
static bool take_half_day(Clock *clock)
{
    Slice rest = clock->rest;
    bool is_afternoon;

    take(clock, ' ');
    is_afternoon = take(clock, 'P') || take(clock, 'p');
    if ((!is_afternoon && !take(clock, 'A') && !take(clock, 'a')) ||
        (!take(clock, 'M') && !take(clock, 'm'))) {
        clock->rest = rest;
        return true;
    }
    if (clock->hour < 1 || clock->hour > 12)
        return false;
    clock->hour = clock->hour % 12 + (is_afternoon ? 12 : 0);
    return true;
}

static bool take_time_of_day(Clock *clock)
{
    if (!take_hour(clock) || !take(clock, ':') || !take_number(clock, 2, &clock->minute))
        return false;
    if (take(clock, ':') &&
        (!take_number(clock, 2, &clock->second) || (take(clock, '.') && !take_fraction(clock))))
        return false;
    return !clock->lenient || take_half_day(clock);
}

static bool take_zone_name(Clock *clock)
{
    bool is_one = slice_is_word(clock->rest, "utc") || slice_is_word(clock->rest, "gmt");

    if (is_one)
        clock->rest.length = 0;
    return is_one;
}

static bool take_offset(Clock *clock)
{
    int hours, minutes = 0;
    bool west;

    if (clock->rest.length == 0) {
        clock->naive = true;
        return true;
    }
    if (take(clock, 'Z') || take(clock, 'z') || take_zone_name(clock))
        return true;
    west = take(clock, '-');
    if (!west && !take(clock, '+'))
        return false;
    if (!take_number(clock, 2, &hours))
        return false;
    if ((take(clock, ':') || clock->rest.length > 0) && !take_number(clock, 2, &minutes))
        return false;
    clock->offset_minutes = (west ? -1 : 1) * (hours * 60 + minutes);
    /* PostgreSQL's limit, so that people can type into it what is loaded here. */
    return minutes < 60 && abs(clock->offset_minutes) < 16 * 60;
}

static bool take_clock(Clock *clock)
{
    if (!take(clock, 'T') && !take(clock, 't') && !take(clock, ' '))
        return false;
    if (!take_time_of_day(clock))
        return false;
    take(clock, ' ');
    return take_offset(clock) && clock->rest.length == 0;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return days[month - 1] + (month == 2 && leap);
}

/* Days since 2000-01-01 in the proleptic Gregorian calendar: years are counted from March, so that leap days
 * come last. */
static int64_t days_since_epoch(int year, int month, int day)
{
    int64_t y = month > 2 ? year : year - 1;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return y * 365 + y / 4 - y / 100 + y / 400 + day_of_year - 730425;
}

TimeStyle time_style(Slice text)
{
    size_t digits = 0, points = 0;
    bool is_zero = true;

    for (size_t i = 0; i < text.length; i++) {
        char c = text.bytes[i];

        points += c == '.';
        if (((c < '0' || c > '9') && c != '.') || points > 1) /* a date has two points: 01.05.2025 */
            return TIME_TEXT;
        is_zero = is_zero && (c == '0' || c == '.');
    }
    while (digits < text.length && text.bytes[digits] != '.')
        digits++;
    return is_zero ? TIME_UNDECIDED : digits < MILLISECONDS_DIGITS ? TIME_SECONDS : TIME_MILLISECONDS;
}

/* format: NULL where none is allowed. */
static bool report_no_time(Slice text, const DateFormat *format, const char *column, Defect *problem)
{
    Slice shown = slice_head(text, 60);
    char patterns[DATE_FORMATS_SIZE] = "";

    if (format != NULL && format->pattern != NULL)
        return defect(problem, DEFECT_BAD_TIME, column,
                      "\"%.*s\" is neither a time by --date-format=%s nor an ISO 8601 time such as "
                      "2025-05-01T09:30:00Z",
                      SLICE_ARGS(shown), format->pattern);
    if (format != NULL)
        date_format_suggest(text, patterns);
    if (*patterns != '\0')
        return defect(problem, DEFECT_BAD_TIME, column,
                      "\"%.*s\" is not an ISO 8601 time; say how its day is written by --date-format=%s",
                      SLICE_ARGS(shown), patterns);
    return defect(problem, DEFECT_BAD_TIME, column,
                  "\"%.*s\" is not an ISO 8601 time such as 2025-05-01T09:30:00Z", SLICE_ARGS(shown));
}

/* A month beyond 12 may be a day in another pattern: then --date-format is wrong for the file. */
static bool report_no_day(Slice text, const DateFormat *format, int month, const char *column,
                          Defect *problem)
{
    Slice shown = slice_head(text, 60);
    char patterns[DATE_FORMATS_SIZE] = "";

    if (format != NULL && format->pattern != NULL && month > 12)
        date_format_suggest(text, patterns);
    if (*patterns != '\0')
        return defect(problem, DEFECT_BAD_TIME, column, "\"%.*s\" has no day by --date-format=%s; it fits %s",
                      SLICE_ARGS(shown), format->pattern, patterns);
    return defect(problem, DEFECT_BAD_TIME, column, "\"%.*s\" is on a day that does not exist",
                  SLICE_ARGS(shown));
}

static bool take_day(Clock *clock, const DateFormat *format)
{
    Slice text = clock->rest;

    if (take_date(clock))
        return true;
    clock->rest = text;
    return clock->lenient && date_format_take(format, &clock->rest, &clock->year, &clock->month, &clock->day);
}

bool timestamp_parse_cell(Slice text, const DateFormat *format, const char *column, Instant *instant,
                          Defect *problem)
{
    Clock clock = {.rest = text, .lenient = format != NULL && format->pattern != NULL};
    Slice shown = slice_head(text, 60);
    int64_t seconds;

    if (!take_day(&clock, format))
        return report_no_time(text, format, column, problem);
    if (clock.year < 1 || clock.month < 1 || clock.month > 12 || clock.day < 1 ||
        clock.day > days_in_month(clock.year, clock.month))
        return report_no_day(text, format, clock.month, column, problem);
    if (clock.rest.length == 0 && clock.lenient)
        clock.naive = true;
    else if (clock.rest.length == 0)
        return defect(problem, DEFECT_BAD_TIME, column, "\"%.*s\" has no time of day", SLICE_ARGS(shown));
    else if (!take_clock(&clock))
        return report_no_time(text, format, column, problem);
    if (clock.hour > 23 || clock.minute > 59 || clock.second > 59)
        return defect(problem, DEFECT_BAD_TIME, column, "\"%.*s\" is at a time of day that does not exist",
                      SLICE_ARGS(shown));

    seconds = days_since_epoch(clock.year, clock.month, clock.day) * 86400 + clock.hour * 3600 +
              (clock.minute - clock.offset_minutes) * 60 + clock.second;
    *instant = (Instant){
        .known = true, .naive = clock.naive, .microseconds = seconds * INT64_C(1000000) + clock.microsecond};
    return true;
}

bool timestamp_parse(Slice text, const char *column, Instant *instant, Defect *problem)
{
    return timestamp_parse_cell(text, NULL, column, instant, problem);
}

bool timestamp_parse_epoch(Slice text, const char *column, Instant *instant, Defect *problem)
{
    Clock clock = {.rest = text};
    Slice shown = slice_head(text, 60);
    int64_t number = 0;
    int digit;

    *instant = (Instant){.known = false};
    while (number < MILLISECONDS_END && take_number(&clock, 1, &digit))
        number = number * 10 + digit;
    if (clock.rest.length == text.length || number >= MILLISECONDS_END ||
        (take(&clock, '.') && !take_fraction(&clock)) || clock.rest.length != 0)
        return defect(problem, DEFECT_BAD_TIME, column, "%.*s is neither seconds nor milliseconds since 1970",
                      SLICE_ARGS(shown));
    if (number == 0 && clock.microsecond == 0)
        return true;
    instant->known = true;
    instant->microseconds = number < MILLISECONDS_FROM ? number * 1000000 + clock.microsecond
                                                       : number * 1000 + clock.microsecond / 1000;
    instant->microseconds -= MICROSECONDS_BEFORE_2000;
    return true;
}

void timestamp_print(Instant instant, char text[TIME_TEXT_SIZE])
{
    int64_t since_1970 = instant.microseconds + MICROSECONDS_BEFORE_2000;
    int64_t microsecond = (since_1970 % 1000000 + 1000000) % 1000000;
    time_t seconds = (time_t)((since_1970 - microsecond) / 1000000);
    struct tm time;
    size_t length;

    gmtime_r(&seconds, &time);
    /* strftime() would write the year 5 in one digit. */
    length = (size_t)snprintf(text, TIME_TEXT_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d", time.tm_year + 1900,
                              time.tm_mon + 1, time.tm_mday, time.tm_hour, time.tm_min, time.tm_sec);
    if (microsecond != 0)
        length += (size_t)snprintf(text + length, TIME_TEXT_SIZE - length, ".%06d", (int)microsecond);
    snprintf(text + length, TIME_TEXT_SIZE - length, "%s", instant.naive ? "" : "Z");
}
