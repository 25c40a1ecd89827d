/*
 * conversation.h: a conversation as one record has it, with every value checked.
 *
 * The way into record/: every record becomes a Conversation.
 *
 * The values go to the database in binary, where an error could no longer name the record. So every defect of
 * a value is found here.
 */
#ifndef TTR_LOADER_READ_RECORD_CONVERSATION_H
#define TTR_LOADER_READ_RECORD_CONVERSATION_H

#include <stdint.h>

#include "read/text/defect.h"
#include "read/text/slice.h"
#include "read/text/timestamp.h"

#define VALUE_LIMIT 512  /* bytes of an id, an assignee or a tag */
#define TAG_LIMIT   1000 /* tags of one conversation */

#define EVENT_LIMIT    10000 /* events of one record; Intercom exports 500 */
#define TEAMMATE_LIMIT 256   /* teammates of one record that are kept */

typedef struct Count {
    bool known;
    int32_t value;
} Count;

/* The fields that a record has (fields.h), one bit each. */
typedef uint32_t CarriedFields;

/* A value that is no field. An empty one clears the known value of that name. */
typedef struct Attribute {
    Slice name;
    Slice value;
    bool is_json; /* the value is JSON; false: text */
} Attribute;

/* True, false or unknown. */
typedef enum Truth {
    TRUTH_UNKNOWN,
    TRUTH_NO,
    TRUTH_YES,
} Truth;

/* Something that happened in a conversation. */
typedef struct Event {
    Slice id;
    Instant at;
    Slice type;         /* as exported */
    const char *state;  /* of the conversation after it, one of the constants below; NULL: unchanged */
    const char *before; /* the state before it; NULL: unknown */
    const char *author; /* admin, bot or user; NULL: anybody else, or unknown */
    Slice author_id;    /* the author, if it is a teammate; NULL: it is none, or unknown */
    Truth is_reply;     /* written by a teammate and visible to the customer */
    Truth is_part;      /* counted by the vendor as a part; logs may have the same event under another name */
    Slice assignee_id;  /* who has the conversation from then on; NOBODY: no teammate; NULL: unchanged */
    Slice team_id;      /* the same of the team */
    Slice tags;         /* those that it adds and removes: "+vip; -trial"; NULL: none */
} Event;

/* A teammate as a record has it. */
typedef struct Teammate {
    Slice id, email, name;
} Teammate;

/*
 *      fields | attributes -> elsewhere | counts | tags | events | teammates
 *
 * The lists come last because they are large. Their memory is touched only as far as their counts go.
 */
typedef struct Conversation {
    CarriedFields carried;
    Slice conversation_id;
    Slice user_id;
    const char *state; /* one of the constants below; NULL: the record carries only events */
    Instant started_at;
    Instant first_response_at;
    Instant resolved_at;
    Instant updated_at;
    Slice assignee_id;
    Slice assignee_email;
    const char *closed_by; /* admin, bot or user; NULL: unknown */
    Count message_count;
    Count reopen_count;
    const Attribute *attributes;
    size_t attribute_count;
    bool has_timeline;        /* the layout has events, even if this record has none */
    Count event_total;        /* the vendor's count */
    size_t placeholder_count; /* values that were read as empty (placeholder.h) */
    size_t tag_count;
    size_t event_count;
    size_t teammate_count;
    Slice tags[TAG_LIMIT];
    Event events[EVENT_LIMIT];
    Teammate teammates[TEAMMATE_LIMIT];
} Conversation;

/* Forgets all values. */
void conversation_clear(Conversation *conversation);

/*
 * Values from text. Blanks around the text are dropped; a blank text is no value. Any other text than the
 * values allow is a defect in the column.
 */
bool read_identifier(Slice text, const char *column, Slice *value, Defect *problem);

/* False: a spreadsheet wrote the number as 2.15468E+14, so that different identifiers would become one. */
bool check_not_rounded(Slice identifier, const char *column, Defect *problem);

bool read_state(Slice text, const char *column, const char **state, Defect *problem);
bool read_closer(Slice text, const char *column, const char **closer, Defect *problem);
bool read_count(Slice text, const char *column, Count *count, Defect *problem);

/* The states. Every state of a Conversation or an Event is one of these, so that addresses may be compared.
 */
extern const char state_open[], state_snoozed[], state_closed[];

/* The state of a record of a deletion, at updated_at if that is known. state_word() never returns it, so that
 * no file can spell it. */
extern const char state_deleted[];

/* The state that the text names, in any case, with blanks around it; NULL if it names none. */
const char *state_word(Slice text);

/* admin, bot or user; NULL for anything else. */
const char *closer_word(Slice text);

/* An event that assigns to it takes the conversation away from the teammate or the team. */
#define NOBODY ((Slice){"0", 1})

/* 0 is nobody's identifier; so is 0.0, which a column of floating-point numbers makes of it. */
bool is_nobody(Slice identifier);

/* Adds a tag, trimmed, unless it is blank or a duplicate. */
bool add_tag(Conversation *conversation, Slice tag, Defect *problem);

/*
 * Adds the tags of a text, which must last as long as the record. A separator behind a backslash belongs to
 * the tag; the backslashes are removed in place.
 */
bool split_tags(Conversation *conversation, char *text, size_t length, char separator, Defect *problem);

#endif
