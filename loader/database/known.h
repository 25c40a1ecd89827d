/*
 * known.h: the fingerprints of the facts, read beside the records, so that a reload stages only what differs.
 *
 *     records   a   b       d   e   f       in ascending order of identifiers
 *     facts     a   b   c   d   e           identifier and fingerprint, in the same order
 *               =   =   !   =   #   +       = alike, ! not named, # differs, + new
 *
 * The first connection is in COPY, so a second one streams the facts. One record and one fact are in memory
 * at a time. A load can do without the second connection: if it cannot be opened, or is lost, nothing is
 * known from there on.
 */
#ifndef TTR_LOADER_DATABASE_KNOWN_H
#define TTR_LOADER_DATABASE_KNOWN_H

#include "database/connection.h"
#include "read/text/slice.h"

typedef struct Known {
    PGconn *connection; /* NULL: nothing is known */
    char *row;          /* of the stream, in libpq's memory */
    Slice id;
    bool has_fingerprint;
    int64_t fingerprint;
} Known;

/* Begins the stream of the facts whose identifiers are greater than after. */
void known_open(Known *known, const ConnectionOptions *options, PGconn *first, Slice after);
void known_close(Known *known);

/*
 * Whether the facts have the identifier with this fingerprint. Each identifier must be greater than that of
 * the call before. *passed: the facts have others between the two.
 */
bool known_find(Known *known, Slice id, int64_t fingerprint, bool *passed);

#endif
