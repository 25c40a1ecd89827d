/*
 * target.h
 *	  Targets, as SQL passes them.
 */
#ifndef TTR_TIMELINE_TARGET_H
#define TTR_TIMELINE_TARGET_H

#include <math.h>

/*
 * The nearest whole number of microseconds.  Error 22023 if the seconds are negative,
 * infinite or no number.
 */
static inline uint64
target_microseconds(double seconds)
{
	double		microseconds = rint(seconds * 1000000.0);

	if (isnan(seconds) || isinf(seconds) || seconds < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("target must be a number of seconds, zero or more"),
				 errhint("Pass 28800 for eight hours of working time.")));

	/* No calendar has 2^64 microseconds: beyond that it makes no difference. */
	return microseconds < 18446744073709551616.0 ? (uint64) microseconds : PG_UINT64_MAX;
}

#endif							/* TTR_TIMELINE_TARGET_H */
