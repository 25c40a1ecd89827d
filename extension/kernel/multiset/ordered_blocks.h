/*
 * ordered_blocks.h
 *	  A multiset of 64-bit values with insertion, removal, and the value at any rank:
 *	  see ordered_blocks.c.
 */
#ifndef TTR_KERNEL_MULTISET_ORDERED_BLOCKS_H
#define TTR_KERNEL_MULTISET_ORDERED_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/host.h"

/* Values in a full block: 1 kB.  An insertion moves half of them on average. */
#define BLOCK_ROOM	128

typedef struct OrderedBlock
{
	uint64_t   *values;			/* ascending */
	uint32_t	count;			/* never 0, unless it is the only block */
	uint32_t	room;
} OrderedBlock;

typedef struct OrderedBlocks
{
	uint64_t	count;			/* of all values */
	size_t		nblocks;
	size_t		room;			/* for blocks, in the arrays below */
	OrderedBlock *blocks;		/* ascending */
	uint64_t   *highest;		/* of each block: what a search looks at */
	uint64_t   *sums;			/* of the counts of blocks, as a Fenwick tree */
} OrderedBlocks;

extern void ordered_blocks_init(OrderedBlocks *set);
extern void ordered_blocks_clear(OrderedBlocks *set, const Host *host);

extern void ordered_blocks_insert(OrderedBlocks *set, uint64_t value, const Host *host);

/* Removes a value once.  False if it is not there. */
extern bool ordered_blocks_remove(OrderedBlocks *set, uint64_t value, const Host *host);

/* The value at a rank, which is counted from 0 and less than the count. */
extern uint64_t ordered_blocks_at(const OrderedBlocks *set, uint64_t rank);

#endif							/* TTR_KERNEL_MULTISET_ORDERED_BLOCKS_H */
