/*
 * fingerprint.h: an 8-byte hash of all that a record says of its conversation.
 *
 * The facts keep the fingerprint of the record that they come from. A record of a later export that has the
 * same one says the same, and nobody needs to look at it any further. What differs between two exports that
 * say the same is not hashed: the record's place, its file and the export's date.
 *
 * Two different records of one conversation have the same fingerprint once in 2^64 times. A release that
 * hashes other bytes finds nothing alike in older facts, and looks at every record once more: nothing else
 * depends on the value.
 */
#ifndef TTR_LOADER_COPY_FINGERPRINT_H
#define TTR_LOADER_COPY_FINGERPRINT_H

#include <stdint.h>

#include "copy/attributes.h"
#include "read/record/fields.h"

/*
 * What the bytes of a record (record.h) mean: of which fields it speaks, whether its timeline stands
 * before its values, and in which zones its local times are, by the bits of naive_times().
 */
typedef struct FingerprintSeed {
    int32_t field_set;
    bool has_timeline;
    int naive;
    const char *const *zones; /* STAGED_TIMES of them */
} FingerprintSeed;

/* rest: what follows the bytes, where the attributes are too long to stand among them; NULL: nothing does. */
int64_t fingerprint(const FingerprintSeed *seed, Slice bytes, AttributeWriter *rest);

#endif
