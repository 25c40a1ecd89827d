/*
 * tag_history.c: the table conversation_tag_history of ETL tools: a line for each tag of a version of a
 * conversation, by the identifier of the tag.
 *
 * When all lines are known, sql/load/prepare.sql makes one record of the lines of a conversation that count,
 * and gives the tags their names.
 */
#include "read/export/shape.h"

static const ShapeColumn columns[] = {
    {"conversation_id", FIELD_CONVERSATION_ID, &reading_text},
    {"conversation_updated_at", FIELD_UPDATED_AT, &reading_time},
    {"tag_id", FIELD_TAGS, &reading_tag_id},
    {"_fivetran_active", MEANING_IS_CURRENT, &reading_current},
    {NULL, MEANING_NONE, NULL},
};

static const int needed[] = {FIELD_CONVERSATION_ID, FIELD_UPDATED_AT, FIELD_TAGS, MEANING_NONE};

static const char *const signs[] = {"tag_id + conversation_id + conversation_updated_at", NULL};

/* An empty tag marks an outdated line. No other record can have one. */
static bool finish_tagging(Row *row, Defect *problem)
{
    Conversation *conversation = row->conversation;

    if (!conversation->updated_at.known)
        return defect(problem, DEFECT_BAD_TIME, "conversation_updated_at",
                      "the version of the conversation that has the tag is empty");
    if (row->is_outdated) {
        conversation->tags[0] = (Slice){"", 0};
        conversation->tag_count = 1;
    }
    return true;
}

const Shape shape_tag_history = {
    .name = "tag_history",
    .title = "the tags of conversations by their identifiers, of ETL tools (conversation_tag_history)",
    .content = FORMAT_CSV,
    .signs = signs,
    .columns = columns,
    .needed = needed,
    .finish = finish_tagging,
    .is_partial = true,
};
