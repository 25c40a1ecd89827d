/*
 * fingerprint.h: an 8-byte hash of all values of a record.
 *
 * The facts keep the fingerprint of the record that they come from. A record of a later export with the same
 * fingerprint has the same values, and needs no further look. A record's place, its file and its export's
 * date are not hashed: they differ between exports of the same values.
 *
 * Two different records of one conversation have the same fingerprint once in 2^64 times. A release that
 * hashes other bytes finds no match in older facts, and looks at every record once more. Nothing else depends
 * on the value.
 */
#ifndef TTR_LOADER_COPY_FINGERPRINT_H
#define TTR_LOADER_COPY_FINGERPRINT_H

#include <stdint.h>

#include "copy/attributes.h"
#include "read/record/fields.h"

/*
 * What the bytes of a record (record.h) mean: which fields it has, whether its timeline is before its values,
 * and the zones of its local times, by the bits of naive_times().
 */
typedef struct FingerprintSeed {
    int32_t field_set;
    bool has_timeline;
    int naive;
    const char *const *zones; /* STAGED_TIMES of them */
} FingerprintSeed;

/* rest: the attributes, where they are too long to be among the bytes; NULL: they are not. */
int64_t fingerprint(const FingerprintSeed *seed, Slice bytes, AttributeWriter *rest);

#endif
