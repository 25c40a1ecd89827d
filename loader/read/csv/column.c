/*
 * column.c: one column of a table. See column.h.
 */
#include "read/csv/column.h"

#include <stddef.h>

#include "read/text/placeholder.h"

typedef enum Holder {
    IN_CONVERSATION,
    IN_ROW,
} Holder;

/* Where the value of a column goes. */
typedef struct MeaningSpec {
    const char *name; /* NULL: that of the field */
    Holder holder;
    size_t offset;
    StagedTime time;
} MeaningSpec;

#define OF_CONVERSATION(member) IN_CONVERSATION, offsetof(Conversation, member)
#define OF_ROW(member)          IN_ROW, offsetof(Row, member)

static const MeaningSpec meanings[MEANING_END] = {
    [FIELD_CONVERSATION_ID] = {NULL, OF_CONVERSATION(conversation_id), NOT_STAGED},
    [FIELD_USER_ID] = {NULL, OF_CONVERSATION(user_id), NOT_STAGED},
    [FIELD_STARTED_AT] = {NULL, OF_CONVERSATION(started_at), STAGED_STARTED_AT},
    [FIELD_RESOLVED_AT] = {NULL, OF_CONVERSATION(resolved_at), STAGED_RESOLVED_AT},
    [FIELD_STATE] = {NULL, OF_CONVERSATION(state), NOT_STAGED},
    [FIELD_ASSIGNEE_EMAIL] = {NULL, OF_CONVERSATION(assignee_email), NOT_STAGED},
    [FIELD_TAGS] = {NULL, OF_CONVERSATION(tags), NOT_STAGED},
    [FIELD_MESSAGE_COUNT] = {NULL, OF_CONVERSATION(message_count), NOT_STAGED},
    [FIELD_REOPEN_COUNT] = {NULL, OF_CONVERSATION(reopen_count), NOT_STAGED},
    [FIELD_FIRST_RESPONSE_AT] = {NULL, OF_CONVERSATION(first_response_at), STAGED_FIRST_RESPONSE_AT},
    [FIELD_UPDATED_AT] = {NULL, OF_CONVERSATION(updated_at), STAGED_UPDATED_AT},
    [FIELD_ASSIGNEE_ID] = {NULL, OF_CONVERSATION(assignee_id), NOT_STAGED},
    [FIELD_CLOSED_BY] = {NULL, OF_CONVERSATION(closed_by), NOT_STAGED},
    [FIELD_ATTRIBUTES] = {NULL, OF_CONVERSATION(attributes), NOT_STAGED},
    [MEANING_CREATED_AT] = {"started_at, where nothing else gives it", OF_ROW(created_at), STAGED_STARTED_AT},
    [MEANING_LAST_CLOSE_AT] = {"resolved_at, while closed", OF_ROW(last_close_at), STAGED_RESOLVED_AT},
    [MEANING_ASSIGNEE_NAME] = {"the assignee's name", OF_ROW(assignee_name), NOT_STAGED},
    [MEANING_IS_CURRENT] = {"whether the row is the newest", OF_ROW(is_outdated), NOT_STAGED},
    [MEANING_EVENT_ID] = {"the event's identifier", OF_ROW(event_id), NOT_STAGED},
    [MEANING_EVENT_AT] = {"the event's time", OF_ROW(event_at), STAGED_EVENT_AT},
    [MEANING_EVENT_TYPE] = {"what happened", OF_ROW(event_type), NOT_STAGED},
    [MEANING_EVENT_STATE] = {"the state after it", OF_ROW(event_state), NOT_STAGED},
    [MEANING_EVENT_TOTAL] = {"how many events there are", OF_CONVERSATION(event_total), NOT_STAGED},
    [MEANING_STATE_BEGUN] = {"the state that begins", OF_ROW(state), NOT_STAGED},
    [MEANING_STATE_ENDED] = {"the state that ends", OF_ROW(previous_state), NOT_STAGED},
    [MEANING_AUTHOR_TYPE] = {"the author's type", OF_ROW(author_type), NOT_STAGED},
    [MEANING_AUTHOR_ID] = {"the author's identifier", OF_ROW(author_id), NOT_STAGED},
    [MEANING_AUTHOR_EMAIL] = {"the author's address", OF_ROW(author_email), NOT_STAGED},
    [MEANING_AUTHOR_NAME] = {"the author's name", OF_ROW(author_name), NOT_STAGED},
    [MEANING_HAS_BODY] = {"whether something was written", OF_ROW(has_body), NOT_STAGED},
    [MEANING_IS_AUTOMATIC] = {"whether no person did it", OF_ROW(is_automatic), NOT_STAGED},
    [MEANING_EVENT_ENDED_AT] = {"when that ended", OF_ROW(event_ended_at), NOT_STAGED},
    [MEANING_FIRST_CLOSE_AT] = {"the first close, never resolved_at", IN_ROW, 0, NOT_STAGED},
    [MEANING_ASSIGNEE_OR_TEAM] = {"assignee_id, or a team's", OF_ROW(assigned_id), NOT_STAGED},
    [MEANING_ASSIGNEE_TYPE] = {"whether the assignee is a team", OF_ROW(assigned_type), NOT_STAGED},
    [MEANING_ASSIGNED_TO_ID] = {"whom the event assigns to", OF_ROW(assigned_id), NOT_STAGED},
    [MEANING_ASSIGNED_TO_TYPE] = {"whether that is a team", OF_ROW(assigned_type), NOT_STAGED},
    [MEANING_ASSIGNED_TO_TEAM] = {"the team that it assigns to", OF_ROW(assigned_team_id), NOT_STAGED},
};

