/*
 * conversation.h: a conversation as one record tells it, every value checked.
 *
 * The way into record/: whatever is read becomes a Conversation.
 *
 * The database takes these values as they are, in binary, where an error could no longer name the record. So
 * all that could be wrong with a value is found here.
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

/* Which fields a record speaks of (fields.h): a bit for each. */
typedef uint32_t CarriedFields;

/* What a record says besides: an empty value clears what is known under the name. */
typedef struct Attribute {
    Slice name;
    Slice value;
    bool is_json; /* the value is JSON, and kept as such; else text */
} Attribute;

/* What may be not known. */
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
    const char *state;  /* of the conversation after it, one of the three words; NULL: it changes nothing */
    const char *before; /* the state before it; NULL: the record does not say */
    const char *author; /* admin, bot or user; NULL: somebody else, or nobody knows */
    Truth is_reply;     /* of a teammate, and the customer could see it */
    Truth is_part; /* one of the parts that the vendor counts; the same may stand in logs under other names */
    Slice assignee_id; /* the teammate whom it assigns the conversation to; NULL: none */
    Slice team_id;     /* the team; NULL: none */
    Slice tags;        /* that it adds and removes, such as "+vip; -trial"; NULL: none */
} Event;

/* What a record tells about a teammate. */
typedef struct Teammate {
    Slice id, email, name;
} Teammate;

/*
 *      fields | attributes -> elsewhere | counts | tags | events | teammates
 *
 * The lists are last because they are large: only what their counts say is ever touched.
 */
typedef struct Conversation {
    CarriedFields carried;
    Slice conversation_id;
    Slice user_id;
    const char *state; /* one of the three words, or state_deleted; NULL: the record carries only events */
    Instant started_at;
    Instant first_response_at;
    Instant resolved_at;
    Instant updated_at;
    Slice assignee_id;
    Slice assignee_email;
    const char *closed_by; /* one of the three words, or NULL */
    Count message_count;
    Count reopen_count;
    const Attribute *attributes;
    size_t attribute_count;
    bool has_timeline;        /* the shape carries events, though there may be none */
    Count event_total;        /* how many there are, as far as the vendor says */
    size_t placeholder_count; /* values that were read as empty (placeholder.h) */
    size_t tag_count;
    size_t event_count;
    size_t teammate_count;
    Slice tags[TAG_LIMIT];
    Event events[EVENT_LIMIT];
    Teammate teammates[TEAMMATE_LIMIT];
} Conversation;

/* Nothing known. */
void conversation_clear(Conversation *conversation);

/*
 * Values from text, blanks around it dropped; nothing but blanks is no value. A text that is none of what it
 * may be is a defect in the column.
 */
bool read_identifier(Slice text, const char *column, Slice *value, Defect *problem);

/* A spreadsheet writes a long number as 2.15468E+14: different identifiers would become one. */
bool check_not_rounded(Slice identifier, const char *column, Defect *problem);

bool read_state(Slice text, const char *column, const char **state, Defect *problem);
bool read_closer(Slice text, const char *column, const char **closer, Defect *problem);
bool read_count(Slice text, const char *column, Count *count, Defect *problem);

/* The states, each with one address: they may be compared by it. */
extern const char state_open[], state_snoozed[], state_closed[];

/* Of a record that says nothing but that the vendor deleted the conversation: at updated_at, if it says so.
 * No file may spell it: state_word() does not know it. */
extern const char state_deleted[];

/* One of them, whatever the case and the blanks around it; NULL for anything else. */
const char *state_word(Slice text);

/* admin, bot or user; NULL for anything else. */
const char *closer_word(Slice text);

/* 0, also on its way through a column of floating-point numbers, is nobody's identifier. */
bool is_nobody(Slice identifier);

/* Adds a tag, trimmed, unless it is blank or there already. */
bool add_tag(Conversation *conversation, Slice tag, Defect *problem);

/*
 * Adds the tags of a text in which they are separated, and which lasts as long as the record. A separator
 * behind a backslash belongs to the tag; the backslashes are taken out in place.
 */
bool split_tags(Conversation *conversation, char *text, size_t length, char separator, Defect *problem);

#endif
