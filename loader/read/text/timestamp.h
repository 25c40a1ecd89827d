/*
 * timestamp.h: instants from text, strictly and the same everywhere.
 *
 * PostgreSQL's own input takes "today", "1/2/2024" in the order of DateStyle, and "infinity": what a file
 * means would depend on when and where it is loaded. So times are read here, by one grammar of ISO 8601:
 *
 *     YYYY-MM-DD (T|t|blank) HH:MM [:SS [.fraction]] [[blank] (Z|UTC|GMT|(+|-)HH[[:]MM])]
 *
 * Letters may be small. A fraction has 1 to 9 digits and is rounded half up to microseconds. No offset: the
 * time is naive, and whoever knows its zone must convert it; PostgreSQL does (sql/load/prepare.sql), so
 * that gaps and overlaps follow its rule.
 */
#ifndef TTR_LOADER_READ_TEXT_TIMESTAMP_H
#define TTR_LOADER_READ_TEXT_TIMESTAMP_H

#include <stdbool.h>
#include <stdint.h>

#include "read/text/date_format.h"
#include "read/text/defect.h"
#include "read/text/slice.h"

typedef struct Instant {
    bool known;           /* false: no time, NULL in the database */
    bool naive;           /* microseconds are those of a clock in some zone, as if it stood in UTC */
    int64_t microseconds; /* since 2000-01-01 00:00 UTC, PostgreSQL's epoch */
} Instant;

/* In which of the notations a time is written, as far as can be seen without reading it. */
typedef enum TimeStyle {
    TIME_UNDECIDED, /* zeros: no time, in any kind of epoch */
    TIME_TEXT,
    TIME_SECONDS,
    TIME_MILLISECONDS,
} TimeStyle;

/* Of a text that is not blank. */
TimeStyle time_style(Slice text);

/* Reads the whole text, which is not blank; else describes what is wrong, with DEFECT_BAD_TIME, and returns
 * false. */
bool timestamp_parse(Slice text, const char *column, Instant *instant, Defect *problem);

/*
 * The same of a cell of a table. With a format the day may be written by it, too; then AM or PM may follow
 * the time of day, whose hour may have one digit, and a day alone begins at midnight.
 */
bool timestamp_parse_cell(Slice text, const DateFormat *format, const char *column, Instant *instant,
                          Defect *problem);

/*
 * Reads an epoch: digits, and perhaps a fraction; seconds, or milliseconds where there are so many that
 * seconds would lie beyond the year 5138. 0 is no time. JSON has its times so.
 */
bool timestamp_parse_epoch(Slice text, const char *column, Instant *instant, Defect *problem);

/* As ISO 8601, in UTC or, of a naive time, without an offset. */
#define TIME_TEXT_SIZE 40
void timestamp_print(Instant instant, char text[TIME_TEXT_SIZE]);

#endif
