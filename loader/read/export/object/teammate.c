/*
 * teammate.c: a teammate, as Intercom's API lists them. See teammate.h.
 */
#include "read/export/object/teammate.h"

#include "read/json/field.h"

bool teammate_is_team(const JsonRecord *record)
{
    return slice_is_word(json_text(record->values[MEMBER_TEAMMATE_TYPE]), "team");
}

bool teammate_read(const JsonRecord *record, Teammate *teammate, Defect *problem)
{
    Slice type = json_text(record->values[MEMBER_TEAMMATE_TYPE]);
    Slice shown = slice_head(type, 60);

    if (type.bytes != NULL && !slice_is_word(type, "admin"))
        return defect(problem, DEFECT_NOT_A_TEAMMATE, "type", "the type is \"%.*s\", not admin",
                      SLICE_ARGS(shown));
    if (!json_identifier(record, MEMBER_TEAMMATE_ID, &teammate->id, problem) ||
        !json_identifier(record, MEMBER_TEAMMATE_EMAIL, &teammate->email, problem) ||
        !json_identifier(record, MEMBER_TEAMMATE_NAME, &teammate->name, problem))
        return false;
    return teammate->id.bytes != NULL ||
           defect(problem, DEFECT_MISSING_ID, "id", "the teammate has no identifier");
}
