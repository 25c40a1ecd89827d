/*
 * stage.h: records on their way into the temporary table stage, in rows of binary COPY.
 *
 * The rows gather in a buffer and go to the server 64 kB at a time, whatever a row's size.
 */
#ifndef TTR_LOADER_STAGE_H
#define TTR_LOADER_STAGE_H

#include "attributes.h"
#include "connection.h"
#include "copy.h"
#include "field.h"

typedef struct Stage {
    PGconn *connection;
    CopyBuffer rows;
    AttributeWriter attributes;
    bool sent;    /* false: sending failed, which is reported */
    bool whole;   /* rows have all columns, not only those before the timeline */
    int32_t file; /* whose records are added */
    int64_t record_count;
    int64_t naive_count;                           /* times without an offset, among the records staged */
    bool has_events, has_teammates, has_deletions; /* some record has them */
    bool lacks_starts; /* some record does not say when the conversation started */
    bool may_repeat;   /* a conversation may have several records */
    int direction;     /* of the identifiers so far: 1 each is greater than the one before, -1 less */
    char last_id[VALUE_LIMIT];
    size_t last_id_length;
    bool shapes[FIELD_SETS]; /* which sets of fields occur; the set, as a number, is the shape's */
} Stage;

/* Between begin and end the connection can do nothing else. */
bool stage_begin(Stage *stage, PGconn *connection);
bool stage_add(Stage *stage, const Conversation *conversation);

/* NULL: all is staged; else why it is given up. Then false comes back. */
bool stage_end(Stage *stage, const char *reason);

/* The same for teammates that are listed, whose temporary table is listed_teammate. */
bool stage_begin_teammates(Stage *stage, PGconn *connection);
bool stage_add_teammate(Stage *stage, const Teammate *teammate);
bool stage_end_teammates(Stage *stage, const char *reason);

#endif
