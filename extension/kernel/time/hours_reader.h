/*
 * hours_reader.h
 *	  The words of which texts of business hours consist: see hours_reader.c.
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

/* Says what is wrong, and where; always false. */
extern bool hours_fail(HoursError *error, HoursDefect defect, Place place, Place other);

/* The same of the word that comes next. */
extern bool hours_fail_here(HoursReader *reader, HoursDefect defect);

/* Passes white space; what comes next, if anything, begins at the position afterwards. */
extern bool is_at_end(HoursReader *reader);

/* Whether this is what comes next; then it is passed. */
extern bool accept_symbol(HoursReader *reader, const char *symbol);

/* From a position to where the reader is now. */
extern Place place_since(const HoursReader *reader, size_t position);

/* These pass what they read, or fail. */
extern bool read_weekday(HoursReader *reader, int *weekday);
extern bool read_time(HoursReader *reader, bool is_end, int32_t *seconds);
extern bool read_date(HoursReader *reader, int32_t *day);

#endif							/* TTR_KERNEL_TIME_HOURS_READER_H */
