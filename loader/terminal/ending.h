/*
 * ending.h: the end of a process that cannot finish what it is doing.
 *
 *     memory is lacking               end_without_memory()
 *     a signal came, and the step     end_by_signal(), a second later and from a signal handler
 *     in hand does not come back
 *
 * Either may happen anywhere. So what must not stay behind, and what must be said, is noted beforehand:
 * outputs that are not whole are removed, and the last line says whether the load stands. The server rolls
 * back what is not committed.
 */
#ifndef TTR_LOADER_TERMINAL_ENDING_H
#define TTR_LOADER_TERMINAL_ENDING_H

#include <stddef.h>

typedef enum Standing {
    NOTHING_STANDS, /* of this load */
    COMMIT_IS_SENT, /* it stands, or it does not */
    LOAD_STANDS,
} Standing;

/* Notes how far the load is. load_id: its number, while it stands. */
void ending_note(Standing standing, const char *load_id);

/* What is said where nothing stands, unless it is "nothing is loaded". */
void ending_call_nothing(const char *words);

/* From now on the file is removed at such an end; ending_keep(): no longer. The path must stay where it is.
 */
void ending_remove(const char *path);
void ending_keep(const char *path);

/* size: that could not be had; 0: unknown. */
_Noreturn void end_without_memory(size_t size);

/* Ends the process as the signal does. For signal handlers. */
_Noreturn void end_by_signal(int signal_number);

#endif
