/*
 * weekly_hours.h
 *	  Business hours of each day, read from text: see weekly_hours.c.
 */
#ifndef TTR_KERNEL_TIME_WEEKLY_HOURS_H
#define TTR_KERNEL_TIME_WEEKLY_HOURS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/host.h"

#define SECONDS_PER_DAY		86400

/* A piece of one of the two texts, in bytes. */
typedef struct Place
{
	bool		in_exceptions;
	uint32_t	offset;
	uint32_t	length;			/* 0 at the end of the text */
} Place;

typedef struct Opening
{
	int32_t		start;			/* seconds after the midnight on which its day begins */
	int32_t		end;			/* at most a day later, and so perhaps on the next day */
	Place		place;
} Opening;

typedef struct DayHours
{
	Opening    *openings;		/* ascending, none overlaps another one */
	size_t		count;
} DayHours;

/* Days are counted from 2000-01-01, as PostgreSQL does. */
typedef struct DayException
{
	int32_t		first;
	int32_t		last;
	DayHours	hours;			/* instead of those of the weekday */
	Place		place;			/* of the days */
} DayException;

typedef struct WeeklyHours
{
	DayHours	weekdays[7];	/* from Monday on */
	DayException *exceptions;	/* ascending, none overlaps another one */
	size_t		nexceptions;
	void	   *memory;			/* of all of it */
} WeeklyHours;

typedef enum HoursDefect
{
	NOT_A_WEEKDAY,
	NOT_A_TIME,
	NOT_A_DATE,
	NO_END_OF_OPENING,			/* no hyphen where one must stand */
	NO_END_OF_PART,				/* no semicolon where one must stand */
	DAY_TWICE,
	DATES_BACKWARDS,
	OPENINGS_OVERLAP
} HoursDefect;

typedef struct HoursError
{
	HoursDefect defect;
	Place		place;
	Place		other;			/* of the other day or opening, if two are involved */
} HoursError;

/* False if the texts have a defect; then there is nothing to clear. */
extern bool weekly_hours_read(WeeklyHours *hours, const char *weekly, size_t weekly_length, const char *exceptions,
							  size_t exceptions_length, HoursError *error, const Host *host);

extern void weekly_hours_clear(WeeklyHours *hours, const Host *host);

/* The hours of a day: those of an exception, else of the weekday. */
extern const DayHours *weekly_hours_of_day(const WeeklyHours *hours, int32_t day);

#endif							/* TTR_KERNEL_TIME_WEEKLY_HOURS_H */
