/*
 * list.c: lists of teammates, of tags and of teams. See list.h.
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

/* Fivetran's tables tag and team, Airbyte's streams tags and teams. */
static const ShapeColumn named_columns[] = {
    {"id", MEANING_AUTHOR_ID, &reading_text},
    {"tag_id", MEANING_AUTHOR_ID, &reading_text},
    {"team_id", MEANING_AUTHOR_ID, &reading_text},
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
    .columns = named_columns,
    .needed = needed,
    .finish = finish_listed,
    .is_partial = true,
    .remedy =
        "--tags takes what Intercom's API gives for GET /tags, or a table with the columns id and name.",
};

static const Shape team_table = {
    .name = "teams",
    .title = "a table of teams",
    .content = FORMAT_CSV,
    .columns = named_columns,
    .needed = needed,
    .finish = finish_listed,
    .is_partial = true,
    .remedy =
        "--teams takes what Intercom's API gives for GET /teams, or a table with the columns id and name.",
};

static const struct {
    const Shape *table;
    const char *member;            /* of a page of the API */
    const char *singular, *plural; /* for messages */
    const char *type;              /* of a listed object */
    DefectReason other_type;       /* of another object */
} lists[LISTS] = {
    [LIST_TEAMMATES] = {&teammate_table, "\"admins\"", "teammate", "teammates", "admin",
                        DEFECT_NOT_A_TEAMMATE},
    [LIST_TAGS] = {&tag_table, "\"tags\"", "tag", "tags", "tag", DEFECT_NOT_A_TAG},
    [LIST_TEAMS] = {&team_table, "\"teams\"", "team", "teams", "team", DEFECT_NOT_A_TEAM},
};

const Shape *list_shape(List list)
{
    return lists[list].table;
}

const char *list_name(List list)
{
    return lists[list].table->name;
}

const char *list_noun(List list, int64_t count)
{
    return count == 1 ? lists[list].singular : lists[list].plural;
}

const char *list_member(List list)
{
    return lists[list].member;
}

/* The type of a listed object must be this one, where it has a type. */
static bool check_type(const JsonRecord *record, List list, Defect *problem)
{
    const char *expected = lists[list].type;
    Slice type = json_text(record->values[MEMBER_TEAMMATE_TYPE]);
    Slice shown = slice_head(type, 60);

    return type.bytes == NULL || slice_is_word(type, expected) ||
           defect(problem, lists[list].other_type, "type", "the type is \"%.*s\", not %s", SLICE_ARGS(shown),
                  expected);
}

bool teammate_is_team(const JsonRecord *record)
{
    return json_is_word(record, MEMBER_TEAMMATE_TYPE, "team");
}

bool teammate_read(const JsonRecord *record, Teammate *teammate, Defect *problem)
{
    if (!check_type(record, LIST_TEAMMATES, problem) ||
        !json_identifier(record, MEMBER_TEAMMATE_ID, &teammate->id, problem) ||
        !json_identifier(record, MEMBER_TEAMMATE_EMAIL, &teammate->email, problem) ||
        !json_identifier(record, MEMBER_TEAMMATE_NAME, &teammate->name, problem))
        return false;
    return teammate->id.bytes != NULL ||
           defect(problem, DEFECT_MISSING_ID, "id", "the teammate has no identifier");
}

/* Tags and teams have members of the same names as teammates. */
bool named_read(List list, const JsonRecord *record, Named *named, Defect *problem)
{
    if (!check_type(record, list, problem) ||
        !json_identifier(record, MEMBER_TEAMMATE_ID, &named->id, problem) ||
        !json_identifier(record, MEMBER_TEAMMATE_NAME, &named->name, problem))
        return false;
    return named->id.bytes != NULL ||
           defect(problem, DEFECT_MISSING_ID, "id", "the %s has no identifier", lists[list].type);
}
