/*
 * spill_file.c
 *	  A tape (tape.h) in one of PostgreSQL's temporary files.
 *
 * The file counts towards temp_file_limit and stands in temp_tablespaces, as those
 * of a sort do.  PostgreSQL runs the callback when it is done with the group, before
 * it frees the group's memory.  When the query fails PostgreSQL closes the file itself,
 * without the callback.
 */
#include "postgres.h"

#include "commands/tablespace.h"
#include "storage/buffile.h"

#include "compat.h"
#include "percentile/spill_file.h"

typedef struct SpillFile
{
	Tape		tape;
	BufFile    *file;
	bool		reading;		/* the file is not positioned at its end */
	int			end_file;		/* the position of the end */
	off_t		end_offset;
} SpillFile;

static void
write_spilled(Tape *tape, const uint64_t *values, size_t count)
{
	SpillFile  *self = (SpillFile *) tape;

	if (self->reading && BufFileSeek(self->file, self->end_file, self->end_offset, SEEK_SET) != 0)
		elog(ERROR, "could not return to the end of a temporary file");
	self->reading = false;
	buffile_write(self->file, values, count * sizeof(uint64_t));
}

static void
rewind_spilled(Tape *tape)
{
	SpillFile  *self = (SpillFile *) tape;

	if (!self->reading)
		BufFileTell(self->file, &self->end_file, &self->end_offset);
	self->reading = true;
	if (BufFileSeek(self->file, 0, 0, SEEK_SET) != 0)
		elog(ERROR, "could not rewind a temporary file");
}

static size_t
read_spilled(Tape *tape)
{
	SpillFile  *self = (SpillFile *) tape;
	size_t		size = BufFileRead(self->file, tape->buffer, sizeof(tape->buffer));

	if (size % sizeof(uint64_t) != 0)
		elog(ERROR, "a temporary file ends within a value");
	return size / sizeof(uint64_t);
}

static void
close_spill_file(Datum tape)
{
	BufFileClose(((SpillFile *) DatumGetPointer(tape))->file);
}

Tape *
spill_file_create(FunctionCallInfo fcinfo, MemoryContext context)
{
	MemoryContext caller = MemoryContextSwitchTo(context);
	SpillFile  *self = palloc(sizeof(SpillFile));

	self->tape.write = write_spilled;
	self->tape.rewind = rewind_spilled;
	self->tape.read = read_spilled;
	self->reading = false;
	PrepareTempTablespaces();
	self->file = BufFileCreateTemp(false);
	AggRegisterCallback(fcinfo, close_spill_file, PointerGetDatum(self));
	MemoryContextSwitchTo(caller);
	return &self->tape;
}
