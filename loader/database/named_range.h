/*
 * named_range.h: the conversations that a run names without staging them, for the temporary table
 * named_range.
 *
 * A range goes from one identifier to another, and names all facts between the two. While COPY
 * keeps the connection busy, ranges wait as rows of binary COPY.
 */
#ifndef TTR_LOADER_DATABASE_NAMED_RANGE_H
#define TTR_LOADER_DATABASE_NAMED_RANGE_H

#include "database/copy_in.h"

typedef struct NamedRanges {
    int32_t file; /* whose records name the ranges */
    CopyBuffer rows;
    int64_t count;
    bool begun; /* the range from first to last is not ended yet */
    char first[VALUE_LIMIT], last[VALUE_LIMIT];
    size_t first_length, last_length;
} NamedRanges;

/* Adds an identifier to the range that is begun, or begins one. The identifier is greater than those before,
 * and no other of the facts lies between. */
void ranges_add(NamedRanges *ranges, Slice id);
void ranges_end(NamedRanges *ranges);

/* Whether more ranges would take too much memory. */
bool ranges_are_full(const NamedRanges *ranges);

bool ranges_store(NamedRanges *ranges, PGconn *connection);
void ranges_free(NamedRanges *ranges);

#endif
