/*
 * date_format.h: days in the notation of a country, by the pattern of --date-format.
 *
 * 05/01/2025 is in January or in May, and a file does not show which. So the order of day and month is never
 * guessed: without a pattern such a day is a defect, whose message has the patterns that fit.
 */
#ifndef TTR_LOADER_READ_TEXT_DATE_FORMAT_H
#define TTR_LOADER_READ_TEXT_DATE_FORMAT_H

#include <stdbool.h>

#include "read/text/slice.h"

typedef struct DateFormat {
    const char *pattern; /* as given; NULL: days are in ISO 8601 */
    char order[3];       /* of the letters D, M and Y */
    char separator;
} DateFormat;

/*
 * Reads a pattern, such as MM/DD/YYYY or d.m.yyyy: D and M once or twice, YYYY first or last, one separator.
 * The separator is a slash, a point or a hyphen. False: the pattern is none of these.
 */
bool date_format_read(const char *pattern, DateFormat *format);

/* Takes a day in that format off the front of *text; day and month have one digit or two. */
bool date_format_take(const DateFormat *format, Slice *text, int *year, int *month, int *day);

/* "MM/DD/YYYY or DD/MM/YYYY": the patterns that fit the day at the start of the text; empty if none does. */
#define DATE_FORMATS_SIZE 64
void date_format_suggest(Slice text, char list[DATE_FORMATS_SIZE]);

#endif
