/*
 * file_times.c: the extreme times of one file. See file_times.h.
 */
#include "read/record/file_times.h"

static void raise(Instant *highest, Instant time)
{
    if (time.known && (!highest->known || time.microseconds > highest->microseconds))
        *highest = (Instant){.known = true, .microseconds = time.microseconds};
}

static void lower(Instant *lowest, Instant time)
{
    if (time.known && (!lowest->known || time.microseconds < lowest->microseconds))
        *lowest = (Instant){.known = true, .microseconds = time.microseconds};
}

/* A mistyped year would make every later export look older. */
static void see(FileTimes *times, Instant time, int64_t now)
{
    if (time.microseconds <= now)
        raise(&times->newest, time);
}

void file_times_add(FileTimes *times, const Conversation *conversation, int64_t now)
{
    const Instant own[] = {conversation->started_at, conversation->first_response_at,
                           conversation->resolved_at, conversation->updated_at};

    lower(&times->earliest, conversation->started_at);
    for (int i = 0; i < 4; i++) {
        raise(&times->latest, own[i]);
        see(times, own[i], now);
    }
    for (size_t i = 0; conversation->has_timeline && i < conversation->event_count; i++)
        see(times, conversation->events[i].at, now);
}
