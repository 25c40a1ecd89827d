/*
 * ordered_blocks.c
 *	  A multiset of 64-bit values with insertion, removal, and the value at any rank.
 *
 * A moving window needs all three: with each row some values enter it, some leave it,
 * and a quantile is computed.  The values lie sorted in blocks:
 *
 *	  highest   |    40    |    95    |    97   |   310   |
 *	  counts         5     |     3    |     1   |    2
 *	             3 7 7 9 40  41 60 95      97     200 310
 *
 * An insertion finds its block by binary search in the highest values, which lie
 * side by side, and moves half of that block by memmove().  A full block is split in
 * two; an empty one is dropped, and a block that would fit into its neighbour, with
 * room to spare, joins it.  So blocks stay about three quarters full: 11 bytes a value.
 *
 * A rank is found by the counts of the blocks, added up in a Fenwick tree ("A new
 * data structure for cumulative frequency tables", Software: Practice and Experience
 * 24, 1994): sums[i] is the sum over the blocks i - 2^k + 1 to i, counted from 1, for
 * 2^k the lowest bit of i.  Adding to one block touches as many sums as a number of
 * blocks has bits, and so does finding the block of a rank, from the highest bit down:
 *
 *	  block       1   2   3   4   5   6   7   8
 *	  count       5   3   1   2   4   4   6   1
 *	  sums        5   8   1  11   4   8   6  26
 *
 * All sums are computed anew when blocks are split, joined or dropped.  That takes
 * as long as there are blocks, but happens once in tens of insertions.  Ascending
 * values would leave blocks half full if full ones were split: so a value that is less than
 * no other one begins a new block.
 *
 * Trees and skip lists do the same in more memory and with a cache miss on every
 * level; two heaps know only one rank.
 */
#include <string.h>

#include "kernel/multiset/ordered_blocks.h"

/* Few, because a frame is small at first and starts anew whenever a single row is left. */
#define FIRST_ROOM		8

/* Two neighbours that together hold less than this become one. */
#define JOINED_LIMIT	(BLOCK_ROOM / 2)

void
ordered_blocks_init(OrderedBlocks *set)
{
	memset(set, 0, sizeof(*set));
}

void
ordered_blocks_clear(OrderedBlocks *set, const Host *host)
{
	for (size_t i = 0; i < set->nblocks; i++)
		host->release(host->context, set->blocks[i].values);
	if (set->room > 0)
		host->release(host->context, set->blocks);
	ordered_blocks_init(set);
}

/* ----------------------------------------------------------------------
 * Counts
 * ----------------------------------------------------------------------
 */

static void
add_to_sums(OrderedBlocks *set, size_t block, uint64_t difference)
{
	for (size_t i = block + 1; i <= set->nblocks; i += i & -i)
		set->sums[i - 1] += difference;
}

/* Each sum is added to the next one that covers it. */
static void
compute_sums(OrderedBlocks *set)
{
	for (size_t i = 0; i < set->nblocks; i++)
		set->sums[i] = set->blocks[i].count;
	for (size_t i = 1; i <= set->nblocks; i++)
		if (i + (i & -i) <= set->nblocks)
			set->sums[i + (i & -i) - 1] += set->sums[i - 1];
}

uint64_t
ordered_blocks_at(const OrderedBlocks *set, uint64_t rank)
{
	size_t		before = 0;
	size_t		step = (size_t) 1 << (63 - __builtin_clzll(set->nblocks));

	assert(rank < set->count);
	for (; step > 0; step /= 2)
		if (before + step <= set->nblocks && set->sums[before + step - 1] <= rank)
		{
			before += step;
			rank -= set->sums[before - 1];
		}
	return set->blocks[before].values[rank];
}

/* ----------------------------------------------------------------------
 * Blocks
 * ----------------------------------------------------------------------
 */

/* The three arrays are one piece of memory. */
static void
grow_arrays(OrderedBlocks *set, const Host *host)
{
	size_t		room = set->room == 0 ? 2 : set->room * 2;
	OrderedBlock *blocks = host->allocate(host->context,
										  room * (sizeof(OrderedBlock) + 2 * sizeof(uint64_t)));
	uint64_t   *highest = (uint64_t *) (blocks + room);
	uint64_t   *sums = highest + room;

	if (set->room > 0)
	{
		memcpy(blocks, set->blocks, set->nblocks * sizeof(OrderedBlock));
		memcpy(highest, set->highest, set->nblocks * sizeof(uint64_t));
		memcpy(sums, set->sums, set->nblocks * sizeof(uint64_t));
		host->release(host->context, set->blocks);
	}
	set->blocks = blocks;
	set->highest = highest;
	set->sums = sums;
	set->room = room;
}

/* An empty block at this place among the others; its sums are not computed yet. */
static OrderedBlock *
insert_block(OrderedBlocks *set, size_t place, uint32_t room, const Host *host)
{
	uint64_t   *values = host->allocate(host->context, room * sizeof(uint64_t));

	assert(place <= set->nblocks);
	if (set->nblocks == set->room)
		grow_arrays(set, host);
	memmove(set->blocks + place + 1, set->blocks + place, (set->nblocks - place) * sizeof(OrderedBlock));
	memmove(set->highest + place + 1, set->highest + place, (set->nblocks - place) * sizeof(uint64_t));
	set->nblocks++;
	set->blocks[place].values = values;
	set->blocks[place].count = 0;
	set->blocks[place].room = room;
	return &set->blocks[place];
}

