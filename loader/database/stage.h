/*
 * stage.h: records on their way to the server, in rows of binary COPY.
 *
 *     facts          records that come first and need no merge: straight into ttr_data.conversation
 *     stage          the temporary table: records for the merge
 *     named_range    records that the facts have already: only ranges of their identifiers (known.h)
 *
 * One COPY is open at a time, for one destination with certain columns. A record that needs more ends it and
 * begins the next.
 */
#ifndef TTR_LOADER_DATABASE_STAGE_H
#define TTR_LOADER_DATABASE_STAGE_H

#include "copy/attributes.h"
#include "copy/record.h"
#include "database/copy_in.h"
#include "database/known.h"
#include "database/named_range.h"
#include "read/export/list.h"
#include "read/record/fields.h"
#include "read/record/file_times.h"

/* What holds for all records of a run. */
typedef struct StageOptions {
    FreeText *free_text;   /* which texts are staged */
    const char *time_zone; /* of naive times where their file names none */
    int64_t load_id;
    int64_t now;       /* start of the run, since PostgreSQL's epoch */
    bool lists[LISTS]; /* which lists come besides conversations */
    /* For a second connection (known.h). NULL: none, because the run reads several exports as one and stages
     * all of them. */
    const ConnectionOptions *connection;
} StageOptions;

typedef struct Stage {
    RowStream stream;
    StageOptions options;
    AttributeWriter attributes;

    /* Ways */
    Destination destination; /* of the COPY that is open */
    Destination least;       /* least that a record may take: TO_FACTS while records may go straight */
    bool compares;           /* records with the facts, from some record on */
    Known known;             /* facts that are compared */
    NamedRanges ranges;      /* of identifiers that are named and not staged */

    /* The file whose records are added */
    int32_t file;
    const char *zones[STAGED_TIMES]; /* of its naive times */
    int local_times;                 /* those whose zone is not UTC: a bit for each StagedTime */
    FileTimes times;

    /* All of the run */
    int64_t record_count;           /* staged, straight and known ones, of all files */
    int64_t straight_count;         /* written straight into the facts */
    int64_t known_count;            /* not staged, because the facts have the same */
    int64_t naive_count;            /* times without an offset */
    int64_t placeholder_count;      /* values that were read as empty */
    bool has_events, has_teammates; /* some staged record or list has them */
    bool has_deletions;             /* some staged record is one */
    bool has_tag_history;           /* some staged record is one tag of a conversation */
    bool is_doubtful; /* some conversation may be in no time to resolution, though it is closed */

    /* Order of identifiers */
    bool may_repeat; /* a conversation may have several records */
    int direction;   /* so far: 1 each is greater than the one before, -1 less */
    char last_id[VALUE_LIMIT];
    size_t last_id_length;
} Stage;

/* Between begin and end the connection can do nothing else. */
bool stage_begin(Stage *stage, PGconn *connection, const StageOptions *options);

/* The next records come from this file. zones: STAGED_TIMES of them, NULL where the content names none.
 * lists_tag_lines: each record is one tag of a conversation. */
void stage_begin_file(Stage *stage, int32_t file, char *const *zones, bool lists_tag_lines);
bool stage_add(Stage *stage, const Conversation *conversation);

/* reason: NULL, or why the stage is given up; then the result is false. */
bool stage_end(Stage *stage, const char *reason);

#endif
