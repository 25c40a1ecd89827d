/*
 * list.c: lists of teammates and of tags. See list.h.
 */
#include "read/export/list.h"

#include "read/json/field.h"

static const ShapeColumn teammate_columns[] = {
    {"id", MEANING_AUTHOR_ID, &reading_text},
    {"admin_id", MEANING_AUTHOR_ID, &reading_text},
    {"name", MEANING_AUTHOR_NAME, &reading_text},
    {"email", MEANING_AUTHOR_EMAIL, &reading_text},
    {NULL, MEANING_NONE, NULL},
};

static const ShapeColumn tag_columns[] = {
    {"id", MEANING_AUTHOR_ID, &reading_text},
    {"tag_id", MEANING_AUTHOR_ID, &reading_text},
    {"name", MEANING_AUTHOR_NAME, &reading_text},
    {NULL, MEANING_NONE, NULL},
};

static const int needed[] = {MEANING_AUTHOR_ID, MEANING_AUTHOR_NAME, MEANING_NONE};

static bool finish_listed(Row *row, Defect *problem)
{
    if (row->author_id.bytes == NULL)
        return defect(problem, DEFECT_MISSING_ID, "id", "what the line lists has no identifier");
    row->conversation->teammates[row->conversation->teammate_count++] =
        (Teammate){row->author_id, row->author_email, row->author_name};
    return true;
}

static const Shape teammate_table = {
    .name = "admins",
    .title = "a table of teammates",
    .content = FORMAT_CSV,
    .columns = teammate_columns,
    .needed = needed,
    .finish = finish_listed,
    .is_partial = true,
    .remedy =
        "--admins takes what Intercom's API gives for GET /admins, or a table with the columns id, name "
        "and email.",
};

static const Shape tag_table = {
    .name = "tags",
    .title = "a table of tags",
    .content = FORMAT_CSV,
    .columns = tag_columns,
    .needed = needed,
    .finish = finish_listed,
    .is_partial = true,
    .remedy =
        "--tags takes what Intercom's API gives for GET /tags, or a table with the columns id and name.",
};

const Shape *list_shape(List list)
{
    return list == LIST_TAGS ? &tag_table : &teammate_table;
}

const char *list_name(List list)
{
    return list_shape(list)->name;
}

const char *list_member(List list)
{
    return list == LIST_TAGS ? "\"tags\"" : "\"admins\"";
}

/* The type of a listed object must be this one, where it has a type. */
static bool check_type(const JsonRecord *record, const char *expected, DefectReason reason, Defect *problem)
{
    Slice type = json_text(record->values[MEMBER_TEAMMATE_TYPE]);
    Slice shown = slice_head(type, 60);

    return type.bytes == NULL || slice_is_word(type, expected) ||
           defect(problem, reason, "type", "the type is \"%.*s\", not %s", SLICE_ARGS(shown), expected);
}

bool teammate_is_team(const JsonRecord *record)
{
    return json_is_word(record, MEMBER_TEAMMATE_TYPE, "team");
}

bool teammate_read(const JsonRecord *record, Teammate *teammate, Defect *problem)
{
    if (!check_type(record, "admin", DEFECT_NOT_A_TEAMMATE, problem) ||
        !json_identifier(record, MEMBER_TEAMMATE_ID, &teammate->id, problem) ||
        !json_identifier(record, MEMBER_TEAMMATE_EMAIL, &teammate->email, problem) ||
        !json_identifier(record, MEMBER_TEAMMATE_NAME, &teammate->name, problem))
        return false;
    return teammate->id.bytes != NULL ||
           defect(problem, DEFECT_MISSING_ID, "id", "the teammate has no identifier");
}

/* A tag has members of the same names as a teammate. */
bool tag_read(const JsonRecord *record, Tag *tag, Defect *problem)
{
    if (!check_type(record, "tag", DEFECT_NOT_A_TAG, problem) ||
        !json_identifier(record, MEMBER_TEAMMATE_ID, &tag->id, problem) ||
        !json_identifier(record, MEMBER_TEAMMATE_NAME, &tag->name, problem))
        return false;
    return tag->id.bytes != NULL || defect(problem, DEFECT_MISSING_ID, "id", "the tag has no identifier");
}
