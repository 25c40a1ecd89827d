/*
 * writer.c
 *	  Writes ascending runs as the bytes of a distribution (format.h).
 *
 * Runs are collected until a block is full, because its scale depends on all of them.
 * Blocks and directory grow apart, and are joined at the end, when the length of the
 * directory is known.
 */
#include <math.h>
#include <string.h>

#include "kernel/distribution/format.h"
#include "kernel/distribution/varint.h"
#include "kernel/multiset/order_key.h"

/* A distance of 65 bits and a count for each run; scale and first value for the block. */
#define MOST_BLOCK_BYTES	((2 * RUNS_IN_BLOCK + 2) * MOST_VARINT_BYTES)

/* Version and flags, and five integers. */
#define MOST_HEADER_BYTES	(2 + (SPECIAL_VALUES + 2) * MOST_VARINT_BYTES)

const uint64_t key_of_special[SPECIAL_VALUES] = {
	UINT64_C(0x000FFFFFFFFFFFFF), UINT64_C(0xFFF0000000000000), KEY_OF_NAN
};

const double power_of_ten[LARGEST_SCALE + 1] = {1, 10, 100, 1000, 10000, 100000, 1000000};

void
distribution_writer_init(DistributionWriter *writer, const Host *host)
{
	memset(writer, 0, offsetof(DistributionWriter, block));
	writer->host = host;
}

/* Makes room for more bytes, and returns their place. */
static uint8_t *
reserve(ByteBuffer *buffer, size_t more, const Host *host)
{
	if (buffer->room - buffer->length < more)
	{
		size_t		room = 2 * buffer->length + more;
		uint8_t    *bytes = host->allocate(host->context, room);

		if (buffer->bytes != NULL)
		{
			memcpy(bytes, buffer->bytes, buffer->length);
			host->release(host->context, buffer->bytes);
		}
		buffer->bytes = bytes;
		buffer->room = room;
	}
	return buffer->bytes + buffer->length;
}

static void
release(ByteBuffer *buffer, const Host *host)
{
	if (buffer->bytes != NULL)
		host->release(host->context, buffer->bytes);
}

static uint8_t *
write_big_endian(uint8_t *to, uint64_t value, int bytes)
{
	for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
		*to++ = value >> shift;
	return to;
}

/* ----------------------------------------------------------------------
 * Blocks
 * ----------------------------------------------------------------------
 */

static bool
is_scaled(double value, int scale, int64_t *scaled)
{
	double		product = value * power_of_ten[scale];

	if (!(fabs(product) <= LARGEST_SCALED))
		return false;

	/* Rounds to an integer, as rint() does, but is not a call. */
	product = (product + 0x1.8p52) - 0x1.8p52;
	*scaled = (int64_t) product;
	return product / power_of_ten[scale] == value;
}

/* The lowest scale at which all runs are integers, and those integers. */
static int
scale_block(const ValueCount *runs, size_t count, int64_t *scaled)
{
	int			scale = 0;
	size_t		fitting = 0;	/* runs in a row that are integers at this scale */

	/* A new scale goes on where the last one failed: once it comes round to that run, all fit. */
	for (size_t i = 0; fitting < count; i = i + 1 < count ? i + 1 : 0)
	{
		double		value = double_of_key(runs[i].value);

		while (!is_scaled(value, scale, &scaled[i]))
		{
			if (++scale > LARGEST_SCALE)
				return SCALE_OF_KEYS;
			fitting = 0;
		}
		fitting++;
	}
	return scale;
}

/* 2 * distance + repeated, which may have 65 bits, as a varint. */
static uint8_t *
write_distance(uint8_t *to, uint64_t distance, bool repeated)
{
	uint8_t		low = (distance & 0x3F) << 1 | repeated;

	if (distance >> 6 == 0)
	{
		*to++ = low;
		return to;
	}
	*to++ = low | 0x80;
	return write_varint(to, distance >> 6);
}

static void
write_directory_entry(DistributionWriter *writer, uint64_t values_before)
{
	uint8_t    *to = reserve(&writer->directory, DIRECTORY_ENTRY_SIZE, writer->host);

	to = write_big_endian(to, writer->block[0].value, 8);
	to = write_big_endian(to, values_before, 8);
	write_big_endian(to, writer->blocks.length, 4);
	writer->directory.length += DIRECTORY_ENTRY_SIZE;
}

