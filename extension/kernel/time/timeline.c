/*
 * timeline.c
 *	  The states of a conversation over time, and the spans in which it was open.
 *
 * An event opens a conversation or stops it (snoozed and closed are the same here).  A
 * wait is the same: a customer's message opens it, and a reply or a close stops it.
 * Events are kept as they come, 9 bytes each:
 *
 *	  | count | sorted |  t0  t1  t2  t3  t4  |  o  -  -  o  o  |
 *	                      8 bytes each           1 byte each
 *
 * (The state has no bit to spare in its time: PostgreSQL's timestamps range over more
 * than 2^63 microseconds.)  No event is dropped before the last one has come, not even one
 * that repeats the state before it: another event may still belong between the two.
 *
 * Folding reads them in the order of their times:
 *
 *	  time    1  3  3  5  6  9
 *	  state   o  -  o  o  -  o
 *	            \--/                of several at one time the last one holds
 *	         [1           6)[9, )   and what repeats a state changes nothing
 *
 * So no span is empty, and no two of them touch.  Ties are in the order in which they
 * were added, which the sort keeps.  Usually there is nothing to sort: exports are in
 * order.
 */
#include <string.h>

#include "kernel/time/timeline.h"

/* Fewer are sorted by insertion. */
#define MERGED_COUNT	24

Timeline *
timeline_create(const Host *host)
{
	Timeline   *timeline = host->allocate(host->context, TIMELINE_FIRST_BYTES);

	timeline->count = 0;
	timeline->doublings = 0;
	timeline->sorted = true;
	return timeline;
}

static Timeline *
enlarge(Timeline *timeline, const Host *host)
{
	Timeline   *larger = host->allocate(host->context, timeline_bytes(timeline) * 2);

	memcpy(larger, timeline, offsetof(Timeline, times) + timeline->count * sizeof(int64_t));
	larger->doublings++;
	memcpy(timeline_states(larger), timeline_states(timeline), timeline->count * sizeof(bool));
	host->release(host->context, timeline);
	return larger;
}

Timeline *
timeline_add(Timeline *timeline, int64_t time, bool open, const Host *host)
{
	size_t		count = timeline->count;

	if (count == timeline_room(timeline))
		timeline = enlarge(timeline, host);
	if (count > 0 && timeline->times[count - 1] > time)
		timeline->sorted = false;
	timeline->times[count] = time;
	timeline_states(timeline)[count] = open;
	timeline->count++;
	return timeline;
}

/* ----------------------------------------------------------------------
 * Sorting
 * ----------------------------------------------------------------------
 */

typedef struct Event
{
	int64_t		time;
	bool		open;
} Event;

static void
sort_by_insertion(Event *events, size_t count)
{
	for (size_t i = 1; i < count; i++)
	{
		Event		event = events[i];
		size_t		place = i;

		for (; place > 0 && events[place - 1].time > event.time; place--)
			events[place] = events[place - 1];
		events[place] = event;
	}
}

/* Of two events at the same time the left one comes first. */
static void
merge(const Event *left, const Event *left_end, const Event *right, const Event *right_end, Event *merged)
{
	while (left < left_end && right < right_end)
		*merged++ = right->time < left->time ? *right++ : *left++;
	memcpy(merged, left, (left_end - left) * sizeof(Event));
	memcpy(merged + (left_end - left), right, (right_end - right) * sizeof(Event));
}

static size_t
lesser(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Sorts short runs, then merges neighbours from one array into the other; returns the array with the result. */
static Event *
sort_by_merging(Event *events, Event *spare, size_t count, const Host *host)
{
	size_t		runs = 0;

	for (size_t i = 0; i < count; i += MERGED_COUNT)
	{
		sort_by_insertion(events + i, lesser(MERGED_COUNT, count - i));
		host_check_at_step(host, runs++);
	}

	for (size_t run = MERGED_COUNT; run < count; run *= 2)
	{
		Event	   *merged = spare;

		host->check_interrupts();
		for (size_t i = 0; i < count; i += 2 * run)
		{
			const Event *middle = events + lesser(i + run, count);

			host_check_at_step(host, runs++);
			merge(events + i, middle, middle, events + lesser(i + 2 * run, count), spare + i);
		}
		spare = events;
		events = merged;
	}
	return events;
}

void
timeline_sort(Timeline *timeline, const Host *host)
{
	Event	   *memory;
	Event	   *sorted;
	bool	   *states = timeline_states(timeline);

	if (timeline->sorted)
		return;

	memory = host->allocate(host->context, 2 * timeline->count * sizeof(Event));
	for (size_t i = 0; i < timeline->count; i++)
		memory[i] = (Event) {timeline->times[i], states[i]};

	sorted = sort_by_merging(memory, memory + timeline->count, timeline->count, host);
	for (size_t i = 0; i < timeline->count; i++)
	{
		timeline->times[i] = sorted[i].time;
		states[i] = sorted[i].open;
	}
	timeline->sorted = true;
	host->release(host->context, memory);
}

/* ----------------------------------------------------------------------
 * Folding
 * ----------------------------------------------------------------------
 */

size_t
timeline_fold(Timeline *timeline, Span *spans)
{
	const bool *states = timeline_states(timeline);
	size_t		count = 0;
	bool		open = false;

	assert(timeline->sorted);
	for (size_t i = 0; i < timeline->count; i++)
	{
		bool		is_last_at_its_time = i + 1 == timeline->count || timeline->times[i + 1] != timeline->times[i];

		if (!is_last_at_its_time || states[i] == open)
			continue;
		open = states[i];
		if (open)
			spans[count++] = (Span) {timeline->times[i], SPAN_RUNS};
		else
			spans[count - 1].end = timeline->times[i];
	}
	return count;
}
