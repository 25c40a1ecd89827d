/*
 * multiset.h
 *	  Shared by the unit tests of distributions: multisets of all shapes, and
 *	  distributions of them in memory of exactly their size.
 */
#ifndef TTR_MULTISET_H
#define TTR_MULTISET_H

#include <float.h>
#include <math.h>

#include "kernel/distribution/format.h"
#include "kernel/multiset/order_key.h"

/* In memory of exactly their size, so that the sanitizer sees every access beyond it. */
typedef struct Bytes
{
	uint8_t    *bytes;
	size_t		size;
} Bytes;

/* The runs that a distribution should have, in ascending order. */
typedef struct Multiset
{
	ValueCount *runs;
	size_t		count;
	uint64_t	values;
} Multiset;

static inline Bytes
bytes_of(const void *from, size_t size)
{
	Bytes		copy = {malloc(size + (size == 0)), size};

	memcpy(copy.bytes, from, size);
	return copy;
}

static inline Bytes
finish(DistributionWriter *writer)
{
	size_t		size = distribution_writer_size(writer);
	Bytes		written = {malloc(size), size};

	assert_false(writer->overflow);
	distribution_writer_finish(writer, written.bytes);
	return written;
}

static inline Bytes
write_runs(const ValueCount *runs, size_t count)
{
	Held		held;
	Host		host = counting_host(&held);
	DistributionWriter writer;
	Bytes		written;

	distribution_writer_init(&writer, &host);
	for (size_t i = 0; i < count; i++)
		distribution_writer_add(&writer, runs[i].value, runs[i].count);
	written = finish(&writer);
	assert_int_equal(held.pieces, 0);
	return written;
}

static inline bool
same_bytes(Bytes left, Bytes right)
{
	return left.size == right.size && memcmp(left.bytes, right.bytes, left.size) == 0;
}

static inline const char *
defect_of(Bytes bytes)
{
	Held		held;
	Host		host = counting_host(&held);
	const char *defect = distribution_defect(bytes.bytes, bytes.size, &host);

	assert_int_equal(held.pieces, 0);
	return defect;
}

static inline DistributionReader
open_reader(Bytes bytes)
{
	DistributionReader reader;

	assert_true(distribution_reader_open(&reader, bytes.bytes, bytes.size));
	return reader;
}


/* ----------------------------------------------------------------------
 * Random multisets
 * ----------------------------------------------------------------------
 */

typedef enum Shape
{
	WHOLE_SECONDS,
	MILLISECONDS,
	TENTHS,
	NEGATIVE,
	UNIFORM,
	ANY_BITS,
	EDGES,
	SCALE_BY_BLOCK,
	LARGEST_INTEGERS,
	WITH_SPECIAL_VALUES,
	SHAPES
} Shape;

static inline double
log_normal(uint64_t *random)
{
	return exp(9.6 + 1.5 * sqrt(-2 * log(next_uniform(random))) * cos(2 * M_PI * next_uniform(random)));
}

static inline double
any_finite(uint64_t *random)
{
	double		value;

	do
		value = double_of_key(next_random(random));
	while (!isfinite(value));
	return value;
}

static inline double
random_value(Shape shape, uint64_t *random)
{
	static const double edges[] = {
		-DBL_MAX, -0x1p51 - 1, -0x1p51, -DBL_MIN, -DBL_TRUE_MIN, -0.0, 0, DBL_TRUE_MIN, 3 * DBL_TRUE_MIN, DBL_MIN, 0.1,
		1, 0x1p51, 0x1p51 + 1, 0x1p53 + 2, 1e22, DBL_MAX / 2, DBL_MAX
	};
	static const double special[] = {-INFINITY, INFINITY, NAN, -NAN};

	switch (shape)
	{
		case MILLISECONDS:
			return rint(1000 * log_normal(random)) / 1000;
		case TENTHS:
			return rint(10 * log_normal(random)) / 10;
		case NEGATIVE:
			return -rint(100 * log_normal(random)) / 100;
		case UNIFORM:
			return next_uniform(random);
		case ANY_BITS:
			return any_finite(random);
		case EDGES:
			return edges[next_random(random) % (sizeof(edges) / sizeof(edges[0]))];
		case SCALE_BY_BLOCK:
			{
				/* Of five ranges, four are integers at other scales. */
				int			range = next_random(random) % 5;
				double		whole = 1000000 * range + next_random(random) % 100000;

				return range == 4 ? whole + next_uniform(random) : whole / power_of_ten[2 * range];
			}
		case LARGEST_INTEGERS:
			return (0x1p51 + 20 - next_random(random) % 40) / power_of_ten[next_random(random) % 7];
		case WITH_SPECIAL_VALUES:
			if (next_random(random) % 8 == 0)
				return special[next_random(random) % 4];
			return rint(log_normal(random));
		default:
			return rint(log_normal(random));
	}
}

/* Mostly 1, sometimes up to 300, rarely up to 2^62; never more than are left. */
static inline uint64_t
random_count(uint64_t left, uint64_t *random)
{
	uint64_t	kind = next_random(random) % 400;
	uint64_t	count = kind > 40 ? 1 : kind > 0 ? 1 + next_random(random) % 300 :
		1 + (next_random(random) >> (2 + next_random(random) % 60));

	return count < left ? count : left;
}

static inline int
compare_runs(const void *left, const void *right)
{
	uint64_t	a = ((const ValueCount *) left)->value;
	uint64_t	b = ((const ValueCount *) right)->value;

	return (a > b) - (a < b);
}

/* Sorts, and puts runs of the same value together. */
static inline void
fold(Multiset *set)
{
	size_t		folded = 0;

	qsort(set->runs, set->count, sizeof(ValueCount), compare_runs);
	for (size_t i = 0; i < set->count; i++)
		if (folded > 0 && set->runs[folded - 1].value == set->runs[i].value)
			set->runs[folded - 1].count += set->runs[i].count;
		else
			set->runs[folded++] = set->runs[i];
	set->count = folded;
}

static inline Multiset
random_multiset(uint64_t *random)
{
	static const size_t sizes[] = {0, 1, 2, 10, 100, 511, 512, 513, 1024, 1025, 5000};
	Shape		shape = next_random(random) % SHAPES;
	size_t		count = sizes[next_random(random) % (sizeof(sizes) / sizeof(sizes[0]))];
	Multiset	set = {malloc((count + 1) * sizeof(ValueCount)), 0, 0};

	while (set.count < count && set.values < INT64_MAX / 2)
	{
		uint64_t	times = random_count(INT64_MAX / 2 - set.values, random);

		set.runs[set.count++] = (ValueCount) {key_of_double(random_value(shape, random)), times};
		set.values += times;
	}
	fold(&set);
	return set;
}

#endif