const char *meaning_name(int meaning)
{
    return meanings[meaning].name != NULL ? meanings[meaning].name : field_names[meaning];
}

bool is_kept_besides(int meaning, const Reading *reading)
{
    return meaning == MEANING_CREATED_AT || reading->kept;
}

StagedTime meaning_time(int meaning)
{
    return meanings[meaning].time;
}

static void *place_of(Row *row, const Column *column)
{
    const MeaningSpec *meaning = &meanings[column->meaning];

    return (meaning->holder == IN_ROW ? (char *)row : (char *)row->conversation) + meaning->offset;
}

/* A teammate's name among them: it serves as an identifier where there is no other. */
static bool is_identifier(int meaning)
{
    switch (meaning) {
    case FIELD_CONVERSATION_ID:
    case FIELD_USER_ID:
    case FIELD_ASSIGNEE_ID:
    case MEANING_ASSIGNEE_NAME:
    case MEANING_ASSIGNEE_OR_TEAM:
    case MEANING_EVENT_ID:
    case MEANING_AUTHOR_ID:
    case MEANING_ASSIGNED_TO_ID:
    case MEANING_ASSIGNED_TO_TEAM:
        return true;
    default:
        return false;
    }
}

static bool read_text(Row *row, Column *column, char *text, size_t length, Defect *problem)
{
    Slice *place = place_of(row, column);

    if (!read_identifier((Slice){text, length}, column->name, place, problem) ||
        (is_identifier(column->meaning) && !check_not_rounded(*place, column->name, problem)))
        return false;
    if (column->meaning != FIELD_CONVERSATION_ID)
        return true;
    if (place->bytes == NULL)
        return defect(problem, DEFECT_MISSING_ID, column->name, "the conversation has no identifier");
    if (is_placeholder(*place)) /* or all conversations without an identifier would become one */
        return defect(problem, DEFECT_MISSING_ID, column->name,
                      "the conversation has no identifier: \"%.*s\" stands for nothing", SLICE_ARGS(*place));
    return true;
}

const Reading reading_text = {"text", .read = read_text};

static bool read_somebody(Row *row, Column *column, char *text, size_t length, Defect *problem)
{
    Slice *place = place_of(row, column);

    if (!read_text(row, column, text, length, problem))
        return false;
    if (is_nobody(*place))
        *place = NO_SLICE;
    return true;
}

const Reading reading_somebody = {"text; 0 is nobody", .read = read_somebody};

/* An empty cell is no assignment; 0 is one to nobody. */
static bool read_assigned(Row *row, Column *column, char *text, size_t length, Defect *problem)
{
    Slice *place = place_of(row, column);

    if (!read_text(row, column, text, length, problem))
        return false;
    if (is_nobody(*place))
        *place = NOBODY;
    return true;
}

const Reading reading_assigned = {"text; 0 takes it away", .read = read_assigned};

static bool read_any_state(Row *row, Column *column, char *text, size_t length, Defect *problem)
{
    return read_state((Slice){text, length}, column->name, place_of(row, column), problem);
}

const Reading reading_state = {"open, snoozed or closed, in any case", .read = read_any_state};

/* The vendor's words are in the language of the workspace. */
static bool read_english_state(Row *row, Column *column, char *text, size_t length, Defect *problem)
{
    const char **state = place_of(row, column);
    Slice shown = slice_head(slice_trim((Slice){text, length}), 60);

    *state = state_word((Slice){text, length});
    if (*state != NULL)
        return true;
    if (shown.length == 0)
        return defect(problem, DEFECT_UNKNOWN_STATE, column->name, "the state is empty");
    return defect(problem, DEFECT_UNKNOWN_STATE, column->name,
                  "\"%.*s\" is none of Open, Snoozed and Closed: set the workspace's language to English and "
                  "export again, or replace the words",
                  SLICE_ARGS(shown));
}

const Reading reading_english_state = {"Open, Snoozed or Closed, in English, in any case",
                                       .read = read_english_state};

static bool read_any_closer(Row *row, Column *column, char *text, size_t length, Defect *problem)
{
    return read_closer((Slice){text, length}, column->name, place_of(row, column), problem);
}

const Reading reading_closer = {"admin, bot or user, in any case", .read = read_any_closer};

static bool read_iso(Row *row, Column *column, char *text, size_t length, Defect *problem)
{
    Slice value = slice_trim((Slice){text, length});

    return value.length == 0 ||
           timestamp_parse_cell(value, column->dates, column->name, place_of(row, column), problem);
}

