/*
 * ordered_blocks.c
 *	  A bag of 64-bit values that values enter and leave, and whose value at any rank
 *	  is known at any time.
 *
 * A moving window is such a bag: with each row some values enter it and some leave,
 * and then a quantile is asked for.  The values lie sorted in blocks:
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
 * as long as there are blocks, but happens once in tens of insertions.
 *
 * Trees and skip lists do the same in more memory and with a cache miss on every
 * level; two heaps know only one rank.
 */
#include <string.h>

#include "kernel/multiset/ordered_blocks.h"

/* A frame is small at first, and starts anew whenever a single row is left. */
#define FIRST_ROOM		8

/* Two neighbours that together hold less than this become one. */
#define JOINED_LIMIT	(BLOCK_ROOM / 2)

void
ordered_blocks_init(OrderedBlocks *bag)
{
	memset(bag, 0, sizeof(*bag));
}

void
ordered_blocks_clear(OrderedBlocks *bag, const Host *host)
{
	for (size_t i = 0; i < bag->nblocks; i++)
		host->release(host->context, bag->blocks[i].values);
	if (bag->room > 0)
		host->release(host->context, bag->blocks);
	ordered_blocks_init(bag);
}

/* ----------------------------------------------------------------------
 * Counts
 * ----------------------------------------------------------------------
 */

static void
add_to_sums(OrderedBlocks *bag, size_t block, uint64_t difference)
{
	for (size_t i = block + 1; i <= bag->nblocks; i += i & -i)
		bag->sums[i - 1] += difference;
}

/* Each sum is added to the next one that covers it. */
static void
compute_sums(OrderedBlocks *bag)
{
	for (size_t i = 0; i < bag->nblocks; i++)
		bag->sums[i] = bag->blocks[i].count;
	for (size_t i = 1; i <= bag->nblocks; i++)
		if (i + (i & -i) <= bag->nblocks)
			bag->sums[i + (i & -i) - 1] += bag->sums[i - 1];
}

uint64_t
ordered_blocks_at(const OrderedBlocks *bag, uint64_t rank)
{
	size_t		before = 0;
	size_t		step = (size_t) 1 << (63 - __builtin_clzll(bag->nblocks));

	for (; step > 0; step /= 2)
		if (before + step <= bag->nblocks && bag->sums[before + step - 1] <= rank)
		{
			before += step;
			rank -= bag->sums[before - 1];
		}
	return bag->blocks[before].values[rank];
}

/* ----------------------------------------------------------------------
 * Blocks
 * ----------------------------------------------------------------------
 */

/* The three arrays are one piece of memory. */
static void
grow_arrays(OrderedBlocks *bag, const Host *host)
{
	size_t		room = bag->room == 0 ? 2 : bag->room * 2;
	OrderedBlock *blocks = host->allocate(host->context,
										  room * (sizeof(OrderedBlock) + 2 * sizeof(uint64_t)));
	uint64_t   *highest = (uint64_t *) (blocks + room);
	uint64_t   *sums = highest + room;

	if (bag->room > 0)
	{
		memcpy(blocks, bag->blocks, bag->nblocks * sizeof(OrderedBlock));
		memcpy(highest, bag->highest, bag->nblocks * sizeof(uint64_t));
		memcpy(sums, bag->sums, bag->nblocks * sizeof(uint64_t));
		host->release(host->context, bag->blocks);
	}
	bag->blocks = blocks;
	bag->highest = highest;
	bag->sums = sums;
	bag->room = room;
}

/* An empty block at this place among the others; its sums are not computed yet. */
static OrderedBlock *
insert_block(OrderedBlocks *bag, size_t place, uint32_t room, const Host *host)
{
	uint64_t   *values = host->allocate(host->context, room * sizeof(uint64_t));

	if (bag->nblocks == bag->room)
		grow_arrays(bag, host);
	memmove(bag->blocks + place + 1, bag->blocks + place, (bag->nblocks - place) * sizeof(OrderedBlock));
	memmove(bag->highest + place + 1, bag->highest + place, (bag->nblocks - place) * sizeof(uint64_t));
	bag->nblocks++;
	bag->blocks[place].values = values;
	bag->blocks[place].count = 0;
	bag->blocks[place].room = room;
	return &bag->blocks[place];
}

