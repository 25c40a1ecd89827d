/*
 * value.h
 *	  Distributions as values of SQL: see value.c.
 *
 * The way into distribution/: distribution_open() reads the value that SQL passes.
 */
#ifndef TTR_DISTRIBUTION_VALUE_H
#define TTR_DISTRIBUTION_VALUE_H

#include "fmgr.h"

#include "kernel/distribution/format.h"

/* The bytes of a value, however it is stored; they live as long as the call. */
extern const uint8_t *distribution_bytes(Datum value, size_t *size);

/* A reader of a value.  An error if it is damaged at its start (XX001). */
extern DistributionReader distribution_open(Datum value);

/* Must be called after reading: an error if the reader met damage (XX001). */
extern void distribution_check(const DistributionReader *reader);

/*
 * The distribution that was written, as a value in the current memory context.  Errors:
 * more than 2^63 - 1 values (22003), more than 1 GB (54000).
 */
extern Datum distribution_written(DistributionWriter *writer);

/*
 * A value that is being merged: its runs lie in a hash table, so that adding to it costs
 * as much as what is added.  It is an expanded object of PostgreSQL (utils/expandeddatum.h),
 * which becomes bytes where it is stored or read.
 */
typedef struct MergedDistribution MergedDistribution;

/* An empty one in a memory context of its own, below the given one. */
extern MergedDistribution *merged_distribution_create(MemoryContext parent);

/* Adds all values of a distribution.  Error: more than 2^63 - 1 values (22003). */
extern void merged_distribution_add(MergedDistribution *merged, Datum value);

/* The merged distribution that a value points to, if it may be changed; else NULL. */
extern MergedDistribution *merged_distribution_of(Datum value);
extern Datum merged_distribution_value(MergedDistribution *merged);

#endif							/* TTR_DISTRIBUTION_VALUE_H */
