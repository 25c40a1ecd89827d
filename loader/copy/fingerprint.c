/*
 * fingerprint.c: a hash of all values of a record. See fingerprint.h.
 */
#include "copy/fingerprint.h"

#include <string.h>

/* All of xxHash from its header: ttr-load links no library for it, and needs none where it runs. */
#define XXH_INLINE_ALL
#include <xxhash.h>

static XXH64_hash_t mix(const FingerprintSeed *seed)
{
    XXH64_hash_t hash = (XXH64_hash_t)seed->field_set | (XXH64_hash_t)seed->naive << 32 |
                        (XXH64_hash_t)seed->has_timeline << 48;

    for (int i = 0; seed->naive >> i != 0; i++)
        if (seed->naive >> i & 1)
            hash = XXH3_64bits_withSeed(seed->zones[i], strlen(seed->zones[i]), hash);
    return hash;
}

static void add_piece(void *taker, const char *bytes, size_t length)
{
    XXH3_64bits_update(taker, bytes, length);
}

int64_t fingerprint(const FingerprintSeed *seed, Slice bytes, AttributeWriter *rest)
{
    XXH3_state_t state;

    if (rest == NULL)
        return (int64_t)XXH3_64bits_withSeed(bytes.bytes, bytes.length, mix(seed));
    XXH3_INITSTATE(&state);
    XXH3_64bits_reset_withSeed(&state, mix(seed));
    XXH3_64bits_update(&state, bytes.bytes, bytes.length);
    attributes_write(rest, add_piece, &state);
    return (int64_t)XXH3_64bits_digest(&state);
}
