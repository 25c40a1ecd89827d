/*
 * merge.h: from the stage into the facts, by sets.
 *
 * What counts is decided by the statements in sql/load: each names one step, in the order in which they run
 * here.
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
    bool is_everything; /* and there are no others */
    int64_t ambiguous;  /* local times that a clock change skips or repeats */
    int64_t events;     /* inserted or changed */
    int64_t deletions;  /* records that say nothing but that a conversation was deleted */
    int64_t deleted;    /* conversations that left the figures for that */
    /* Of the conversations that the run named, those that are in no time to resolution, and why. */
    int64_t unknown_starts, unknown_closes, early_closes;
} MergeCount;

/* time_zone: of the naive times that were staged; NULL if there are none that need it. */
bool merge(const Stage *stage, const char *time_zone, MergeCount *count);

#endif