static void
write_block(DistributionWriter *writer)
{
	const ValueCount *runs = writer->block;
	uint8_t    *start = reserve(&writer->blocks, MOST_BLOCK_BYTES, writer->host);
	uint8_t    *to = start;
	int64_t		scaled[RUNS_IN_BLOCK];
	int			scale = scale_block(runs, writer->pending, scaled);

	*to++ = scale;
	to = scale == SCALE_OF_KEYS ? write_big_endian(to, runs[0].value, 8) : write_varint(to, zigzag(scaled[0]));
	to = write_varint(to, runs[0].count - 1);
	for (size_t i = 1; i < writer->pending; i++)
	{
		uint64_t	distance = scale == SCALE_OF_KEYS ? runs[i].value - runs[i - 1].value : scaled[i] - scaled[i - 1];

		to = write_distance(to, distance - 1, runs[i].count > 1);
		if (runs[i].count > 1)
			to = write_varint(to, runs[i].count - 2);
	}
	writer->blocks.length += to - start;
	writer->pending = 0;
}

/* Writes the pending block.  Its directory entry holds the number of values before it. */
static void
flush_block(DistributionWriter *writer)
{
	uint64_t	values_before = writer->values;

	for (size_t i = 0; i < writer->pending; i++)
		values_before -= writer->block[i].count;
	if (writer->runs > writer->pending)
		write_directory_entry(writer, values_before);
	write_block(writer);
}

/* ----------------------------------------------------------------------
 * Runs
 * ----------------------------------------------------------------------
 */

static void
watch_count(DistributionWriter *writer, uint64_t count)
{
	uint64_t	values = writer->values;

	for (int i = 0; i < SPECIAL_VALUES; i++)
		values += writer->special_counts[i];
	if (count > MOST_VALUES || values > MOST_VALUES - count)
		writer->overflow = true;
}

static SpecialValue
special_of_key(uint64_t key)
{
	if (key == KEY_OF_NAN)
		return NOT_A_NUMBER;
	return key == key_of_special[PLUS_INFINITY] ? PLUS_INFINITY : MINUS_INFINITY;
}

void
distribution_writer_add(DistributionWriter *writer, uint64_t key, uint64_t count)
{
	assert(count > 0);
	watch_count(writer, count);
	if (writer->overflow)
		return;

	if (key > key_of_special[MINUS_INFINITY] && key < key_of_special[PLUS_INFINITY])
	{
		if (writer->pending == RUNS_IN_BLOCK)
		{
			flush_block(writer);
			writer->host->check_interrupts();
		}
		writer->block[writer->pending++] = (ValueCount) {key, count};
		writer->runs++;
		writer->values += count;
	}
	else
		writer->special_counts[special_of_key(key)] += count;
}

/* ----------------------------------------------------------------------
 * The whole
 * ----------------------------------------------------------------------
 */

static size_t
write_header(const DistributionWriter *writer, uint8_t *bytes)
{
	uint8_t    *to = bytes + 2;

	bytes[0] = DISTRIBUTION_VERSION;
	bytes[1] = 0;
	for (int i = 0; i < SPECIAL_VALUES; i++)
		if (writer->special_counts[i] > 0)
		{
			bytes[1] |= 1 << i;
			to = write_varint(to, writer->special_counts[i]);
		}
	to = write_varint(to, writer->runs);
	if (writer->runs > 0)
		to = write_varint(to, writer->values - writer->runs);
	return to - bytes;
}

size_t
distribution_writer_size(DistributionWriter *writer)
{
	uint8_t		header[MOST_HEADER_BYTES];

	if (writer->pending > 0)
		flush_block(writer);
	return write_header(writer, header) + writer->directory.length + writer->blocks.length;
}

void
distribution_writer_finish(DistributionWriter *writer, uint8_t *bytes)
{
	bytes += write_header(writer, bytes);
	if (writer->directory.length > 0)
		memcpy(bytes, writer->directory.bytes, writer->directory.length);
	if (writer->blocks.length > 0)
		memcpy(bytes + writer->directory.length, writer->blocks.bytes, writer->blocks.length);
	distribution_writer_discard(writer);
}

void
distribution_writer_discard(DistributionWriter *writer)
{
	release(&writer->directory, writer->host);
	release(&writer->blocks, writer->host);
}
