/*
 * format.h
 *	  The bytes of a distribution, which is the exact multiset of some doubles.
 *
 * The way into distribution/: a writer takes runs, and a reader returns them.
 *
 * Equal multisets have equal bytes: every choice below depends on the values alone, and
 * not on the order in which they came.  doc/distribution.md has each byte.
 *
 *	  +---------+-------+-------------------+------+--------+-----------+---------+----
 *	  | version | flags | counts of         | runs | values | directory | block 0 | ...
 *	  |         |       | -inf, inf and NaN |      | - runs |           |         |
 *	  +---------+-------+-------------------+------+--------+-----------+---------+----
 *	   1 byte    1 byte   as flagged                          20 bytes for each block
 *	                                                          but the first
 *
 * A run is a finite value and its count.  Runs ascend, and every 512 of them make a
 * block, which can be read without the others.  The directory has the first value of
 * each block, the number of values before it, and its place.  So a quantile or a share
 * reads one block, however large the distribution is.
 *
 * The idea that makes it small: durations are decimal fractions.  Where all values of a
 * block are integers divided by 10^scale, with a scale of up to 6, those integers are
 * written, each as its distance to the one before; sums of whole seconds and of
 * milliseconds take a byte or two, and every double comes back exactly, because the
 * quotient of two exact integers is rounded in only one way.  (After Afroozeh, Kuffo and
 * Boncz, "ALP: Adaptive Lossless Floating-Point Compression", 2023.)  Other blocks have
 * the distances of order keys (order_key.h).
 *
 *	  values      3600 3600 3661.5 4000		scale 1
 *	  integers   36000 x 2, 36615, 40000
 *	  written    36000 x 2, +615, +3385
 *
 * A distance takes a bit more: it is set if a count follows, and else the count is 1.
 *
 * -0 is 0, and all NaN are one.
 */
#ifndef TTR_KERNEL_DISTRIBUTION_FORMAT_H
#define TTR_KERNEL_DISTRIBUTION_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/host.h"
#include "kernel/multiset/dense_counts.h"
#include "kernel/multiset/count_table.h"

#define DISTRIBUTION_VERSION	1

#define RUNS_IN_BLOCK			512
#define DIRECTORY_ENTRY_SIZE	20

/* Scales are 0 to 6; a block of order keys has none. */
#define LARGEST_SCALE			6
#define SCALE_OF_KEYS			7

/*
 * The largest scaled integer.  Up to it different integers are different doubles at
 * every scale, because they are further apart than doubles are.
 */
#define LARGEST_SCALED			(INT64_C(1) << 51)

/* value_count() is a bigint. */
#define MOST_VALUES				((uint64_t) INT64_MAX)

/* Values that are counted apart, in ascending order; the finite ones lie between the first two. */
typedef enum SpecialValue
{
	MINUS_INFINITY,
	PLUS_INFINITY,
	NOT_A_NUMBER
} SpecialValue;

#define SPECIAL_VALUES			3

extern const uint64_t key_of_special[SPECIAL_VALUES];

/* 10^scale, exactly. */
extern const double power_of_ten[LARGEST_SCALE + 1];

/* ----------------------------------------------------------------------
 * Writer: writer.c
 * ----------------------------------------------------------------------
 */

typedef struct ByteBuffer
{
	uint8_t    *bytes;
	size_t		length;
	size_t		room;
} ByteBuffer;

typedef struct DistributionWriter
{
	const Host *host;
	bool		overflow;		/* more than MOST_VALUES: the bytes are not valid */
	uint64_t	special_counts[SPECIAL_VALUES];
	uint64_t	runs;
	uint64_t	values;			/* finite ones */
	ByteBuffer	directory;
	ByteBuffer	blocks;
	size_t		pending;
	ValueCount	block[RUNS_IN_BLOCK];
} DistributionWriter;

extern void distribution_writer_init(DistributionWriter *writer, const Host *host);

/* Appends a run.  Keys must ascend; the count must not be 0. */
extern void distribution_writer_add(DistributionWriter *writer, uint64_t key, uint64_t count);

