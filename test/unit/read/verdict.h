/*
 * verdict.h
 *	  Reads bytes as the loader reads a file, and keeps what became of them.
 *
 * The fuzz targets read in the same way, without cmocka.
 */
#ifndef TTR_UNIT_READ_VERDICT_H
#define TTR_UNIT_READ_VERDICT_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "read/reader.h"
#include "terminal/message.h"

/* What became of an input. */
typedef struct Verdict
{
	int			conversations;
	int			rejects;
	bool		failed;
	uint64_t	trace;			/* a hash of every record: its place, its values, and as many bytes as are kept */
} Verdict;

/* Looks at a record that was cut out of the input; NULL: nobody does. */
typedef void RecordCheck(ReadStatus status, const Frame *frame, Slice input);

static inline void
trace_bytes(Verdict *verdict, const void *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		verdict->trace = (verdict->trace ^ ((const unsigned char *) bytes)[i]) * UINT64_C(1099511628211);
}

static inline void
trace_record(Verdict *verdict, ReadStatus status, const Frame *frame, const Conversation *conversation)
{
	int64_t		facts[4] = {status, frame->line, frame->byte_offset, 0};
	size_t		shown = frame->raw.length < SHOWN_OF_A_GIANT ? frame->raw.length : SHOWN_OF_A_GIANT;

	if (status == READ_REJECT)
		facts[3] = frame->problem.reason;
	trace_bytes(verdict, facts, sizeof(facts));
	trace_bytes(verdict, frame->raw.bytes, shown);
	if (status != READ_CONVERSATION)
		return;
	trace_bytes(verdict, conversation->conversation_id.bytes, conversation->conversation_id.length);
	facts[0] = conversation->started_at.microseconds;
	facts[1] = conversation->carried;
	facts[2] = conversation->event_count;
	facts[3] = conversation->attribute_count;
	trace_bytes(verdict, facts, sizeof(facts));
}

/* The name of a file in memory that holds the bytes, until the next call. */
static inline const char *
file_of(Slice input)
{
	static int	descriptor = -1;
	static char name[64];

	if (descriptor >= 0)
		close(descriptor);
	descriptor = memfd_create("export", 0);
	if (write(descriptor, input.bytes, input.length) != (ssize_t) input.length)
		abort();
	snprintf(name, sizeof(name), "/proc/self/fd/%d", descriptor);
	return name;
}

/* wanted: as of reader_open().  Messages go nowhere: thousands of damaged files would have some. */
static inline Verdict
read_input(Reader *reader, Slice input, const Shape *wanted, RecordCheck *check)
{
	static FILE *nowhere;
	Verdict		verdict = {.trace = UINT64_C(14695981039346656037)};
	FILE	   *messages = stderr;
	bool		found = true;
	Frame		frame;

	if (nowhere == NULL)
		nowhere = fopen("/dev/null", "w");
	stderr = nowhere;
	verdict.failed = !reader_open(reader, file_of(input), wanted);
	while (!verdict.failed && found)
	{
		ReadStatus	status = reader_next(reader, &frame);

		if (status == READ_END)
			verdict.failed = !reader_next_file(reader, &found);
		else if (status == READ_FAILED)
			verdict.failed = true;
		else
		{
			if (check != NULL)
				check(status, &frame, input);
			trace_record(&verdict, status, &frame, reader->conversation);
		}
		verdict.conversations += status == READ_CONVERSATION;
		verdict.rejects += status == READ_REJECT;
	}
	stderr = messages;
	return verdict;
}

#endif							/* TTR_UNIT_READ_VERDICT_H */
