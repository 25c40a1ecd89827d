/*
 * text_pool.h
 *	  Texts, each kept once: see text_pool.c.
 */
#ifndef TTR_KERNEL_ROLLUP_TEXT_POOL_H
#define TTR_KERNEL_ROLLUP_TEXT_POOL_H

#include <stddef.h>
#include <stdint.h>

#include "kernel/host.h"

typedef struct PooledText
{
	uint64_t	hash;
	uint64_t	last_seen;		/* for the caller; 0 at first */
	size_t		length;
	char		bytes[];
} PooledText;

typedef struct TextPool
{
	PooledText **texts;			/* NULL in a free place */
	size_t		places;			/* a power of 2, or 0 */
	size_t		used;
} TextPool;

extern void text_pool_init(TextPool *pool);
extern void text_pool_clear(TextPool *pool, const Host *host);

/* The text with these bytes, which is added if it is new.  Equal texts have one address. */
extern PooledText *text_pool_find(TextPool *pool, const char *bytes, size_t length, const Host *host);

#endif							/* TTR_KERNEL_ROLLUP_TEXT_POOL_H */
