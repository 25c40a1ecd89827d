/*
 * lists.c: tags, parts and teammates of a record. See lists.h.
 */
#include "read/json/lists.h"

#include "read/json/field.h"
#include "read/record/words.h"

/* A repeated name takes no room, so that the limit counts different tags. */
static void add_tag_name(JsonRecord *record, Slice name)
{
    name = slice_trim(name);
    for (size_t i = 0; i < record->tag_count; i++)
        if (slice_equals(record->tags[i], name))
            return;
    if (record->tag_count <= TAG_LIMIT)
        record->tags[record->tag_count++] = name;
}

static bool add_change(JsonRecord *record, JsonPlace place, Slice name, Defect *problem)
{
    name = slice_trim(name);
    if (name.length > VALUE_LIMIT)
        return defect(problem, DEFECT_VALUE_TOO_LONG, "conversation_parts",
                      "a tag of a part has %zu bytes, and %d are the limit", name.length, VALUE_LIMIT);
    if (record->change_count == EVENT_LIMIT)
        return defect(problem, DEFECT_TOO_MANY_TAGS, "conversation_parts", "the parts have more than %d tags",
                      EVENT_LIMIT);
    if (name.length > 0)
        record->changes[record->change_count++] = (TagChange){place, name};
    return true;
}

bool json_add_element(JsonRecord *record, JsonPlace place, Slice text, Defect *problem)
{
    switch (place) {
    case PLACE_TAG:
        add_tag_name(record, text);
        return true;
    case PLACE_TAG_OF_PART:
    case PLACE_TAG_ADDED:
    case PLACE_TAG_REMOVED:
        return add_change(record, place, text, problem);
    default:
        return true;
    }
}

/* A record may name a teammate in several places. The last address and the last name count. */
static void add_teammate(JsonRecord *record, JsonValue id, JsonValue email, JsonValue name)
{
    Teammate named = {json_text(id), json_text(email), json_text(name)};
    Teammate *known;
    size_t i = 0;

    if (named.id.bytes == NULL || is_nobody(named.id) || named.id.length > VALUE_LIMIT ||
        named.email.length > VALUE_LIMIT || named.name.length > VALUE_LIMIT)
        return;
    while (i < record->teammate_count && !slice_equals(record->teammates[i].id, named.id))
        i++;
    if (i == TEAMMATE_LIMIT)
        return;
    known = &record->teammates[i];
    if (i == record->teammate_count) {
        record->teammate_count++;
        *known = (Teammate){.id = named.id};
    }
    if (named.email.bytes != NULL)
        known->email = named.email;
    if (named.name.bytes != NULL)
        known->name = named.name;
}

static void add_author(JsonRecord *record)
{
    const JsonValue *values = record->values;

    if (json_is_word(record, MEMBER_AUTHOR_TYPE, "admin"))
        add_teammate(record, values[MEMBER_AUTHOR_ID], values[MEMBER_AUTHOR_EMAIL],
                     values[MEMBER_AUTHOR_NAME]);
}

static void add_assignee(JsonRecord *record)
{
    const JsonValue *values = record->values;

    if (json_is_word(record, MEMBER_ASSIGNEE_TYPE, "admin"))
        add_teammate(record, values[MEMBER_ASSIGNEE_OWN_ID], values[MEMBER_ASSIGNEE_OWN_EMAIL],
                     values[MEMBER_ASSIGNEE_OWN_NAME]);
}

/* An identifier alone adds nothing, and a record may have many of them. */
static void add_assigned(JsonRecord *record)
{
    const JsonValue *values = record->values;

    if (json_is_word(record, MEMBER_ASSIGNED_TYPE, "admin") &&
        (json_text(values[MEMBER_ASSIGNED_EMAIL]).bytes != NULL ||
         json_text(values[MEMBER_ASSIGNED_NAME]).bytes != NULL))
        add_teammate(record, values[MEMBER_ASSIGNED_ID], values[MEMBER_ASSIGNED_EMAIL],
                     values[MEMBER_ASSIGNED_NAME]);
}

