/*
 * host.h
 *	  What a kernel needs from the program that it runs in.
 *
 * The way into kernel/: every function that allocates takes a Host.
 *
 * Kernels are plain C on plain memory, tested outside of a server: no file in this
 * folder includes one from outside of it.  PostgreSQL gives them its memory contexts
 * and its interrupts through this (backend.h), the unit tests give them malloc.
 *
 * Kernels state with assert() what must hold.  The unit tests check that; ttr.so
 * checks it where the server was built with assertions (extension/Makefile).
 */
#ifndef TTR_KERNEL_HOST_H
#define TTR_KERNEL_HOST_H

#include <assert.h>
#include <stddef.h>

typedef struct Host
{
	/* Allocates memory of any size, aligned for any type.  Throws instead of returning NULL. */
	void	   *(*allocate) (void *context, size_t size);

	/* Frees what allocate() returned. */
	void		(*release) (void *context, void *memory);

	/* Called about every millisecond of work, and may throw. */
	void		(*check_interrupts) (void);

	/* Passed to allocate() and release(). */
	void	   *context;
} Host;

/* Steps of a long loop, of which each takes some nanoseconds, between two checks. */
#define STEPS_BETWEEN_CHECKS	4096

/* Called with the number of each step of such a loop. */
static inline void
host_check_at_step(const Host *host, size_t step)
{
	if (step % STEPS_BETWEEN_CHECKS == STEPS_BETWEEN_CHECKS - 1)
		host->check_interrupts();
}

#endif							/* TTR_KERNEL_HOST_H */
