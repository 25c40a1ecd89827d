/*
 * working_time.c
 *	  Working time up to any instant, and the inverse.
 *
 * W(t) is the working time of a calendar up to t.  It rises within openings and is
 * level between them:
 *
 *	  W(t)                                   ________
 *	                                        /
 *	                           ____________/
 *	                          /
 *	              ___________/
 *	             /
 *	  __________/
 *	            [==)         [=)          [=)
 *	  starts    s0           s1           s2
 *	  before    0            b1           b2          b3
 *
 * The starts of the openings and the sums before them suffice: the length of an opening is
 * the difference of two sums.  One binary search finds W(t), and the working time between
 * two instants is W(later) - W(earlier), however many openings lie between them.
 * The inverse is a binary search in the sums: the earliest instant with W(t) = w lies in
 * the opening during which the sum reaches w.
 *
 * A calendar of 15 years has 8,000 openings, which take 128 kB.
 */
#include "kernel/time/working_time.h"

void
working_time_init(WorkingTime *calendar, size_t room, const Host *host)
{
	calendar->count = 0;
	calendar->starts = host->allocate(host->context, (2 * room + 1) * sizeof(uint64_t));
	calendar->before = (uint64_t *) (calendar->starts + room);
	calendar->before[0] = 0;
}

void
working_time_clear(WorkingTime *calendar, const Host *host)
{
	host->release(host->context, calendar->starts);
	calendar->count = 0;
	calendar->starts = NULL;
	calendar->before = NULL;
}

static inline uint64_t
length_of_opening(const WorkingTime *calendar, size_t index)
{
	return calendar->before[index + 1] - calendar->before[index];
}

static int64_t
end_of_opening(const WorkingTime *calendar, size_t index)
{
	return (int64_t) ((uint64_t) calendar->starts[index] + length_of_opening(calendar, index));
}

void
working_time_add(WorkingTime *calendar, Span opening)
{
	assert(opening.start <= opening.end);
	assert(calendar->count == 0 || opening.start >= end_of_opening(calendar, calendar->count - 1));
	calendar->starts[calendar->count] = opening.start;
	calendar->before[calendar->count + 1] = calendar->before[calendar->count] + span_length(opening);
	calendar->count++;
}

Span
working_time_extent(const WorkingTime *calendar)
{
	if (calendar->count == 0)
		return (Span) {0, 0};
	return (Span) {calendar->starts[0], end_of_opening(calendar, calendar->count - 1)};
}

uint64_t
working_time_until(const WorkingTime *calendar, int64_t instant)
{
	const int64_t *first = calendar->starts;
	size_t		count = calendar->count;
	size_t		index;
	uint64_t	since;
	uint64_t	length;

	if (count == 0 || instant < *first)
		return 0;

	/* The last opening that does not start after the instant. */
	while (count > 1)
	{
		size_t		half = count / 2;

		/* A mask instead of a branch, because which half it is cannot be predicted. */
		first += half & -(size_t) (first[half] <= instant);
		count -= half;
	}
	index = first - calendar->starts;
	since = (uint64_t) instant - (uint64_t) *first;
	length = length_of_opening(calendar, index);
	return calendar->before[index] + (since < length ? since : length);
}

bool
working_time_reach(const WorkingTime *calendar, int64_t start, uint64_t target, int64_t *instant)
{
	uint64_t	reached = working_time_until(calendar, start);
	size_t		low = 0;
	size_t		high = calendar->count;

	*instant = start;
	if (target == 0)
		return true;
	if (target > calendar->before[high] - reached)
		return false;

	/* The first opening at whose end the sum is reached. */
	while (low < high)
	{
		size_t		middle = (low + high) / 2;

		if (calendar->before[middle + 1] < reached + target)
			low = middle + 1;
		else
			high = middle;
	}
	*instant = (int64_t) ((uint64_t) calendar->starts[low] + (reached + target - calendar->before[low]));
	return true;
}
