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
#include "list.h"

typedef struct Stage {
    PGconn *connection;
    CopyBuffer rows;
    AttributeWriter attributes;
    bool sent;    /* false: sending failed, which is reported */
    bool whole;   /* rows have all columns, not only those before the timeline */
    int32_t file; /* whose records are added */
    int64_t record_count;
    int64_t straight_count, known_count;
    int64_t naive_count;                           /* times without an offset, among the records staged */
    int64_t placeholder_count;                     /* values of theirs that were read as empty */
    bool has_events, has_teammates, has_deletions; /* some record has them */
    bool is_doubtful; /* some conversation may be in no time to resolution, though it is closed */
    bool may_repeat;  /* a conversation may have several records */
    int direction;    /* of the identifiers so far: 1 each is greater than the one before, -1 less */
    char last_id[VALUE_LIMIT];
    size_t last_id_length;
    bool shapes[FIELD_SETS]; /* which sets of fields occur; the set, as a number, is the shape's */
    bool has_tag_history;    /* some file has a line for each tag of a conversation */
    bool has_tags;           /* the names of tags are listed */
} Stage;

/* Between begin and end the connection can do nothing else. free_text says which texts are staged. */
bool stage_begin(Stage *stage, PGconn *connection, FreeText *free_text);
bool stage_add(Stage *stage, const Conversation *conversation);

/* NULL: all is staged; else why it is given up. Then false comes back. */
bool stage_end(Stage *stage, const char *reason);

/* The same for lists, whose temporary tables are listed_teammate and listed_tag. */
bool stage_begin_list(Stage *stage, PGconn *connection, List list);
bool stage_add_teammate(Stage *stage, const Teammate *teammate);
bool stage_add_tag(Stage *stage, const Tag *tag);
bool stage_end_list(Stage *stage, const char *reason);

#endif