const Reading reading_iso = {"ISO 8601", .read = read_iso};

static const char *const styles[] = {
    [TIME_TEXT] = "in ISO 8601",
    [TIME_SECONDS] = "seconds since 1970",
    [TIME_MILLISECONDS] = "milliseconds since 1970",
};

/* A column has times of one kind. A time of another kind is a mistake, and could be read as one a thousand
 * times as far away. */
static bool read_time(Row *row, Column *column, char *text, size_t length, Defect *problem)
{
    Slice value = slice_trim((Slice){text, length});
    Slice shown = slice_head(value, 60);
    TimeStyle style = value.length > 0 ? time_style(value) : TIME_UNDECIDED;

    if (style == TIME_UNDECIDED)
        return true;
    if (column->style != TIME_UNDECIDED && style != column->style)
        return defect(problem, DEFECT_BAD_TIME, column->name,
                      "\"%.*s\" is %s, and the first time of the column is %s", SLICE_ARGS(shown),
                      style == TIME_TEXT ? "text" : styles[style], styles[column->style]);
    if (!(style == TIME_TEXT
              ? timestamp_parse_cell(value, column->dates, column->name, place_of(row, column), problem)
              : timestamp_parse_epoch(value, column->name, place_of(row, column), problem)))
        return false;
    column->style = style;
    return true;
}

const Reading reading_time = {"ISO 8601 or epoch, whichever the column's first time is", .read = read_time};

static bool read_tags(Row *row, Column *column, char *text, size_t length, Defect *problem)
{
    (void)column;
    return split_tags(row->conversation, text, length, ';', problem);
}

const Reading reading_tags = {"tags, separated by semicolons", .copied = true, .read = read_tags};

static bool read_tag_list(Row *row, Column *column, char *text, size_t length, Defect *problem)
{
    (void)column;
    return split_tags(row->conversation, text, length, ',', problem);
}

const Reading reading_tag_list = {"tags, separated by commas", .copied = true, .read = read_tag_list};

/* Other exports have the names of tags: their identifiers would be other tags. */
static bool read_tag_names(Row *row, Column *column, char *text, size_t length, Defect *problem)
{
    Conversation *conversation = row->conversation;
    bool all_numbers = true;

    if (!read_tag_list(row, column, text, length, problem))
        return false;
    for (size_t i = 0; i < conversation->tag_count; i++)
        all_numbers =
            all_numbers && slice_skip_digits(conversation->tags[i], 0) == conversation->tags[i].length;
    if (conversation->tag_count == 0 || !all_numbers)
        return true;
    conversation->tag_count = 0;
    conversation->carried &= ~CARRIES(FIELD_TAGS);
    return true;
}

const Reading reading_tag_names = {"tags, separated by commas; nothing but numbers are no tags", true, true,
                                   read_tag_names};

static bool read_number(Row *row, Column *column, char *text, size_t length, Defect *problem)
{
    return read_count((Slice){text, length}, column->name, place_of(row, column), problem);
}

const Reading reading_count = {"a whole number", .read = read_number};

static bool is_false(Slice value)
{
    return slice_is_word(value, "false") || slice_is_word(value, "f") || slice_is_word(value, "0");
}

static bool read_current(Row *row, Column *column, char *text, size_t length, Defect *problem)
{
    (void)problem;
    *(bool *)place_of(row, column) = is_false(slice_trim((Slice){text, length}));
    return true;
}

const Reading reading_current = {"true, or false for an older version", .read = read_current};

static bool read_truth(Row *row, Column *column, char *text, size_t length, Defect *problem)
{
    Slice value = slice_trim((Slice){text, length});

    (void)problem;
    *(bool *)place_of(row, column) = value.length > 0 && !is_false(value);
    return true;
}

const Reading reading_truth = {"true or false", .read = read_truth};

static bool read_presence(Row *row, Column *column, char *text, size_t length, Defect *problem)
{
    (void)problem;
    *(bool *)place_of(row, column) = slice_trim((Slice){text, length}).length > 0;
    return true;
}

const Reading reading_presence = {"whether there is any text, which is not kept", .read = read_presence};

static bool read_previous_state(Row *row, Column *column, char *text, size_t length, Defect *problem)
{
    row->has_no_previous_state = slice_trim((Slice){text, length}).length == 0;
    return row->has_no_previous_state || read_english_state(row, column, text, length, problem);
}

const Reading reading_previous_state = {"Open, Snoozed or Closed, in English, in any case, or empty",
                                        .read = read_previous_state};

static bool read_aside(Row *row, Column *column, char *text, size_t length, Defect *problem)
{
    (void)row;
    (void)column;
    (void)text;
    (void)length;
    (void)problem;
    return true;
}

const Reading reading_aside = {"whatever it is", .kept = true, .read = read_aside};

static bool read_tag_id(Row *row, Column *column, char *text, size_t length, Defect *problem)
{
    (void)column;
    return add_tag(row->conversation, (Slice){text, length}, problem);
}

const Reading reading_tag_id = {"the identifier of one tag", .read = read_tag_id};
