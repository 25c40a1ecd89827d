/*
 * unit.h
 *	  Shared by the unit tests: a host on malloc() that counts, and numbers that are
 *	  random but repeat from their seed.
 *
 * A test runs with many seeds, and names a seed that fails.  To run that one alone:
 *
 *	  TTR_SEED=17 build/unit/kernel/multiset/test_selection
 */
#ifndef TTR_UNIT_H
#define TTR_UNIT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The name that cmocka 2 gave it. */
#ifndef assert_uint_in_range
#define assert_uint_in_range(value, minimum, maximum) assert_in_range(value, minimum, maximum)
#endif

#include "kernel/host.h"
#include "kernel/multiset/tape.h"

/* The memory that the kernel under test holds, in pieces and in bytes. */
typedef struct Held
{
	size_t		pieces;
	size_t		bytes;
	size_t		most_bytes;
} Held;

/* A piece of memory, its size before it; 16 bytes keep malloc's alignment. */
#define SIZE_BEFORE	16

static inline void *
counting_allocate(void *context, size_t size)
{
	Held	   *held = context;
	char	   *memory = malloc(SIZE_BEFORE + size);

	if (memory == NULL)
		fail_msg("out of memory for %zu bytes", size);
	memcpy(memory, &size, sizeof(size));
	held->pieces++;
	held->bytes += size;
	if (held->bytes > held->most_bytes)
		held->most_bytes = held->bytes;
	return memory + SIZE_BEFORE;
}

static inline void
counting_release(void *context, void *memory)
{
	Held	   *held = context;
	char	   *start = (char *) memory - SIZE_BEFORE;
	size_t		size;

	memcpy(&size, start, sizeof(size));
	held->pieces--;
	held->bytes -= size;
	free(start);
}

static inline void
no_interrupts(void)
{
}

static inline Host
counting_host(Held *held)
{
	Host		host = {counting_allocate, counting_release, no_interrupts, held};

	memset(held, 0, sizeof(*held));
	return host;
}

/* Sebastiano Vigna's SplitMix64: every seed is a good one. */
static inline uint64_t
next_random(uint64_t *state)
{
	uint64_t	z = (*state += UINT64_C(0x9E3779B97F4A7C15));

	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

/* Uniform in (0, 1). */
static inline double
next_uniform(uint64_t *state)
{
	return ((next_random(state) >> 12) + 0.5) / (UINT64_C(1) << 52);
}

/* Calls a test with each of the seeds 1 to count, or only with that of TTR_SEED. */
static inline void
for_each_seed(uint64_t count, void (*test) (uint64_t seed))
{
	const char *only = getenv("TTR_SEED");

	if (only != NULL)
	{
		test(strtoull(only, NULL, 10));
		return;
	}
	for (uint64_t seed = 1; seed <= count; seed++)
		test(seed);
}

/* A tape in memory. */
typedef struct UnitTape
{
	Tape		tape;
	uint64_t   *values;
	size_t		count;
	size_t		position;		/* of the reader */
	size_t		rewinds;
} UnitTape;

static inline void
unit_tape_write(Tape *tape, const uint64_t *values, size_t count)
{
	UnitTape   *self = (UnitTape *) tape;

	self->values = realloc(self->values, (self->count + count) * sizeof(uint64_t));
	memcpy(self->values + self->count, values, count * sizeof(uint64_t));
	self->count += count;
}

static inline void
unit_tape_rewind(Tape *tape)
{
	UnitTape   *self = (UnitTape *) tape;

	self->position = 0;
	self->rewinds++;
}

static inline size_t
unit_tape_read(Tape *tape)
{
	UnitTape   *self = (UnitTape *) tape;
	size_t		count = self->count - self->position;

	if (count > TAPE_BUFFER)
		count = TAPE_BUFFER;
	memcpy(tape->buffer, self->values + self->position, count * sizeof(uint64_t));
	self->position += count;
	return count;
}

/* Must be freed by unit_tape_free(). */
static inline UnitTape *
unit_tape_create(void)
{
	UnitTape   *self = calloc(1, sizeof(UnitTape));

	self->tape.write = unit_tape_write;
	self->tape.rewind = unit_tape_rewind;
	self->tape.read = unit_tape_read;
	self->values = malloc(sizeof(uint64_t));
	return self;
}

static inline void
unit_tape_free(UnitTape *tape)
{
	free(tape->values);
	free(tape);
}

#endif							/* TTR_UNIT_H */
