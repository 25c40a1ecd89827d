/*
 * words.h: the words of exports for what happens in a conversation, and what they say of it.
 */
#ifndef TTR_LOADER_READ_RECORD_WORDS_H
#define TTR_LOADER_READ_RECORD_WORDS_H

#include "read/record/conversation.h"

/* The state after a part of that type; told: what the part itself says, if it does. NULL: it changes nothing.
 */
const char *part_state(Slice told, Slice type, const char *author);

/* Notes are for teammates only; everything else that a teammate writes reaches the customer. */
Truth part_is_reply(Slice type, const char *author, bool has_body);

/* admin, bot or user; NULL for an author who is none of them. */
const char *author_kind(Slice type);

#endif
