/*
 * merge.h: from the stage into the facts, by sets.
 *
 * The statements in sql/load decide what counts. Each is one step, and they stand there in the order in which
 * they run here.
 */
#ifndef TTR_LOADER_DATABASE_MERGE_H
#define TTR_LOADER_DATABASE_MERGE_H

#include "database/connection.h"
#include "database/stage.h"

typedef struct MergeCount {
    int64_t unnamed_tags; /* identifiers of tags without a name */
    int64_t inserted;
    int64_t updated;
    int64_t older;
    int64_t duplicate;
    int64_t named;      /* conversations that the run names */
    bool is_everything; /* the facts have no others */
    int64_t ambiguous;  /* local times that a clock change skips or repeats */
    int64_t events;     /* inserted or changed */
    int64_t deletions;  /* records that only report a deletion */
    int64_t deleted;    /* conversations that left the figures because of them */
    /* Conversations that the run named and that are in no time to resolution, by reason. */
    int64_t unknown_starts, unknown_closes, early_closes;
} MergeCount;

/* Merges what is staged. time_zone: of naive times; NULL: no time needs it. */
bool merge(const Stage *stage, const char *time_zone, MergeCount *count);

#endif
