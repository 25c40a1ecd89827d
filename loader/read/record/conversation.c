/*
 * conversation.c: a conversation as one record has it. See conversation.h.
 */
#include "read/record/conversation.h"

#include <stddef.h>
#include <string.h>

void conversation_clear(Conversation *conversation)
{
    /* Not the lists, which are larger than all the rest. */
    memset(conversation, 0, offsetof(Conversation, tags));
}

bool read_identifier(Slice text, const char *column, Slice *value, Defect *problem)
{
    text = slice_trim(text);
    if (text.length > VALUE_LIMIT)
        return defect(problem, DEFECT_VALUE_TOO_LONG, column, "the value has %zu bytes, and %d are the limit",
                      text.length, VALUE_LIMIT);
    *value = text.length > 0 ? text : NO_SLICE;
    return true;
}

/* Digits, perhaps a fraction, E+ and digits. Without the plus it may be a hexadecimal number, such as 12e45.
 */
static bool is_rounded(Slice text)
{
    size_t at = slice_skip_digits(text, 0);

    if (at == 0 || at == text.length)
        return false;
    if (text.bytes[at] == '.' || text.bytes[at] == ',')
        at = slice_skip_digits(text, at + 1);
    if (at + 2 >= text.length || (text.bytes[at] != 'E' && text.bytes[at] != 'e') ||
        text.bytes[at + 1] != '+')
        return false;
    return slice_skip_digits(text, at + 2) == text.length;
}

bool check_not_rounded(Slice identifier, const char *column, Defect *problem)
{
    Slice shown;

    if (identifier.length == 0 || memchr(identifier.bytes, '+', identifier.length) == NULL ||
        !is_rounded(identifier))
        return true;
    shown = slice_head(identifier, 60);
    return defect(problem, DEFECT_ROUNDED_IDENTIFIER, column,
                  "\"%.*s\" is an identifier that a spreadsheet rounded: export it again, and let the "
                  "spreadsheet read the column as text",
                  SLICE_ARGS(shown));
}

bool is_nobody(Slice identifier)
{
    return slice_is_word(identifier, "0") || slice_is_word(identifier, "0.0");
}

/* The word that the text is, in any case; NULL if it is none. */
static const char *one_of(Slice text, const char *const words[3])
{
    text = slice_trim(text);
    for (int i = 0; i < 3; i++)
        if (slice_is_word(text, words[i]))
            return words[i];
    return NULL;
}

const char state_open[] = "open", state_snoozed[] = "snoozed", state_closed[] = "closed";
const char state_deleted[] = "deleted";

const char *state_word(Slice text)
{
    static const char *const states[] = {state_open, state_snoozed, state_closed};

    return one_of(text, states);
}

const char *closer_word(Slice text)
{
    static const char *const closers[] = {"admin", "bot", "user"};

    return one_of(text, closers);
}

bool read_state(Slice text, const char *column, const char **state, Defect *problem)
{
    Slice shown = slice_head(slice_trim(text), 60);

    *state = state_word(text);
    if (*state != NULL)
        return true;
    if (shown.length == 0)
        return defect(problem, DEFECT_UNKNOWN_STATE, column, "the conversation has no state");
    return defect(problem, DEFECT_UNKNOWN_STATE, column, "\"%.*s\" is none of open, snoozed and closed",
                  SLICE_ARGS(shown));
}

bool read_closer(Slice text, const char *column, const char **closer, Defect *problem)
{
    Slice shown = slice_head(slice_trim(text), 60);

    *closer = closer_word(text);
    if (*closer == NULL && shown.length > 0)
        return defect(problem, DEFECT_UNKNOWN_CLOSER, column, "\"%.*s\" is none of admin, bot and user",
                      SLICE_ARGS(shown));
    return true;
}

/* Digits, and perhaps ".0", which a column of floating-point numbers adds. */
bool read_count(Slice text, const char *column, Count *count, Defect *problem)
{
    Slice value = slice_trim(text);
    Slice shown = slice_head(value, 60);
    int64_t number = 0;
    size_t i = 0;

    *count = (Count){.known = false};
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
    *count = (Count){.known = true, .value = (int32_t)number};
    return true;
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

bool split_tags(Conversation *conversation, char *text, size_t length, char separator, Defect *problem)
{
    size_t start = 0, written = 0;

    for (size_t i = 0; i <= length; i++) {
        if (i < length && text[i] != separator) {
            if (text[i] == '\\' && i + 1 < length && text[i + 1] == separator)
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
