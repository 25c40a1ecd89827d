/*
 * text_pool.c
 *	  Keeps each text once, so that its address stands for it: texts are then compared,
 *	  and hashed with other keys, as integers.
 *
 * A hash table with linear probing, at most half full.  Texts are never moved.
 */
#include <string.h>

#include "kernel/rollup/text_pool.h"

#define FIRST_PLACES	64

void
text_pool_init(TextPool *pool)
{
	memset(pool, 0, sizeof(*pool));
}

void
text_pool_clear(TextPool *pool, const Host *host)
{
	for (size_t i = 0; i < pool->places; i++)
		if (pool->texts[i] != NULL)
			host->release(host->context, pool->texts[i]);
	if (pool->texts != NULL)
		host->release(host->context, pool->texts);
	text_pool_init(pool);
}

/* Eight bytes at a time; the product's upper half is folded into the lower one, whose bits choose the place. */
static uint64_t
hash_bytes(const char *bytes, size_t length)
{
	uint64_t	hash = length;
	uint64_t	part;

	for (; length > 0; bytes += sizeof(part))
	{
		size_t		taken = length < sizeof(part) ? length : sizeof(part);

		part = 0;
		memcpy(&part, bytes, taken);
		hash = (hash ^ part) * UINT64_C(0x9E3779B97F4A7C15);
		hash ^= hash >> 32;
		length -= taken;
	}
	return hash;
}

static void
grow(TextPool *pool, const Host *host)
{
	size_t		places = pool->places == 0 ? FIRST_PLACES : pool->places * 2;
	PooledText **grown = host->allocate(host->context, places * sizeof(PooledText *));

	memset(grown, 0, places * sizeof(PooledText *));
	for (size_t i = 0; i < pool->places; i++)
	{
		size_t		place;

		if (pool->texts[i] == NULL)
			continue;
		place = pool->texts[i]->hash & (places - 1);
		while (grown[place] != NULL)
			place = (place + 1) & (places - 1);
		grown[place] = pool->texts[i];
	}
	if (pool->texts != NULL)
		host->release(host->context, pool->texts);
	pool->texts = grown;
	pool->places = places;
}

static PooledText *
copy_of(const char *bytes, size_t length, uint64_t hash, const Host *host)
{
	PooledText *text = host->allocate(host->context, sizeof(PooledText) + length);

	text->hash = hash;
	text->last_seen = 0;
	text->length = length;
	memcpy(text->bytes, bytes, length);
	return text;
}

PooledText *
text_pool_find(TextPool *pool, const char *bytes, size_t length, const Host *host)
{
	uint64_t	hash = hash_bytes(bytes, length);
	size_t		place;

	if (pool->used * 2 >= pool->places)
		grow(pool, host);
	for (place = hash & (pool->places - 1); pool->texts[place] != NULL; place = (place + 1) & (pool->places - 1))
	{
		PooledText *text = pool->texts[place];

		if (text->hash == hash && text->length == length && memcmp(text->bytes, bytes, length) == 0)
			return text;
	}
	pool->texts[place] = copy_of(bytes, length, hash, host);
	pool->used++;
	return pool->texts[place];
}
