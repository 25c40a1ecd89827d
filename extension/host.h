/*
 * host.h
 *	  What a kernel asks of the program that it runs in.
 *
 * The files without "postgres.h" (value_store.c, selection.c ...) are kernels: plain
 * C on plain memory, tested outside of a server.  PostgreSQL gives them its
 * memory contexts and its interrupts through this (backend.h), the unit tests
 * give them malloc.
 */
#ifndef TTR_HOST_H
#define TTR_HOST_H

#include <stddef.h>

typedef struct Host
{
	/* Memory of any size, aligned for any type; never NULL: it throws. */
	void	   *(*allocate) (void *context, size_t size);

	/* Takes back what allocate() gave. */
	void		(*release) (void *context, void *memory);

	/* Called about every millisecond of work, and may throw. */
	void		(*check_interrupts) (void);

	/* Passed to allocate() and release(). */
	void	   *context;
} Host;

#endif							/* TTR_HOST_H */
