/*
 * event_fold.h
 *	  What open_intervals() and waiting_intervals() share: see event_fold.c.
 */
#ifndef TTR_TIMELINE_EVENT_FOLD_H
#define TTR_TIMELINE_EVENT_FOLD_H

#include "fmgr.h"

/* Whether an event with this word begins an interval; if not, it ends one.  Error 22023 for an unknown word. */
typedef bool (*ReadWord) (const text *word);

/* True where the text is this word, byte for byte. */
extern bool is_word(const text *value, const char *word);

/* The transition (internal, timestamptz, text): skips a row without a time or a word.  NULL until the first other row. */
extern Datum event_fold_transition(FunctionCallInfo fcinfo, ReadWord read_word);

/* The final function: the intervals as a tstzmultirange.  NULL without events. */
extern Datum event_fold_final(FunctionCallInfo fcinfo);

#endif							/* TTR_TIMELINE_EVENT_FOLD_H */
