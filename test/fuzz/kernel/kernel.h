/*
 * kernel.h
 *	  A host on malloc() for the kernels, which knows whether all memory came back.
 */
#ifndef TTR_FUZZ_KERNEL_H
#define TTR_FUZZ_KERNEL_H

#include "fuzz.h"
#include "kernel/host.h"

static inline void *
fuzz_allocate(void *pieces, size_t size)
{
	void	   *memory = malloc(size);

	require(memory != NULL);
	++*(size_t *) pieces;
	return memory;
}

static inline void
fuzz_release(void *pieces, void *memory)
{
	--*(size_t *) pieces;
	free(memory);
}

static inline void
no_interrupts(void)
{
}

/* *pieces counts what is held. */
static inline Host
fuzz_host(size_t *pieces)
{
	*pieces = 0;
	return (Host) {fuzz_allocate, fuzz_release, no_interrupts, pieces};
}

#endif							/* TTR_FUZZ_KERNEL_H */
