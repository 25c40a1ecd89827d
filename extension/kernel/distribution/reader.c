/*
 * reader.c
 *	  Reads the runs of a distribution from its bytes, all of them or few
 *	  (format.h).
 *
 * The reader checks only what could lead it out of the bytes.  The order of the runs and
 * the directory are checked once, when bytes come from outside (algebra.c).
 */
#include <string.h>

#include "kernel/distribution/format.h"
#include "kernel/distribution/varint.h"
#include "kernel/multiset/order_key.h"

static uint64_t
read_big_endian(const uint8_t *from, int bytes)
{
	uint64_t	value = 0;

	for (int i = 0; i < bytes; i++)
		value = value << 8 | from[i];
	return value;
}

static bool
damaged(DistributionReader *reader, const char *what)
{
	reader->damage = what;
	return false;
}

static bool
read_integer(DistributionReader *reader, uint64_t *value)
{
	const uint8_t *next = read_varint(reader->at, reader->end, value);

	if (next == NULL)
		return damaged(reader, "ends within an integer, or has one that is too long");
	reader->at = next;
	return true;
}

uint64_t
distribution_reader_count(const DistributionReader *reader)
{
	uint64_t	count = reader->values;

	for (int i = 0; i < SPECIAL_VALUES; i++)
		count += reader->special_counts[i];
	return count;
}

/* ----------------------------------------------------------------------
 * Header
 * ----------------------------------------------------------------------
 */

static bool
read_special_counts(DistributionReader *reader, uint8_t flags)
{
	uint64_t	count = 0;

	if (flags >> SPECIAL_VALUES != 0)
		return damaged(reader, "has unknown flags");
	for (int i = 0; i < SPECIAL_VALUES; i++)
	{
		reader->special_counts[i] = 0;
		if ((flags >> i & 1) == 0)
			continue;
		if (!read_integer(reader, &reader->special_counts[i]))
			return false;
		if (reader->special_counts[i] == 0 || reader->special_counts[i] > MOST_VALUES - count)
			return damaged(reader, "has an impossible number of values");
		count += reader->special_counts[i];
	}
	return true;
}

static bool
read_finite_counts(DistributionReader *reader)
{
	uint64_t	repeats = 0;

	if (!read_integer(reader, &reader->runs))
		return false;
	if (reader->runs > 0 && !read_integer(reader, &repeats))
		return false;
	reader->values = 0;
	if (reader->runs > MOST_VALUES || repeats > MOST_VALUES - reader->runs ||
		reader->runs + repeats > MOST_VALUES - distribution_reader_count(reader))
		return damaged(reader, "has an impossible number of values");
	reader->values = reader->runs + repeats;
	return true;
}

bool
distribution_reader_open(DistributionReader *reader, const uint8_t *bytes, size_t size)
{
	memset(reader, 0, sizeof(*reader));
	reader->end = bytes + size;
	if (size < 2)
		return damaged(reader, "is too short");
	if (bytes[0] != DISTRIBUTION_VERSION)
		return damaged(reader, "is of an unknown version");

	reader->at = bytes + 2;
	if (!read_special_counts(reader, bytes[1]) || !read_finite_counts(reader))
		return false;
	reader->blocks = (reader->runs + RUNS_IN_BLOCK - 1) / RUNS_IN_BLOCK;
	if (reader->blocks > 1 && (reader->end - reader->at) / DIRECTORY_ENTRY_SIZE < reader->blocks - 1)
		return damaged(reader, "ends within its directory");
	reader->directory = reader->at;
	if (reader->blocks > 1)
		reader->at += (reader->blocks - 1) * DIRECTORY_ENTRY_SIZE;
	reader->body = reader->at;
	reader->runs_left = reader->runs;
	return true;
}

/* ----------------------------------------------------------------------
 * Runs in order
 * ----------------------------------------------------------------------
 */

static bool
start_block(DistributionReader *reader)
{
	reader->left_in_block = reader->runs_left < RUNS_IN_BLOCK ? reader->runs_left : RUNS_IN_BLOCK;
	if (reader->at == reader->end)
		return damaged(reader, "ends where a block should begin");
	reader->scale = *reader->at++;
	if (reader->scale > SCALE_OF_KEYS)
		return damaged(reader, "has a block of an unknown scale");
	if (reader->scale != SCALE_OF_KEYS)
	{
		uint64_t	number;

		if (!read_integer(reader, &number))
			return false;
		reader->last = (uint64_t) unzigzag(number);
		return true;
	}
	if (reader->end - reader->at < 8)
		return damaged(reader, "ends within a block");
	reader->last = read_big_endian(reader->at, 8);
	reader->at += 8;
	return true;
}