static void
drop_block(OrderedBlocks *set, size_t place, const Host *host)
{
	assert(place < set->nblocks && set->nblocks > 1);
	host->release(host->context, set->blocks[place].values);
	set->nblocks--;
	memmove(set->blocks + place, set->blocks + place + 1, (set->nblocks - place) * sizeof(OrderedBlock));
	memmove(set->highest + place, set->highest + place + 1, (set->nblocks - place) * sizeof(uint64_t));
	compute_sums(set);
}

/* Only the first block ever has less room than BLOCK_ROOM, and only until it is full. */
static void
enlarge_block(OrderedBlock *block, const Host *host)
{
	uint64_t   *values = host->allocate(host->context, 2 * block->room * sizeof(uint64_t));

	assert(block->count == block->room && 2 * block->room <= BLOCK_ROOM);
	memcpy(values, block->values, block->count * sizeof(uint64_t));
	host->release(host->context, block->values);
	block->values = values;
	block->room *= 2;
}

static void
split_block(OrderedBlocks *set, size_t place, const Host *host)
{
	OrderedBlock *upper = insert_block(set, place + 1, BLOCK_ROOM, host);
	OrderedBlock *lower = &set->blocks[place];

	assert(lower->count == BLOCK_ROOM);
	upper->count = lower->count / 2;
	lower->count -= upper->count;
	memcpy(upper->values, lower->values + lower->count, upper->count * sizeof(uint64_t));
	set->highest[place + 1] = set->highest[place];
	set->highest[place] = lower->values[lower->count - 1];
	compute_sums(set);
}

/*
 * An empty block behind all others, for values from this one on.  Its sum covers blocks
 * before it, as a new last one in the tree; the others stay as they are.
 */
static void
append_block(OrderedBlocks *set, uint64_t value, const Host *host)
{
	size_t		number;
	uint64_t	sum = 0;

	insert_block(set, set->nblocks, BLOCK_ROOM, host);
	number = set->nblocks;
	for (size_t i = number - 1; i > number - (number & -number); i -= i & -i)
		sum += set->sums[i - 1];
	set->sums[number - 1] = sum;
	set->highest[number - 1] = value;
}

/* Joins a block with the next one if both are small.  True if they were. */
static bool
join_blocks(OrderedBlocks *set, size_t place, const Host *host)
{
	OrderedBlock *lower = &set->blocks[place];
	OrderedBlock *upper = lower + 1;

	if (place + 1 >= set->nblocks || lower->count + upper->count > JOINED_LIMIT)
		return false;
	memcpy(lower->values + lower->count, upper->values, upper->count * sizeof(uint64_t));
	lower->count += upper->count;
	set->highest[place] = set->highest[place + 1];
	drop_block(set, place + 1, host);
	return true;
}

/* ----------------------------------------------------------------------
 * Values
 * ----------------------------------------------------------------------
 */

/* The number of ascending values that are less than this one. */
static size_t
count_less(const uint64_t *values, size_t count, uint64_t value)
{
	const uint64_t *first = values;

	while (count > 1)
	{
		size_t		half = count / 2;

		/* A mask instead of a branch, because which half it is cannot be predicted. */
		first += half & -(size_t) (first[half - 1] < value);
		count -= half;
	}
	return first - values + (count == 1 && *first < value);
}

void
ordered_blocks_insert(OrderedBlocks *set, uint64_t value, const Host *host)
{
	size_t		last;
	size_t		place;
	size_t		index;
	OrderedBlock *block;

	if (set->nblocks == 0)
	{
		insert_block(set, 0, FIRST_ROOM, host);
		set->sums[0] = 0;
		set->highest[0] = value;
	}
	last = set->nblocks - 1;
	place = set->highest[last] <= value ? last : count_less(set->highest, last, value);
	block = &set->blocks[place];
	if (block->count == BLOCK_ROOM && set->highest[last] <= value)
	{
		append_block(set, value, host);
		block = &set->blocks[++place];
	}
	else if (block->count == BLOCK_ROOM)
	{
		split_block(set, place, host);
		place += set->highest[place] < value;
		block = &set->blocks[place];
	}
	else if (block->count == block->room)
		enlarge_block(block, host);

	index = count_less(block->values, block->count, value);
	assert(block->count < block->room && (index == block->count || value <= block->values[index]));
	memmove(block->values + index + 1, block->values + index, (block->count - index) * sizeof(uint64_t));
	block->values[index] = value;
	block->count++;
	set->highest[place] = block->values[block->count - 1];
	add_to_sums(set, place, 1);
	set->count++;
}

bool
ordered_blocks_remove(OrderedBlocks *set, uint64_t value, const Host *host)
{
	size_t		place = count_less(set->highest, set->nblocks, value);
	size_t		index;
	OrderedBlock *block;

	if (place == set->nblocks)
		return false;
	block = &set->blocks[place];
	index = count_less(block->values, block->count, value);
	if (index == block->count || block->values[index] != value)
		return false;

	memmove(block->values + index, block->values + index + 1, (block->count - index - 1) * sizeof(uint64_t));
	block->count--;
	set->count--;
	add_to_sums(set, place, -1);
	if (block->count == 0)
	{
		if (set->nblocks > 1)
			drop_block(set, place, host);
		return true;
	}
	set->highest[place] = block->values[block->count - 1];
	if (block->count < JOINED_LIMIT / 2 && !join_blocks(set, place, host) && place > 0)
		join_blocks(set, place - 1, host);
	return true;
}
