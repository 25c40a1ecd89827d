/*
 * hours_reader.h
 *	  Reads the words in texts of business hours: see hours_reader.c.
 */
#ifndef TTR_KERNEL_TIME_HOURS_READER_H
#define TTR_KERNEL_TIME_HOURS_READER_H

#include "kernel/time/weekly_hours.h"

typedef struct HoursReader
{
	const char *text;
	size_t		length;
	size_t		position;
	bool		in_exceptions;
	HoursError *error;
} HoursReader;

/* Stores a defect and its places.  Always false. */
extern bool hours_fail(HoursError *error, HoursDefect defect, Place place, Place other);

/* The same at the next word. */
extern bool hours_fail_here(HoursReader *reader, HoursDefect defect);

/* Skips white space, so that the next word begins at position. */
extern bool is_at_end(HoursReader *reader);

/* True if this symbol comes next, which is then skipped. */
extern bool accept_symbol(HoursReader *reader, const char *symbol);

/* The place from a position to the current one. */
extern Place place_since(const HoursReader *reader, size_t position);

/* Each skips what it reads, or fails. */
extern bool read_weekday(HoursReader *reader, int *weekday);
extern bool read_time(HoursReader *reader, bool is_end, int32_t *seconds);
extern bool read_date(HoursReader *reader, int32_t *day);

#endif							/* TTR_KERNEL_TIME_HOURS_READER_H */
