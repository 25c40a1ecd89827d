/*
 * prose.c: whether a name or a text looks like prose. See prose.h.
 */
#include "read/record/prose.h"

#include <string.h>

#include "read/text/timestamp.h"

/* --- names */

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* Characters beyond ASCII count as letters. */
static bool is_lower(char c)
{
    return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

static bool is_letter(char c)
{
    return is_upper(c) || is_lower(c);
}

/* Whether the letter at at starts a word: rating_remark, ratingRemark, RATINGRemark. */
static bool starts_word(Slice name, size_t at)
{
    if (at == 0 || !is_letter(name.bytes[at - 1]))
        return true;
    return is_upper(name.bytes[at]) &&
           (is_lower(name.bytes[at - 1]) || (at + 1 < name.length && is_lower(name.bytes[at + 1])));
}

/* The last word, without a number behind it: "Title.1", "note 2". */
static Slice last_word(Slice name)
{
    size_t from;

    while (name.length > 0 && !is_letter(name.bytes[name.length - 1]))
        name.length--;
    from = name.length > 0 ? name.length - 1 : 0;
    while (!starts_word(name, from))
        from--;
    return (Slice){name.bytes + from, name.length - from};
}

#define WORD(text)                                                                                           \
    {                                                                                                        \
        text, sizeof(text) - 1                                                                               \
    }

/* Compares lengths first: that is faster than letters, and mostly enough. */
bool is_named_as_prose(Slice name)
{
    static const Slice words[] = {WORD("title"),   WORD("subject"), WORD("body"),        WORD("text"),
                                  WORD("message"), WORD("remark"),  WORD("comment"),     WORD("note"),
                                  WORD("summary"), WORD("content"), WORD("description"), WORD("feedback")};
    Slice word = last_word(name);
    char last = word.length > 0 ? word.bytes[word.length - 1] : '\0';
    size_t shorter = last == 's' || last == 'S' ? word.length - 1 : word.length;

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if ((words[i].length == word.length || words[i].length == shorter) &&
            slice_is_word((Slice){word.bytes, words[i].length}, words[i].bytes))
            return true;
    return false;
}

static bool has_word(Slice name, size_t at, const char *word)
{
    size_t length = strlen(word), end = at + length;

    return name.length >= end && slice_is_word((Slice){name.bytes + at, length}, word) &&
           starts_word(name, at) &&
           (end == name.length || !is_letter(name.bytes[end]) || starts_word(name, end));
}

/* "ticket", "ticket.state", "ticket_attributes_state"; but a ticket_state is the vendor's. */
static bool is_of_ticket(Slice name, size_t at)
{
    size_t end = at + strlen("ticket");
    Slice next;

    if (!has_word(name, at, "ticket"))
        return false;
    if (end == name.length || name.bytes[end] == '.')
        return at == 0 || name.bytes[at - 1] == '.';
    next = (Slice){name.bytes + end, name.length - end};
    if (!is_letter(*next.bytes)) {
        next.bytes++;
        next.length--;
    }
    return slice_begins_with(next, "attribute");
}

bool is_named_as_typed(Slice name)
{
    for (size_t i = 0; i < name.length; i++) {
        char c = name.bytes[i];

        if (((c == 'c' || c == 'C') && has_word(name, i, "custom")) ||
            ((c == 't' || c == 'T') && is_of_ticket(name, i)))
            return true;
    }
    return false;
}

/* --- texts */

static bool skip_digits(Slice *text)
{
    size_t count = slice_skip_digits(*text, 0);

    text->bytes += count;
    text->length -= count;
    return count > 0;
}

static bool skip_one_of(Slice *text, const char *bytes)
{
    if (text->length == 0 || memchr(bytes, *text->bytes, strlen(bytes)) == NULL)
        return false;
    text->bytes++;
    text->length--;
    return true;
}

/* [sign] digits [. digits] [e [sign] digits] */
static bool is_number(Slice text)
{
    bool ok;

    skip_one_of(&text, "+-");
    ok = skip_digits(&text);
    if (skip_one_of(&text, "."))
        ok = skip_digits(&text) && ok;
    if (ok && skip_one_of(&text, "eE")) {
        skip_one_of(&text, "+-");
        ok = skip_digits(&text);
    }
    return ok && text.length == 0;
}

/* A date alone is also a time. */
static bool is_time(Slice text)
{
    Slice date = slice_head(text, 10);
    Instant instant;
    Defect problem;

    if (text.length < 10 || !skip_digits(&date) || !skip_one_of(&date, "-") || !skip_digits(&date) ||
        !skip_one_of(&date, "-") || !skip_digits(&date) || date.length > 0)
        return false;
    return text.length == 10 || timestamp_parse(text, NULL, &instant, &problem);
}

bool is_figure(Slice text)
{
    text = slice_trim(text);
    if (text.length == 0)
        return true;
    if (strchr("+-.0123456789", *text.bytes) != NULL)
        return is_number(text) || is_time(text);
    return slice_is_word(text, "true") || slice_is_word(text, "false");
}

bool is_prose(Slice text)
{
    if (text.length > SHORT_TEXT_LIMIT || *text.bytes == '{' || *text.bytes == '[')
        return true;
    for (size_t i = 0; i < text.length; i++)
        if (text.bytes[i] == '\n' || text.bytes[i] == '\r')
            return true;
    return false;
}
