/*
 * words.h: the meaning of the words that exports have for parts and authors.
 */
#ifndef TTR_LOADER_READ_RECORD_WORDS_H
#define TTR_LOADER_READ_RECORD_WORDS_H

#include "read/record/conversation.h"

/* The state after a part of that type. stated: the state that the part itself has, if any. NULL: unchanged.
 */
const char *part_state(Slice stated, Slice type, const char *author);

/* Whether a teammate wrote to the customer: customers see everything but notes. */
Truth part_is_reply(Slice type, const char *author, bool has_body);

/* admin, bot or user; NULL for any other author. */
const char *author_kind(Slice type);

/* Whether an author of that kind is a teammate. Only teammates are known by their identifiers. */
bool is_teammate(const char *author);

/* Whether an assignment to that type, nobody or a bot, takes the conversation away from its teammate. */
bool takes_away(Slice assignee_type);

#endif