/*
 * A part assigns the conversation to a teammate, as an object or by identifier, to a team, or to nobody. A
 * bot takes it away from the teammate as nobody_admin does. A type that is not known changes nothing.
 */
static void set_assigned(JsonPart *part, const JsonValue *values)
{
    JsonValue assigned = values[MEMBER_PART_ASSIGNED_TO];
    Slice type = json_text(values[MEMBER_ASSIGNED_TYPE]);

    if (assigned.kind != JSON_OBJECT)
        part->assignee_id = assigned;
    else if (slice_is_word(type, "team"))
        part->team_id = values[MEMBER_ASSIGNED_ID];
    else if (takes_away(type))
        part->assignee_id = (JsonValue){JSON_NUMBER, NOBODY};
    else if (type.bytes == NULL || slice_is_word(type, "admin"))
        part->assignee_id = values[MEMBER_ASSIGNED_ID];
}

static bool has_value(JsonValue value)
{
    return value.kind != JSON_ABSENT && value.kind != JSON_NULL;
}

/* Since version 2.17 of the API a part may have both identifiers. assigned_to has only one of them. */
static void set_assigned_by_id(JsonPart *part, const JsonValue *values)
{
    if (!has_value(part->assignee_id))
        part->assignee_id = values[MEMBER_PART_ADMIN_ASSIGNEE_ID];
    if (!has_value(part->team_id))
        part->team_id = values[MEMBER_PART_TEAM_ASSIGNEE_ID];
}

static bool add_part(JsonRecord *record, Defect *problem)
{
    const JsonValue *values = record->values;
    const JsonPart *before = record->part_count > 0 ? &record->parts[record->part_count - 1] : NULL;
    bool has_author = values[MEMBER_PART_AUTHOR].kind == JSON_OBJECT;
    JsonPart *part;

    if (record->part_count == EVENT_LIMIT)
        return defect(problem, DEFECT_TOO_MANY_EVENTS, "conversation_parts",
                      "the conversation has more than %d parts", EVENT_LIMIT);
    part = &record->parts[record->part_count++];
    *part = (JsonPart){
        .id = values[MEMBER_PART_ID],
        .type = values[MEMBER_PART_TYPE],
        .created_at = values[MEMBER_PART_CREATED_AT],
        .state = values[MEMBER_PART_STATE],
        .author_type = has_author ? values[MEMBER_AUTHOR_TYPE] : (JsonValue){0},
        .author_id = has_author ? values[MEMBER_AUTHOR_ID] : (JsonValue){0},
        .has_body = values[MEMBER_PART_BODY].kind == JSON_STRING && values[MEMBER_PART_BODY].text.length > 0,
        .first_change = before != NULL ? before->end_change : 0,
        .end_change = record->change_count,
    };
    set_assigned(part, values);
    set_assigned_by_id(part, values);
    return true;
}

static bool add_name(JsonRecord *record, JsonPlace place, JsonValue name, Defect *problem)
{
    return (name.kind != JSON_STRING && name.kind != JSON_NUMBER) ||
           json_add_element(record, place, name.text, problem);
}

bool json_end_object(JsonRecord *record, JsonPlace place, Defect *problem)
{
    const JsonValue *values = record->values;

    switch (place) {
    case PLACE_TAG:
        return add_name(record, place, values[MEMBER_TAG_NAME], problem);
    case PLACE_TAG_OF_PART:
        return add_name(record, place, values[MEMBER_TAG_OF_PART_NAME], problem);
    case PLACE_TAG_ADDED:
        return add_name(record, place, values[MEMBER_TAG_ADDED_NAME], problem);
    case PLACE_TAG_REMOVED:
        return add_name(record, place, values[MEMBER_TAG_REMOVED_NAME], problem);
    case PLACE_AUTHOR:
        add_author(record);
        return true;
    case PLACE_ASSIGNEE:
        add_assignee(record);
        return true;
    case PLACE_ASSIGNED:
        add_assigned(record);
        return true;
    case PLACE_PART:
        return add_part(record, problem);
    default:
        return true;
    }
}
