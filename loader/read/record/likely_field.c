/*
 * likely_field.c: names that look like an assignee, a start or a close. See likely_field.h.
 *
 * A name is a row of words in any style: closed_at, "Closed at", closedAt. Without the words for the thing
 * and for the kind of its value, one of a few must be left.
 */
#include "read/record/likely_field.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "terminal/message.h"

#define WORDS_LIMIT 64 /* bytes of a name; a longer name is a sentence */

/* Words that may be around the one that counts. */
static const char *const around_somebody[] = {"conversation", "ticket", "chat", "current", "currently",
                                              "teammate",     "admin",  "id",   "name",    "email"};
static const char *const around_times[] = {"conversation", "ticket", "chat", "at",  "on",
                                           "time",         "date",   "ts",   "utc", "timestamp"};

static const char *const somebody[] = {"assignee", "assigned", "assigned to", "agent", "owner"};
static const char *const times[] = {
    "start",  "started",    "created",  "create",     "opened", "begin",     "begun", "close",
    "closed", "last close", "resolved", "resolution", "solved", "completed", "ended", "end",
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static bool is_one_of(const char *word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(word, words[i]) == 0)
            return true;
    return false;
}

/* Writes the words in lower case with one blank between them. */
static bool split_words(Slice name, char words[2 * WORDS_LIMIT + 1])
{
    size_t length = 0;

    if (name.length > WORDS_LIMIT)
        return false;
    for (size_t i = 0; i < name.length; i++) {
        unsigned char c = (unsigned char)name.bytes[i];
        bool begins = isupper(c) && i > 0 && islower((unsigned char)name.bytes[i - 1]);

        if ((begins || !isalnum(c)) && length > 0 && words[length - 1] != ' ')
            words[length++] = ' ';
        if (isalnum(c))
            words[length++] = (char)tolower(c);
    }
    if (length > 0 && words[length - 1] == ' ')
        length--;
    words[length] = '\0';
    return length > 0;
}

/* Whether a wanted word is left without the words that may be around it. */
static bool comes_to(const char *words, const char *const *around, size_t around_count,
                     const char *const *wanted, size_t wanted_count)
{
    char copy[2 * WORDS_LIMIT + 1], rest[2 * WORDS_LIMIT + 1] = "";
    char *state;

    strcpy(copy, words);
    for (char *word = strtok_r(copy, " ", &state); word != NULL; word = strtok_r(NULL, " ", &state)) {
        if (is_one_of(word, around, around_count))
            continue;
        if (*rest)
            strcat(rest, " ");
        strcat(rest, word);
    }
    return is_one_of(rest, wanted, wanted_count);
}

bool looks_like_a_field(Slice name)
{
    char words[2 * WORDS_LIMIT + 1];

    return split_words(name, words) &&
           (comes_to(words, around_somebody, COUNT(around_somebody), somebody, COUNT(somebody)) ||
            comes_to(words, around_times, COUNT(around_times), times, COUNT(times)));
}

void likely_fields_judge(LikelyFields *fields, Slice name, uint32_t hash)
{
    uint32_t *slot = &fields->judged[hash % 64];

    if (*slot == hash)
        return;
    *slot = hash;
    if (looks_like_a_field(name))
        name_list_add(&fields->names, name);
}

void likely_fields_note(LikelyFields *fields)
{
    char *names = NULL;

    if (fields->noted == fields->names.count)
        return;
    while (fields->noted < fields->names.count)
        names = join_name(names, fields->names.names[fields->noted++]);
    note("kept as attribute: %s", names);
    hint("If one of them is the start, the close or the assignee, rename it: started_at, resolved_at, "
         "assignee_email or assignee_id.");
    free(names);
}
