/*
 * tape.h
 *	  A sequence of 64-bit values, written at its end and read from its start: for the
 *	  values of a store that do not fit into memory.
 *
 * PostgreSQL's tape is a temporary file (percentile/spill_file.c), that of the unit tests
 * lies in memory.  Both may throw, and both are freed by the program that made them.
 */
#ifndef TTR_KERNEL_MULTISET_TAPE_H
#define TTR_KERNEL_MULTISET_TAPE_H

#include <stddef.h>
#include <stdint.h>

/* Values that are read at a time: 32 kB, which stay in the first-level cache. */
#define TAPE_BUFFER		4096

typedef struct Tape
{
	/* Appends, also after values were read. */
	void		(*write) (struct Tape *tape, const uint64_t *values, size_t count);

	/* The next read() starts from the first value. */
	void		(*rewind) (struct Tape *tape);

	/* Reads into buffer.  Returns the number of values, less than TAPE_BUFFER only at the end. */
	size_t		(*read) (struct Tape *tape);

	uint64_t	buffer[TAPE_BUFFER];
} Tape;

#endif							/* TTR_KERNEL_MULTISET_TAPE_H */
