/*
 * exact_sum.c
 *	  The sum of doubles as if nothing were rounded before its end.  So the sum is the
 *	  same in whatever order they come, and however they were split before.
 *
 * A double is an integer of 53 bits times a power of two, between 2^-1074 and 2^971.
 * All of them fit into one fixed-point number of some 2,200 bits, in which they can be
 * added without rounding (Kulisch, "Computer Arithmetic and Validity", 8):
 *
 *	  limb    69       ...        34         33         32        ...     0
 *	        +----+           +----------+----------+----------+         +----+
 *	        |    |           | 0000002A | 80000000 | 00000000 |         |    |
 *	        +----+           +----------+----------+----------+         +----+
 *	                       2^14       2^-18      2^-50                2^-1074
 *
 * Every limb has 32 bits of that number in a signed integer of 64 bits.  The upper half
 * takes the carries of MOST_ADDITIONS additions, which then move on.
 */
#include <math.h>
#include <string.h>

#include "kernel/distribution/exact_sum.h"

#define LOWEST_EXPONENT		(-1074)
#define MANTISSA_BITS		53
#define HIDDEN_BIT			(UINT64_C(1) << (MANTISSA_BITS - 1))
#define EXPONENT_MASK		0x7FF
#define LIMB_MASK			UINT64_C(0xFFFFFFFF)

/* Each adds less than 2^32 to a limb. */
#define MOST_ADDITIONS		(UINT64_C(1) << 30)

void
exact_sum_init(ExactSum *sum)
{
	memset(sum, 0, sizeof(*sum));
}

/* Leaves 32 bits in each limb but the highest, which has the sign. */
static void
carry(ExactSum *sum)
{
	for (int i = 0; i < LIMBS_IN_SUM - 1; i++)
	{
		/* A shift to the right keeps the sign with every compiler that builds PostgreSQL. */
		sum->limbs[i + 1] += sum->limbs[i] >> LIMB_BITS;
		sum->limbs[i] &= LIMB_MASK;
	}
	sum->additions = 0;
}

static void
add_product(ExactSum *sum, unsigned __int128 product, int bit, int sign)
{
	int			limb = bit / LIMB_BITS;
	int			shift = bit % LIMB_BITS;
	uint64_t	lowest = (uint64_t) product << shift & LIMB_MASK;

	sum->limbs[limb] += sign * (int64_t) lowest;
	for (product >>= LIMB_BITS - shift; product != 0; product >>= LIMB_BITS)
		sum->limbs[++limb] += sign * (int64_t) ((uint64_t) product & LIMB_MASK);
}

void
exact_sum_add(ExactSum *sum, double value, uint64_t count)
{
	uint64_t	bits;
	int			exponent;
	uint64_t	mantissa;

	memcpy(&bits, &value, sizeof(bits));
	exponent = bits >> (MANTISSA_BITS - 1) & EXPONENT_MASK;
	mantissa = bits & (HIDDEN_BIT - 1);

	/* Subnormal numbers have the exponent of the smallest normal ones, but no hidden bit. */
	if (exponent == 0)
		exponent = 1;
	else
		mantissa |= HIDDEN_BIT;

	add_product(sum, (unsigned __int128) mantissa * count, exponent - 1, bits >> 63 ? -1 : 1);
	if (++sum->additions == MOST_ADDITIONS)
		carry(sum);
}

static void
negate(ExactSum *sum)
{
	for (int i = 0; i < LIMBS_IN_SUM; i++)
		sum->limbs[i] = -sum->limbs[i];
	carry(sum);
}

/* The position of the highest bit that is set, or -1. */
static int
highest_bit(const ExactSum *sum)
{
	for (int i = LIMBS_IN_SUM - 1; i >= 0; i--)
		if (sum->limbs[i] != 0)
			return i * LIMB_BITS + 63 - __builtin_clzll(sum->limbs[i]);
	return -1;
}

static int
bit_at(const ExactSum *sum, int bit)
{
	return sum->limbs[bit / LIMB_BITS] >> (bit % LIMB_BITS) & 1;
}

static int
any_bit_below(const ExactSum *sum, int bit)
{
	for (int i = 0; i < bit / LIMB_BITS; i++)
		if (sum->limbs[i] != 0)
			return 1;
	return (sum->limbs[bit / LIMB_BITS] & (((int64_t) 1 << (bit % LIMB_BITS)) - 1)) != 0;
}

/* The sum must not be negative, and its carries must have moved on. */
static double
round_magnitude(const ExactSum *sum)
{
	int			highest = highest_bit(sum);
	int			lowest = highest < MANTISSA_BITS ? 0 : highest - MANTISSA_BITS + 1;
	uint64_t	mantissa = 0;

	for (int bit = highest; bit >= lowest; bit--)
		mantissa = mantissa << 1 | bit_at(sum, bit);
	if (lowest > 0 && bit_at(sum, lowest - 1) && (any_bit_below(sum, lowest - 1) || mantissa & 1))
		mantissa++;
	return ldexp((double) mantissa, lowest + LOWEST_EXPONENT);
}

double
exact_sum_round(const ExactSum *sum)
{
	ExactSum	copy = *sum;

	carry(&copy);
	if (copy.limbs[LIMBS_IN_SUM - 1] >= 0)
		return round_magnitude(&copy);
	negate(&copy);
	return -round_magnitude(&copy);
}
