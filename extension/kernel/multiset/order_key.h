/*
 * order_key.h
 *	  Unsigned integers that are in the same order as the values they stand for.
 *
 * Selection by digits needs integers.  A double in IEEE 754 is a sign, an
 * exponent and a fraction, from the highest bit down, so that positive doubles
 * are already in the order of their bits; flipping the sign bit puts them above
 * the negative ones, and flipping all bits of a negative one turns its order
 * around:
 *
 *	  -1.0   1 01111111111 000...0   ->   0 10000000000 111...1
 *	   0.0   0 00000000000 000...0   ->   1 00000000000 000...0
 *	   1.0   0 01111111111 000...0   ->   1 01111111111 000...0
 *
 * (Described by Michael Herf, "Radix Tricks", 2001.)  PostgreSQL orders doubles
 * further than IEEE 754: -0 equals 0, and NaN equals NaN and is above everything.
 * So each of the two has a single key, and -0 and the bits inside a NaN are lost.
 */
#ifndef TTR_KERNEL_MULTISET_ORDER_KEY_H
#define TTR_KERNEL_MULTISET_ORDER_KEY_H

#include <stdint.h>
#include <string.h>

#define SIGN_BIT	(UINT64_C(1) << 63)

/* The quiet NaN without a payload: above infinity, whose key is FFF0000000000000. */
#define KEY_OF_NAN	UINT64_C(0xFFF8000000000000)

static inline uint64_t
key_of_double(double value)
{
	uint64_t	bits;

	if (value != value)
		return KEY_OF_NAN;

	/* In rounding to nearest -0 + 0 is 0; every other value stays as it is. */
	value += 0.0;
	memcpy(&bits, &value, sizeof(bits));
	return bits & SIGN_BIT ? ~bits : bits | SIGN_BIT;
}

static inline double
double_of_key(uint64_t key)
{
	uint64_t	bits = key & SIGN_BIT ? key ^ SIGN_BIT : ~key;
	double		value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

static inline uint64_t
key_of_int64(int64_t value)
{
	return (uint64_t) value ^ SIGN_BIT;
}

static inline int64_t
int64_of_key(uint64_t key)
{
	return (int64_t) (key ^ SIGN_BIT);
}

#endif							/* TTR_KERNEL_MULTISET_ORDER_KEY_H */
