/*
 * record.h: the values of a record as adjacent columns of binary COPY, and their fingerprint.
 *
 * The way into copy/: copy_record() adds a conversation to the rows in a buffer (buffer.h).
 *
 *     the facts        values
 *                      values | attributes           {} where there are none
 *     the stage        values | attributes           NULL where there are none
 *                      timeline | values | attributes
 *
 * These columns are the last of a row. The fingerprint leaves out a timeline of NULLs and attributes that are
 * absent. So a record has the same fingerprint wherever it goes.
 *
 * Attributes may be six times as long as a record. Of an object of more than 64 kB only the length is in the
 * buffer; attributes_write() sends the object.
 */
#ifndef TTR_LOADER_COPY_RECORD_H
#define TTR_LOADER_COPY_RECORD_H

#include "copy/attributes.h"
#include "copy/buffer.h"

/* Each destination takes all records that those before it take. */
typedef enum Destination {
    TO_FACTS,
    TO_FACTS_WITH_ATTRIBUTES,
    TO_STAGE,
    TO_STAGE_WITH_TIMELINES,
} Destination;

/* Number of columns that copy_record() adds. */
int16_t record_columns(Destination destination);

/*
 * Adds the columns and returns the fingerprint. zones: of the record's local times, STAGED_TIMES of them
 * (read/record/fields.h). *whole: false if the attributes are too long for the buffer, and the caller sends
 * them.
 */
int64_t copy_record(CopyBuffer *rows, AttributeWriter *attributes, const Conversation *conversation,
                    Destination destination, const char *const *zones, bool *whole);

/* Whether the record has events, their number or teammates, as few exports have. */
bool needs_timeline(const Conversation *conversation);

/* The times of the record without an offset: a bit for each StagedTime, one for all events. */
int naive_times(const Conversation *conversation);

/* Number of these times, each event counted. */
int64_t count_naive_times(const Conversation *conversation);

#endif
