/*
 * reading.h
 *	  What the targets that read an export require.
 *
 * Records come in the order of the input, each with its own bytes; and in whatever pieces
 * the bytes arrive, the records are the same.
 */
#ifndef TTR_FUZZ_READING_H
#define TTR_FUZZ_READING_H

#include "fuzz.h"
#include "read/verdict.h"

/* The input as one whole and in small pieces.  shape and check: as of read_input(). */
static inline void
require_same_records(const uint8_t *bytes, size_t size, const Shape *wanted, RecordCheck *check)
{
	static const char *const read_sizes[] = {"1", "2", "3", "5", "64", "511"};
	static Reader reader;
	static bool begun;
	Slice		input = {(const char *) bytes, size};
	Verdict		whole;
	Verdict		pieces;

	if (!begun)
		reader_begin(&reader);
	begun = true;
	unsetenv("TTR_READ_SIZE");
	whole = read_input(&reader, input, wanted, check);
	setenv("TTR_READ_SIZE", read_sizes[size % 6], 1);
	pieces = read_input(&reader, input, wanted, check);
	/* Of a damaged file nothing counts, however many records came before the damage. */
	require(whole.failed == pieces.failed && (whole.failed || whole.trace == pieces.trace));
}

/* Of text in UTF-8 that is not in an archive.  A record that is not rejected may be read in its place. */
static inline void
require_own_bytes(ReadStatus status, const Frame *frame, Slice input)
{
	require(frame->byte_offset >= 0 && frame->line >= 1);
	require((size_t) frame->byte_offset + frame->raw.length <= input.length);
	require(status != READ_REJECT || memcmp(input.bytes + frame->byte_offset, frame->raw.bytes, frame->raw.length) == 0);
}

/* Text in UTF-16 is decoded, and has other places. */
static inline bool
is_in_utf8(const uint8_t *bytes, size_t size)
{
	bool		is_utf8;

	return encoding_of_mark((Slice) {(const char *) bytes, size}, &is_utf8) == NULL;
}

#endif							/* TTR_FUZZ_READING_H */