static void
drop_block(OrderedBlocks *bag, size_t place, const Host *host)
{
	host->release(host->context, bag->blocks[place].values);
	bag->nblocks--;
	memmove(bag->blocks + place, bag->blocks + place + 1, (bag->nblocks - place) * sizeof(OrderedBlock));
	memmove(bag->highest + place, bag->highest + place + 1, (bag->nblocks - place) * sizeof(uint64_t));
	compute_sums(bag);
}

/* Only the first block is ever smaller than a block can be, and only until it is full. */
static void
enlarge_block(OrderedBlock *block, const Host *host)
{
	uint64_t   *values = host->allocate(host->context, 2 * block->room * sizeof(uint64_t));

	memcpy(values, block->values, block->count * sizeof(uint64_t));
	host->release(host->context, block->values);
	block->values = values;
	block->room *= 2;
}

static void
split_block(OrderedBlocks *bag, size_t place, const Host *host)
{
	OrderedBlock *upper = insert_block(bag, place + 1, BLOCK_ROOM, host);
	OrderedBlock *lower = &bag->blocks[place];

	upper->count = lower->count / 2;
	lower->count -= upper->count;
	memcpy(upper->values, lower->values + lower->count, upper->count * sizeof(uint64_t));
	bag->highest[place + 1] = bag->highest[place];
	bag->highest[place] = lower->values[lower->count - 1];
	compute_sums(bag);
}

/* Joins a block with the one after it, if they are small; whether they were. */
static bool
join_blocks(OrderedBlocks *bag, size_t place, const Host *host)
{
	OrderedBlock *lower = &bag->blocks[place];
	OrderedBlock *upper = lower + 1;

	if (place + 1 >= bag->nblocks || lower->count + upper->count > JOINED_LIMIT)
		return false;
	memcpy(lower->values + lower->count, upper->values, upper->count * sizeof(uint64_t));
	lower->count += upper->count;
	bag->highest[place] = bag->highest[place + 1];
	drop_block(bag, place + 1, host);
	return true;
}

/* ----------------------------------------------------------------------
 * Values
 * ----------------------------------------------------------------------
 */

/* How many of the ascending values are less than this one. */
static size_t
count_less(const uint64_t *values, size_t count, uint64_t value)
{
	const uint64_t *first = values;

	while (count > 1)
	{
		size_t		half = count / 2;

		/* A mask, lest it be compiled to a branch: which half it is cannot be predicted. */
		first += half & -(size_t) (first[half - 1] < value);
		count -= half;
	}
	return first - values + (count == 1 && *first < value);
}

void
ordered_blocks_insert(OrderedBlocks *bag, uint64_t value, const Host *host)
{
	size_t		place;
	size_t		index;
	OrderedBlock *block;

	if (bag->nblocks == 0)
	{
		insert_block(bag, 0, FIRST_ROOM, host);
		bag->sums[0] = 0;
		bag->highest[0] = value;
	}
	place = count_less(bag->highest, bag->nblocks - 1, value);
	block = &bag->blocks[place];
	if (block->count == BLOCK_ROOM)
	{
		split_block(bag, place, host);
		place += bag->highest[place] < value;
		block = &bag->blocks[place];
	}
	else if (block->count == block->room)
		enlarge_block(block, host);

	index = count_less(block->values, block->count, value);
	memmove(block->values + index + 1, block->values + index, (block->count - index) * sizeof(uint64_t));
	block->values[index] = value;
	block->count++;
	bag->highest[place] = block->values[block->count - 1];
	add_to_sums(bag, place, 1);
	bag->count++;
}

bool
ordered_blocks_remove(OrderedBlocks *bag, uint64_t value, const Host *host)
{
	size_t		place = count_less(bag->highest, bag->nblocks, value);
	size_t		index;
	OrderedBlock *block;

	if (place == bag->nblocks)
		return false;
	block = &bag->blocks[place];
	index = count_less(block->values, block->count, value);
	if (index == block->count || block->values[index] != value)
		return false;

	memmove(block->values + index, block->values + index + 1, (block->count - index - 1) * sizeof(uint64_t));
	block->count--;
	bag->count--;
	add_to_sums(bag, place, -1);
	if (block->count == 0)
	{
		if (bag->nblocks > 1)
			drop_block(bag, place, host);
		return true;
	}
	bag->highest[place] = block->values[block->count - 1];
	if (block->count < JOINED_LIMIT / 2 && !join_blocks(bag, place, host) && place > 0)
		join_blocks(bag, place - 1, host);
	return true;
}
