/*
 * interpolate.h
 *	  Computes percentiles from values and p: see interpolate.c.
 */
#ifndef TTR_PERCENTILE_INTERPOLATE_H
#define TTR_PERCENTILE_INTERPOLATE_H

#include "fmgr.h"
#include "utils/array.h"

#include "kernel/host.h"
#include "percentile/argument.h"

/* The differences between types that have percentiles, and between their states. */
typedef struct PercentileType
{
	Oid			oid;
	int16		length;
	bool		by_value;

	/*
	 * The values at the given ranks: see select_from_multiset().  The datums may point into
	 * memory of the host, which is not released.
	 */
	void		(*select) (const void *state, const uint64_t *ranks, size_t nranks, Datum *selected,
						   const Host *host);

	Datum		(*interpolate) (Datum first, Datum second, double fraction);
} PercentileType;

/* Both select from a PercentileState. */
extern const PercentileType float8_type;
extern const PercentileType interval_type;

extern Datum interpolate_float8(Datum first, Datum second, double fraction);

/* An error unless p is between 0 and 1. */
extern void check_percentile(double p);

/*
 * The percentile of a state that holds count values, one at least; and the array of the
 * percentiles of p[], in the shape of p[] and NULL where p is.  Results lie in the current
 * memory context.
 */
extern Datum percentile_of(const PercentileType *type, const void *state, uint64_t count, bool descending, double p);
extern Datum percentiles_of(const PercentileType *type, const void *state, uint64_t count, bool descending,
							const ArrayType *p);

/* The result of quantile() over a state that holds count values: a percentile or an array of them. */
extern Datum quantile_of(FunctionCallInfo fcinfo, const PercentileType *type, const void *state, uint64_t count,
						 QuantileArgument argument);

#endif							/* TTR_PERCENTILE_INTERPOLATE_H */
