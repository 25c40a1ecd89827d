/*
 * known.h: what the facts have already, read beside the records, so that a reload looks only at what differs.
 *
 *     records   a   b       d   e   f       in ascending order of identifiers
 *     facts     a   b   c   d   e           identifier and fingerprint, in the same order
 *               =   =   !   =   #   +       = alike, ! not named, # differs, + new
 *
 * The first connection is in COPY, so a second one streams the facts: of neither side more than one is in
 * memory. Nobody needs it: where it cannot be opened, or is lost on the way, nothing is known from there on.
 */
#ifndef TTR_LOADER_DATABASE_KNOWN_H
#define TTR_LOADER_DATABASE_KNOWN_H

#include "database/connection.h"
#include "read/text/slice.h"

typedef struct Known {
    PGconn *connection; /* NULL: nothing is known */
    char *row;          /* as the server sent it: libpq's memory */
    Slice id;
    bool has_fingerprint;
    int64_t fingerprint;
} Known;

/* What is known of identifiers beyond this one. */
void known_open(Known *known, const ConnectionOptions *options, PGconn *first, Slice after);
void known_close(Known *known);

/*
 * Whether the facts have the identifier with this fingerprint. Each identifier that is asked for is greater
 * than the one before; *passed: the facts have others between the two.
 */
bool known_find(Known *known, Slice id, int64_t fingerprint, bool *passed);

#endif
