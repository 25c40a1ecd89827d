/*
 * record.c: a conversation as one record tells it. See record.h.
 */
#include "record.h"

#include <stddef.h>
#include <string.h>

void conversation_clear(Conversation *conversation)
{
    /* Not the room for tags and events, which is larger than all the rest. */
    memset(conversation, 0, offsetof(Conversation, tags));
}

static bool set_identifier(Slice *field, const char *column, char *text, size_t length, Defect *problem)
{
    Slice value = slice_trim((Slice){text, length});

    if (value.length > VALUE_LIMIT)
        return defect(problem, DEFECT_VALUE_TOO_LONG, column, "the value has %zu bytes, and %d are the limit",
                      value.length, VALUE_LIMIT);
    *field = value.length > 0 ? value : NO_SLICE;
    return true;
}

bool set_conversation_id(Conversation *conversation, char *text, size_t length, Defect *problem)
{
    if (!set_identifier(&conversation->conversation_id, "conversation_id", text, length, problem))
        return false;
    if (conversation->conversation_id.bytes == NULL)
        return defect(problem, DEFECT_MISSING_ID, "conversation_id", "the conversation has no identifier");
    return true;
}

bool set_user_id(Conversation *conversation, char *text, size_t length, Defect *problem)
{
    return set_identifier(&conversation->user_id, "user_id", text, length, problem);
}

bool is_nobody(Slice identifier)
{
    return slice_is_word(identifier, "0") || slice_is_word(identifier, "0.0");
}

bool set_assignee_id(Conversation *conversation, char *text, size_t length, Defect *problem)
{
    if (!set_identifier(&conversation->assignee_id, "assignee_id", text, length, problem))
        return false;
    if (is_nobody(conversation->assignee_id))
        conversation->assignee_id = NO_SLICE;
    return true;
}

bool set_assignee_email(Conversation *conversation, char *text, size_t length, Defect *problem)
{
    return set_identifier(&conversation->assignee_email, "assignee_email", text, length, problem);
}

/* The one of three words that the value is, whatever its case; NULL for none of them. */
static const char *one_of(Slice value, const char *const words[3])
{
    for (int i = 0; i < 3; i++)
        if (slice_is_word(value, words[i]))
            return words[i];
    return NULL;
}

bool set_state(Conversation *conversation, char *text, size_t length, Defect *problem)
{
    static const char *const states[] = {"open", "snoozed", "closed"};
    Slice value = slice_trim((Slice){text, length});
    Slice shown = slice_head(value, 60);

    conversation->state = one_of(value, states);
    if (conversation->state == NULL)
        return defect(problem, DEFECT_UNKNOWN_STATE, "state", "\"%.*s\" is none of open, snoozed and closed",
                      SLICE_ARGS(shown));
    return true;
}

bool set_closed_by(Conversation *conversation, char *text, size_t length, Defect *problem)
{
    static const char *const closers[] = {"admin", "bot", "user"};
    Slice value = slice_trim((Slice){text, length});
    Slice shown = slice_head(value, 60);

    conversation->closed_by = one_of(value, closers);
    if (conversation->closed_by == NULL && value.length > 0)
        return defect(problem, DEFECT_UNKNOWN_CLOSER, "closed_by", "\"%.*s\" is none of admin, bot and user",
                      SLICE_ARGS(shown));
    return true;
}

static bool set_instant(Instant *field, const char *column, char *text, size_t length, Defect *problem)
{
    Slice value = slice_trim((Slice){text, length});

    *field = (Instant){.known = false};
    return value.length == 0 || timestamp_parse(value, column, field, problem);
}

bool set_started_at(Conversation *conversation, char *text, size_t length, Defect *problem)
{
    if (!set_instant(&conversation->started_at, "started_at", text, length, problem))
        return false;
    if (!conversation->started_at.known)
        return defect(problem, DEFECT_MISSING_START, "started_at", "the conversation has no start");
    return true;
}

bool set_first_response_at(Conversation *conversation, char *text, size_t length, Defect *problem)
{
    return set_instant(&conversation->first_response_at, "first_response_at", text, length, problem);
}

bool set_resolved_at(Conversation *conversation, char *text, size_t length, Defect *problem)
{
    return set_instant(&conversation->resolved_at, "resolved_at", text, length, problem);
}

bool set_updated_at(Conversation *conversation, char *text, size_t length, Defect *problem)
{
    return set_instant(&conversation->updated_at, "updated_at", text, length, problem);
}

/* Digits, and perhaps ".0": what counts become on their way through a column of floating-point numbers. */
bool read_count(Slice value, const char *column, Count *field, Defect *problem)
{
    Slice shown = slice_head(value, 60);
    int64_t number = 0;
    size_t i = 0;

    *field = (Count){.known = false};
    if (value.length == 0)
        return true;
    for (; i < value.length && value.bytes[i] >= '0' && value.bytes[i] <= '9' && number <= INT32_MAX; i++)
        number = number * 10 + (value.bytes[i] - '0');
    if (i > 0 && i + 1 < value.length && value.bytes[i] == '.')
        for (i++; i < value.length && value.bytes[i] == '0';)
            i++;
    if (i < value.length || number > INT32_MAX)
        return defect(problem, DEFECT_BAD_NUMBER, column, "\"%.*s\" is not a whole number from 0 to %d",
                      SLICE_ARGS(shown), INT32_MAX);
    *field = (Count){.known = true, .value = (int32_t)number};
    return true;
}

bool set_message_count(Conversation *conversation, char *text, size_t length, Defect *problem)
{
    return read_count(slice_trim((Slice){text, length}), "message_count", &conversation->message_count,
                      problem);
}

bool set_reopen_count(Conversation *conversation, char *text, size_t length, Defect *problem)
{
    return read_count(slice_trim((Slice){text, length}), "reopen_count", &conversation->reopen_count,
                      problem);
}

bool add_tag(Conversation *conversation, Slice tag, Defect *problem)
{
    tag = slice_trim(tag);
    if (tag.length == 0)
        return true;
    for (size_t i = 0; i < conversation->tag_count; i++)
        if (slice_equals(conversation->tags[i], tag))
            return true;
    if (tag.length > VALUE_LIMIT)
        return defect(problem, DEFECT_VALUE_TOO_LONG, "tags", "a tag has %zu bytes, and %d are the limit",
                      tag.length, VALUE_LIMIT);
    if (conversation->tag_count == TAG_LIMIT)
        return defect(problem, DEFECT_TOO_MANY_TAGS, "tags", "the conversation has more than %d tags",
                      TAG_LIMIT);
    conversation->tags[conversation->tag_count++] = tag;
    return true;
}

/* Separated by semicolons; "\;" is a semicolon within a tag, and is made one in place. */
bool set_tags(Conversation *conversation, char *text, size_t length, Defect *problem)
{
    size_t start = 0, written = 0;

    conversation->tag_count = 0;
    for (size_t i = 0; i <= length; i++) {
        if (i < length && text[i] != ';') {
            if (text[i] == '\\' && i + 1 < length && text[i + 1] == ';')
                i++;
            text[written++] = text[i];
            continue;
        }
        if (!add_tag(conversation, (Slice){text + start, written - start}, problem))
            return false;
        start = written;
    }
    return true;
}
