/*
 * file_counts.c: what was read of each file. See file_counts.h.
 */
#include "file_counts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "database/sql.h"

#define MOST_HELD 1000

FileCount *file_counts_add(FileCounts *counts, const char *name)
{
    FileCount *count;

    counts->items = reallocate(counts->items, (size_t)(counts->count + 1) * sizeof(FileCount));
    count = &counts->items[counts->count++];
    *count = (FileCount){.name = format_text("%s", name)};
    return count;
}

static void free_items(FileCounts *counts)
{
    for (int i = 0; i < counts->count; i++) {
        free(counts->items[i].name);
        for (int time = 0; time < STAGED_TIMES; time++)
            free(counts->items[i].zones[time]);
    }
    counts->count = 0;
}

void file_counts_free(FileCounts *counts)
{
    free_items(counts);
    free(counts->items);
    *counts = (FileCounts){0};
}

bool file_counts_are_many(const FileCounts *counts)
{
    return counts->count >= MOST_HELD;
}

#define INTERVAL_SIZE       64
#define MICROSECONDS_OF_DAY INT64_C(86400000000)

/* A time as an interval since PostgreSQL's epoch, because the server reads no year 0 as a timestamp. NULL:
 * the time is unknown. */
static const char *interval_text(Instant time, char text[INTERVAL_SIZE])
{
    if (!time.known)
        return NULL;
    snprintf(text, INTERVAL_SIZE, "%" PRId64 " days %" PRId64 " milliseconds %" PRId64 " microseconds",
             time.microseconds / MICROSECONDS_OF_DAY, time.microseconds % MICROSECONDS_OF_DAY / 1000,
             time.microseconds % 1000);
    return text;
}

static bool send_count(PGconn *connection, int file, const FileCount *count)
{
    char numbers[5][NUMBER_SIZE], format[64], times[3][INTERVAL_SIZE];
    const char *values[11 + STAGED_TIMES] = {
        number_text(file, numbers[0]),
        count->name,
        format,
        number_text(count->bytes, numbers[1]),
        number_text(count->read, numbers[2]),
        number_text(count->rejected, numbers[3]),
        number_text(count->ignored, numbers[4]),
        count->is_list ? "false" : "true",
        interval_text(count->times.newest, times[0]),
        interval_text(count->times.earliest, times[1]),
        interval_text(count->times.latest, times[2]),
    };

    snprintf(format, sizeof(format), "%s%s%s%s", count->format, count->archived ? "+tar" : "",
             count->compression != NULL ? "+" : "", count->compression != NULL ? count->compression : "");
    for (int time = 0; time < STAGED_TIMES; time++)
        values[11 + time] = count->zones[time];
    return run_command(connection, sql_add_file, 11 + STAGED_TIMES, values) >= 0;
}

bool file_counts_store(PGconn *connection, FileCounts *counts)
{
    for (int i = 0; i < counts->count; i++) {
        const FileCount *count = &counts->items[i];

        if (!send_count(connection, counts->stored + i, count))
            return false;
        counts->read += count->read;
        for (int time = 0; time < STAGED_TIMES; time++)
            counts->names_zones = counts->names_zones || count->zones[time] != NULL;
    }
    counts->stored += counts->count;
    free_items(counts);
    return true;
}
