/*
 * record.h: what a record says, as columns of binary COPY that lie in one piece, and their fingerprint.
 *
 * The way into copy/: copy_record() adds a conversation to the rows in a buffer (buffer.h).
 *
 *     the facts        values
 *                      values | attributes           {} where there are none
 *     the stage        values | attributes           NULL where there are none
 *                      timeline | values | attributes
 *
 * Behind whatever else a row has, these columns stand last. The fingerprint is that of the bytes that say
 * something: a timeline of NULLs and attributes that are not there do not. So a record has the same one
 * wherever it goes.
 *
 * Attributes may be six times as long as a record. An object of more than 64 kB does not stand in the buffer:
 * only its length does, and attributes_write() sends it.
 */
#ifndef TTR_LOADER_COPY_RECORD_H
#define TTR_LOADER_COPY_RECORD_H

#include "copy/attributes.h"
#include "copy/buffer.h"

/* Each takes all records that those before it take. */
typedef enum Destination {
    TO_FACTS,
    TO_FACTS_WITH_ATTRIBUTES,
    TO_STAGE,
    TO_STAGE_WITH_TIMELINES,
} Destination;

/* How many columns copy_record() adds. */
int16_t record_columns(Destination destination);

/*
 * Adds the columns and returns the fingerprint. zones: of the record's local times, STAGED_TIMES of them
 * (read/record/fields.h). *whole is false where the attributes are too long for the buffer, and follow.
 */
int64_t copy_record(CopyBuffer *rows, AttributeWriter *attributes, const Conversation *conversation,
                    Destination destination, const char *const *zones, bool *whole);

/* Events, their number and teammates: what few exports have. */
bool needs_timeline(const Conversation *conversation);

/* Times of the record that carry no offset: a bit for each StagedTime, all events being one. */
int naive_times(const Conversation *conversation);

/* Number of these times, each event counted. */
int64_t count_naive_times(const Conversation *conversation);

#endif
