/*
 * date_format.h: days as a country writes them, by the pattern that --date-format gives.
 *
 * 05/01/2025 is in January or in May, and nothing in a file says which. So the order of day and month is
 * never guessed: without a pattern such a day is no time, and what is said of it names the patterns that fit.
 */
#ifndef TTR_LOADER_READ_TEXT_DATE_FORMAT_H
#define TTR_LOADER_READ_TEXT_DATE_FORMAT_H

#include <stdbool.h>

#include "read/text/slice.h"

typedef struct DateFormat {
    const char *pattern; /* as it was given; NULL: none is, and days are those of ISO 8601 */
    char order[3];       /* of the letters D, M and Y */
    char separator;
} DateFormat;

/*
 * Reads a pattern such as MM/DD/YYYY, or mm/dd/yyyy: D and M once or twice, YYYY first or last, and one
 * separator of "/",
 * "." and "-". False: it is none.
 */
bool date_format_read(const char *pattern, DateFormat *format);

/* Takes a day that is written so off the front of *text; day and month have one digit or two. */
bool date_format_take(const DateFormat *format, Slice *text, int *year, int *month, int *day);

/* "MM/DD/YYYY or DD/MM/YYYY": the patterns in which the text begins with a day; empty if there is none. */
#define DATE_FORMATS_SIZE 64
void date_format_suggest(Slice text, char list[DATE_FORMATS_SIZE]);

#endif
