/*
 * varint.h
 *	  Unsigned integers in as few bytes as they need, seven bits in each.
 *
 * The lowest seven bits come first, and every byte but the last has its highest bit
 * set (LEB128):
 *
 *	  5      05
 *	  300    AC 02			300 = 2 * 128 + 44
 *
 * Signed integers alternate, so that small ones of either sign stay small:
 * 0, -1, 1, -2, 2 ... become 0, 1, 2, 3, 4 ...
 */
#ifndef TTR_KERNEL_DISTRIBUTION_VARINT_H
#define TTR_KERNEL_DISTRIBUTION_VARINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* 64 bits, seven in each. */
#define MOST_VARINT_BYTES	10

/* Returns the place for the next byte. */
static inline uint8_t *
write_varint(uint8_t *to, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		*to++ = (uint8_t) value | 0x80;
	*to++ = (uint8_t) value;
	return to;
}

/*
 * Returns the place of the next byte; NULL if the bytes end within the integer, or if it
 * has more than 64 bits.
 */
static inline const uint8_t *
read_varint(const uint8_t *from, const uint8_t *end, uint64_t *value)
{
	uint64_t	result = 0;

	for (int shift = 0; shift < 64 && from < end; shift += 7)
	{
		uint8_t		byte = *from++;

		if (shift == 63 && byte > 1)
			return NULL;
		result |= (uint64_t) (byte & 0x7F) << shift;
		if (byte < 0x80)
		{
			*value = result;
			return from;
		}
	}
	return NULL;
}

static inline uint64_t
zigzag(int64_t value)
{
	return (uint64_t) value << 1 ^ (uint64_t) (value >> 63);
}

static inline int64_t
unzigzag(uint64_t value)
{
	return (int64_t) (value >> 1 ^ -(value & 1));
}

#endif							/* TTR_KERNEL_DISTRIBUTION_VARINT_H */