/* The key of the value that was read last. */
static inline bool
key_of_last(DistributionReader *reader, uint64_t *key)
{
	int64_t		scaled = (int64_t) reader->last;

	if (reader->scale == SCALE_OF_KEYS)
	{
		*key = reader->last;
		return true;
	}
	if (scaled > LARGEST_SCALED || scaled < -LARGEST_SCALED)
		return damaged(reader, "has a value that is too large for its scale");
	*key = key_of_double(reader->scale == 0 ? (double) scaled : (double) scaled / power_of_ten[reader->scale]);
	return true;
}

/*
 * Reads a run that is not the first of its block: adds its distance to *last.  Returns
 * the place of the next run; NULL if this one makes no sense.
 */
static inline const uint8_t *
read_run(const uint8_t *at, const uint8_t *end, uint64_t *last, uint64_t *count)
{
	uint8_t		low;
	uint64_t	high = 0;
	uint64_t	repeats;

	if (at == end)
		return NULL;
	low = *at++;
	if (low >= 0x80)
	{
		at = read_varint(at, end, &high);
		if (at == NULL || high == 0 || high >> 58 != 0)
			return NULL;
	}
	*last += (high << 6 | (low >> 1 & 0x3F)) + 1;
	*count = 1;
	if ((low & 1) == 0)
		return at;
	at = read_varint(at, end, &repeats);
	if (at == NULL || repeats > MOST_VALUES - 2)
		return NULL;
	*count = repeats + 2;
	return at;
}

static bool
read_first_run(DistributionReader *reader, ValueCount *run)
{
	uint64_t	repeats;

	if (!start_block(reader) || !key_of_last(reader, &run->value) || !read_integer(reader, &repeats))
		return false;
	if (repeats >= MOST_VALUES)
		return damaged(reader, "has an impossible number of values");
	run->count = repeats + 1;
	return true;
}

static inline bool
read_next_run(DistributionReader *reader, ValueCount *run)
{
	const uint8_t *next = read_run(reader->at, reader->end, &reader->last, &run->count);

	if (next == NULL)
		return damaged(reader, "has a run that makes no sense");
	reader->at = next;
	return key_of_last(reader, &run->value);
}

/* The next finite run; there must be one. */
static inline bool
read_finite_run(DistributionReader *reader, ValueCount *run)
{
	bool		is_read = reader->left_in_block == 0 ? read_first_run(reader, run) : read_next_run(reader, run);

	if (!is_read)
		return false;
	if (run->count > reader->values - reader->values_before)
		return damaged(reader, "has more values than its header counts");
	reader->left_in_block--;
	reader->runs_left--;
	reader->values_before += run->count;
	return true;
}

/* Without the detour through doubles this takes half the time. */
size_t
distribution_reader_whole_numbers(DistributionReader *reader, ValueCount *runs)
{
	const uint8_t *at = reader->at;
	const uint8_t *end = reader->end;
	uint64_t	last = reader->last;
	uint64_t	values_left = reader->values - reader->values_before;
	size_t		count = reader->left_in_block;

	if (reader->scale != 0 || reader->damage != NULL)
		return 0;
	for (size_t i = 0; i < count; i++)
	{
		at = read_run(at, end, &last, &runs[i].count);
		if (at == NULL || runs[i].count > values_left)
		{
			damaged(reader, "has a run that makes no sense");
			return 0;
		}
		runs[i].value = last;
		values_left -= runs[i].count;
	}
	reader->at = at;
	reader->last = last;
	reader->values_before = reader->values - values_left;
	reader->runs_left -= count;
	reader->left_in_block = 0;
	return count;
}

static bool
next_special_run(DistributionReader *reader, ValueCount *run)
{
	if (reader->damage != NULL || reader->special == SPECIAL_VALUES)
		return false;
	run->value = key_of_special[reader->special];
	run->count = reader->special_counts[reader->special];
	reader->scale = SCALE_OF_KEYS;
	reader->special++;
	return run->count > 0 || distribution_reader_next(reader, run);
}

