/*
 * record.h: a conversation as one record tells it, every value checked.
 *
 * The database takes these values as they are, in binary, where an error could no longer name the record. So
 * all that could be wrong with a value is found here.
 */
#ifndef TTR_LOADER_RECORD_H
#define TTR_LOADER_RECORD_H

#include <stdint.h>

#include "defect.h"
#include "text.h"
#include "timestamp.h"

#define VALUE_LIMIT 512  /* bytes of an id, an assignee or a tag */
#define TAG_LIMIT   1000 /* tags of one conversation */

typedef struct Count {
    bool known;
    int32_t value;
} Count;

/* What a record says besides: an empty value clears what is known under the name. */
typedef struct Attribute {
    const char *name;
    Slice value;
} Attribute;

typedef struct Conversation {
    Slice conversation_id;
    Slice user_id;
    const char *state; /* one of the three words */
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
    size_t tag_count;
    Slice tags[TAG_LIMIT];
} Conversation;

/* Nothing known. */
void conversation_clear(Conversation *conversation);

/*
 * Sets one field from text. The text outlives the record, and a setter may change it in place (tags lose
 * their backslashes). Blank text means that the field is empty.
 */
typedef bool FieldSetter(Conversation *conversation, char *text, size_t length, Defect *problem);

FieldSetter set_conversation_id, set_user_id, set_state, set_started_at, set_first_response_at,
    set_resolved_at, set_updated_at, set_assignee_id, set_assignee_email, set_closed_by, set_tags,
    set_message_count, set_reopen_count;

#endif
