/*
 * timestamp.h: instants from text, strictly and the same everywhere.
 *
 * PostgreSQL's own input accepts "today", "infinity", and "1/2/2024" in the order of DateStyle: a file would
 * mean something else at another time or place. So times are read here, by one grammar of ISO 8601:
 *
 *     YYYY-MM-DD (T|t|blank) HH:MM [:SS [.fraction]] [[blank] (Z|UTC|GMT|(+|-)HH[[:]MM])]
 *
 * Letters may be small. A fraction has 1 to 9 digits and is rounded half up to microseconds. A time without
 * an offset is naive: PostgreSQL converts it (sql/load/prepare.sql), so that gaps and overlaps follow its
 * rule.
 */
#ifndef TTR_LOADER_READ_TEXT_TIMESTAMP_H
#define TTR_LOADER_READ_TEXT_TIMESTAMP_H

#include <stdbool.h>
#include <stdint.h>

#include "read/text/date_format.h"
#include "read/text/defect.h"
#include "read/text/slice.h"

typedef struct Instant {
    bool known;           /* false: no time; NULL in the database */
    bool naive;           /* microseconds are those of a local clock, as if it showed UTC */
    int64_t microseconds; /* since 2000-01-01 00:00 UTC, PostgreSQL's epoch */
} Instant;

/* The notation of a time, as far as its characters show it. */
typedef enum TimeStyle {
    TIME_UNDECIDED, /* zeros: no time in seconds or milliseconds */
    TIME_TEXT,
    TIME_SECONDS,
    TIME_MILLISECONDS,
} TimeStyle;

/* The text must not be blank. */
TimeStyle time_style(Slice text);

/* Reads the whole text, which must not be blank. False: *problem is a DEFECT_BAD_TIME. */
bool timestamp_parse(Slice text, const char *column, Instant *instant, Defect *problem);

/*
 * The same for a cell of a table. With a format, the day may also be in that format; then the hour may have
 * one digit, AM or PM may follow the time of day, and a day alone begins at midnight.
 */
bool timestamp_parse_cell(Slice text, const DateFormat *format, const char *column, Instant *instant,
                          Defect *problem);

/*
 * Reads a number of seconds since 1970, perhaps with a fraction, or of milliseconds, if seconds would be
 * beyond the year 5138. 0 is no time. JSON has such times.
 */
bool timestamp_parse_epoch(Slice text, const char *column, Instant *instant, Defect *problem);

/* Prints ISO 8601, in UTC; a naive time without an offset. */
#define TIME_TEXT_SIZE 40
void timestamp_print(Instant instant, char text[TIME_TEXT_SIZE]);

#endif
