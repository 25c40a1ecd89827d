/*
 * fuzz.h
 *	  What the fuzz targets share.
 *
 * A target is one function, which libFuzzer calls with millions of inputs (make fuzz), and
 * replay.c with those that were kept in corpus/ (make check).  Whatever the bytes are, the
 * sanitizers find nothing, and what is required holds.
 */
#ifndef TTR_FUZZ_H
#define TTR_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern int	LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#define require(condition) \
	((condition) ? (void) 0 : (fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition), abort()))

#endif							/* TTR_FUZZ_H */