/* After the last run: the size of the distribution, and its bytes. */
extern size_t distribution_writer_size(DistributionWriter *writer);
extern void distribution_writer_finish(DistributionWriter *writer, uint8_t *bytes);

/* Frees what the writer holds: to be called instead of these two. */
extern void distribution_writer_discard(DistributionWriter *writer);

/* ----------------------------------------------------------------------
 * From values in no order: gather.c
 * ----------------------------------------------------------------------
 */

/*
 * Writes all values of a count table, of dense counts, which may be NULL, and of keys; a
 * value may be in all three.  The writer must get no other values.
 */
extern void distribution_gather(DistributionWriter *writer, const CountTable *table, const DenseCounts *numbers,
								const uint64_t *keys, size_t nkeys);

/* ----------------------------------------------------------------------
 * Reader: reader.c
 * ----------------------------------------------------------------------
 */

typedef struct DistributionReader
{
	/* What is wrong with the bytes; NULL if no damage was met so far. */
	const char *damage;

	uint64_t	special_counts[SPECIAL_VALUES];
	uint64_t	runs;
	uint64_t	values;			/* finite ones */
	const uint8_t *directory;
	size_t		blocks;
	const uint8_t *body;		/* block 0 */
	const uint8_t *end;

	/* The next run: */
	SpecialValue special;		/* the special value that comes next, now or after the blocks */
	const uint8_t *at;
	uint64_t	runs_left;
	uint64_t	values_before;	/* finite ones */
	size_t		left_in_block;

	/* The value that was read last: */
	int			scale;			/* SCALE_OF_KEYS if it is special */
	uint64_t	last;			/* the key, or the scaled integer */
} DistributionReader;

/*
 * Starts before the first run.  False if the header is damaged.  The bytes must outlive
 * the reader.  They need not be trusted: the reader stays within them, and sets damage
 * where they make no sense.
 */
extern bool distribution_reader_open(DistributionReader *reader, const uint8_t *bytes, size_t size);

/* The next run, in ascending order.  False at the end, and where damage was found. */
extern bool distribution_reader_next(DistributionReader *reader, ValueCount *run);

/*
 * Reads the rest of a block of whole numbers, as integers in place of keys, into room for
 * RUNS_IN_BLOCK.  Returns the number of runs: 0 in any other block.
 */
extern size_t distribution_reader_whole_numbers(DistributionReader *reader, ValueCount *runs);

/* All values, special ones included. */
extern uint64_t distribution_reader_count(const DistributionReader *reader);

/*
 * keys[i] = the value at index ranks[i], counted from 0; the ranks must ascend, and be
 * less than the count.  Cost: at most one block for each rank.
 */
extern bool distribution_reader_select(DistributionReader *reader, const uint64_t *ranks, size_t nranks,
									   uint64_t *keys);

/* The number of values less than or equal to this one.  Cost: one block. */
extern uint64_t distribution_reader_count_up_to(DistributionReader *reader, uint64_t key);

/* ----------------------------------------------------------------------
 * Whole distributions: algebra.c
 * ----------------------------------------------------------------------
 */

/* Writes the values of both. */
extern void distribution_add(DistributionReader *left, DistributionReader *right, DistributionWriter *writer);

/* Writes the left values without the right ones.  False if the left ones lack some of those: *missing is the first. */
extern bool distribution_subtract(DistributionReader *left, DistributionReader *right, DistributionWriter *writer,
								  ValueCount *missing);

/*
 * Writes as_of - value for each value; infinities and NaN as doubles subtract them.  Takes
 * 16 bytes a run to reverse the order.  The caller checks since->damage.
 */
extern void distribution_ages(DistributionReader *since, double as_of, DistributionWriter *writer);

/* Adds the values of a distribution, each to one of the two. */
extern void distribution_count(DistributionReader *reader, CountTable *table, DenseCounts *numbers, const Host *host);

/* Why bytes are not what a writer writes; NULL if they are. */
extern const char *distribution_defect(const uint8_t *bytes, size_t size, const Host *host);

#endif							/* TTR_KERNEL_DISTRIBUTION_FORMAT_H */