bool
distribution_reader_next(DistributionReader *reader, ValueCount *run)
{
	if (reader->damage != NULL)
		return false;
	if (reader->special == MINUS_INFINITY || reader->runs_left == 0)
		return next_special_run(reader, run);
	return read_finite_run(reader, run);
}

/* ----------------------------------------------------------------------
 * Runs by the directory
 * ----------------------------------------------------------------------
 */

/* The fields of a directory entry: how far from its start they lie. */
#define FIRST_KEY		0
#define VALUES_BEFORE	8
#define OFFSET			16

/* The directory entry of a block; the first block has none. */
static const uint8_t *
entry_of_block(const DistributionReader *reader, size_t block)
{
	return reader->directory + (block - 1) * DIRECTORY_ENTRY_SIZE;
}

static uint64_t
values_before_block(const DistributionReader *reader, size_t block)
{
	return block == 0 ? 0 : read_big_endian(entry_of_block(reader, block) + VALUES_BEFORE, 8);
}

static uint64_t
offset_of_block(const DistributionReader *reader, size_t block)
{
	return block == 0 ? 0 : read_big_endian(entry_of_block(reader, block) + OFFSET, 4);
}

static bool
go_to_block(DistributionReader *reader, size_t block)
{
	if (offset_of_block(reader, block) > (uint64_t) (reader->end - reader->body) ||
		values_before_block(reader, block) > reader->values)
		return damaged(reader, "has an impossible directory");
	reader->at = reader->body + offset_of_block(reader, block);
	reader->values_before = values_before_block(reader, block);
	reader->runs_left = reader->runs - block * RUNS_IN_BLOCK;
	reader->left_in_block = 0;
	return true;
}

/* The last block whose directory entry has at most this in a field of 8 bytes; else the first block. */
static size_t
last_block_up_to(const DistributionReader *reader, int field, uint64_t most)
{
	size_t		low = 0;
	size_t		high = reader->blocks;

	while (high - low > 1)
	{
		size_t		middle = low + (high - low) / 2;

		if (read_big_endian(entry_of_block(reader, middle) + field, 8) <= most)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* The run at a rank among the finite values; before, *run is the run that was read last, or empty. */
static bool
select_finite(DistributionReader *reader, uint64_t rank, ValueCount *run)
{
	size_t		block = last_block_up_to(reader, VALUES_BEFORE, rank);

	if (run->count == 0 || values_before_block(reader, block) >= reader->values_before)
	{
		if (!go_to_block(reader, block))
			return false;
		run->count = 0;
	}
	while (run->count == 0 || reader->values_before <= rank)
	{
		if (reader->runs_left == 0)
			return damaged(reader, "has fewer values than its header counts");
		if (!read_finite_run(reader, run))
			return false;
	}
	return true;
}

bool
distribution_reader_select(DistributionReader *reader, const uint64_t *ranks, size_t nranks, uint64_t *keys)
{
	uint64_t	first_finite = reader->special_counts[MINUS_INFINITY];
	uint64_t	first_infinite = first_finite + reader->values;
	uint64_t	first_nan = first_infinite + reader->special_counts[PLUS_INFINITY];
	ValueCount	run = {0, 0};

	for (size_t i = 0; i < nranks; i++)
	{
		if (ranks[i] < first_finite)
			keys[i] = key_of_special[MINUS_INFINITY];
		else if (ranks[i] >= first_nan)
			keys[i] = key_of_special[NOT_A_NUMBER];
		else if (ranks[i] >= first_infinite)
			keys[i] = key_of_special[PLUS_INFINITY];
		else if (select_finite(reader, ranks[i] - first_finite, &run))
			keys[i] = run.value;
		else
			return false;
	}
	return true;
}

uint64_t
distribution_reader_count_up_to(DistributionReader *reader, uint64_t key)
{
	uint64_t	count = 0;
	ValueCount	run;

	for (int i = 0; i < SPECIAL_VALUES; i++)
		if (key_of_special[i] <= key)
			count += reader->special_counts[i];
	if (reader->runs == 0 || !go_to_block(reader, last_block_up_to(reader, FIRST_KEY, key)))
		return count;

	while (reader->runs_left > 0)
	{
		uint64_t	before = reader->values_before;

		if (!read_finite_run(reader, &run))
			break;
		if (run.value > key)
			return count + before;
	}
	return count + reader->values_before;
}
