/*
 * remarks.c: remarks on a load that went well. See remarks.h.
 *
 * Each remark is a count and the rest of its sentence, for one and for several.
 */
#include "report/remarks.h"

#include "terminal/message.h"

typedef struct Remark {
    int64_t count;
    const char *one, *several;
    const char *advice; /* NULL: none is needed */
    bool is_news;       /* a note and no warning: nothing is wrong */
} Remark;

static void make(const Remark *remark)
{
    const char *sentence = remark->count == 1 ? remark->one : remark->several;

    if (remark->count == 0)
        return;
    if (remark->is_news)
        note("%lld %s", (long long)remark->count, sentence);
    else
        warning("%lld %s", (long long)remark->count, sentence);
    if (remark->advice != NULL)
        hint("%s", remark->advice);
}

#define LISTED "They are listed by: SELECT * FROM ttr.data_quality"

void remark_on(const RunCount *count, const char *zone)
{
    const MergeCount *merged = &count->merged;
    const Remark remarks[] = {
        {merged->older, "record is older than what is known of its conversation, and is left out",
         "records are older than what is known of their conversations, and are left out", NULL, false},
        {merged->unnamed_tags,
         "identifier of a tag has no name, and stands among the tags as it is, such as \"tag 17\"",
         "identifiers of tags have no name, and stand among the tags as they are, such as \"tag 17\"",
         "Name them by --tags=FILE: what Intercom's API gives for GET /tags, or a table with id and name.",
         false},
        {merged->deleted, "conversation was deleted by the vendor: the figures leave it out",
         "conversations were deleted by the vendor: the figures leave them out", NULL, true},
        {merged->unknown_starts, "conversation has no known start: it is in no time to resolution",
         "conversations have no known start: they are in no time to resolution",
         "Load the conversations as well as their parts, such as Fivetran's table conversation_history or "
         "the API's conversations. " LISTED,
         false},
        {merged->unknown_closes, "closed conversation has no known close: it is in no time to resolution",
         "closed conversations have no known close: they are in no time to resolution", LISTED, false},
        {merged->early_closes, "conversation was closed before it started: it is in no time to resolution",
         "conversations were closed before they started: they are in no time to resolution", LISTED, false},
        {count->placeholders, "placeholder, such as \"nan\" or \"-\", was read as empty",
         "placeholders, such as \"nan\" or \"-\", were read as empty", NULL, true},
    };

    if (merged->ambiguous > 0)
        warning(
            "a clock change in %s skips or repeats %lld local time%s: PostgreSQL's rule chose the instant",
            zone, (long long)merged->ambiguous, merged->ambiguous == 1 ? "" : "s");
    for (size_t i = 0; i < sizeof(remarks) / sizeof(remarks[0]); i++)
        make(&remarks[i]);
    if (count->dry_run)
        note("this was a dry run: nothing is kept");
}
