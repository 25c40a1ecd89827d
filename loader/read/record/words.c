/*
 * words.c: the meaning of the words of exports. See words.h.
 */
#include "read/record/words.h"

#include <string.h>

/* The state after a part, by its type, where the part itself has none. */
static const struct {
    const char *part_type;
    const char *state;
} effects[] = {
    {"close", state_closed},           {"open", state_open},
    {"snoozed", state_snoozed},        {"unsnoozed", state_open},
    {"timer_unsnooze", state_open},    {"assign_and_unsnooze", state_open},
    {"note_and_unsnooze", state_open}, {"note_and_reopen", state_open},
    {"assign_and_reopen", state_open},
};

const char *author_kind(Slice type)
{
    static const struct {
        const char *type;
        const char *kind;
    } kinds[] = {{"admin", "admin"}, {"bot", "bot"}, {"user", "user"}, {"lead", "user"}, {"contact", "user"}};

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (slice_is_word(type, kinds[i].type))
            return kinds[i].kind;
    return NULL;
}

bool is_teammate(const char *author)
{
    return author != NULL && strcmp(author, "admin") == 0;
}

bool takes_away(Slice assignee_type)
{
    return slice_is_word(assignee_type, "nobody_admin") || slice_is_word(assignee_type, "bot");
}

const char *part_state(Slice stated, Slice type, const char *author)
{
    const char *state = state_word(stated);

    if (state != NULL)
        return state;
    for (size_t i = 0; i < sizeof(effects) / sizeof(effects[0]); i++)
        if (slice_is_word(type, effects[i].part_type))
            return effects[i].state;
    /* A comment of the customer opens a snoozed or closed conversation. */
    if (slice_is_word(type, "comment") && author != NULL && strcmp(author, "user") == 0)
        return state_open;
    return NULL;
}

Truth part_is_reply(Slice type, const char *author, bool has_body)
{
    if (!is_teammate(author))
        return TRUTH_NO;
    if (slice_is_word(type, "note") || slice_is_word(type, "note_and_reopen") ||
        slice_is_word(type, "note_and_unsnooze"))
        return TRUTH_NO;
    return has_body || slice_is_word(type, "comment") ? TRUTH_YES : TRUTH_NO;
}
