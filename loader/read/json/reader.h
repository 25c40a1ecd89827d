/*
 * reader.h: from the text of a record to the values that are read of it.
 *
 * The way into json/: json_framer_next() (framer.h) cuts a record out, and json_parse() reads its values.
 *
 * The grammar is yajl's. Numbers stay text, so that identifiers beyond 2^53 are exact. Strings are borrowed
 * from the text where they stand in it as they are; decoded ones stand in scratch space, which the next
 * record uses again. reader->record is the last one that was read, and borrows from its text.
 */
#ifndef TTR_LOADER_READ_JSON_READER_H
#define TTR_LOADER_READ_JSON_READER_H

#include <yajl/yajl_parse.h>

#include "read/json/scan.h"
#include "read/json/value.h"
#include "read/record/conversation.h"
#include "read/text/defect.h"

#define ENTRY_LIMIT 4096 /* members of a record */

/* Six values as JSON, in which one byte may become six, and their names. */
#define KEPT_LIMIT (6 * (6 * VALUE_LIMIT + 32))

/* A member of the record itself, whether it is read or not. */
typedef struct JsonEntry {
    Slice name;
    Slice raw; /* its value as it stands in the text */
    JsonMember member;
    uint32_t hash; /* of the name */
} JsonEntry;

typedef struct JsonPart {
    JsonValue id, type, created_at, state, author_type;
    JsonValue assignee_id, team_id; /* whom it assigns the conversation to */
    bool has_body;
    size_t first_change, end_change; /* of the record's changes those that are the part's */
} JsonPart;

/* A tag that a part names: one that it adds or removes, or one that it bears. */
typedef struct TagChange {
    JsonPlace place;
    Slice name;
} TagChange;

/* What a record is, as far as the parser must know. */
typedef enum JsonContent {
    CONTENT_CONVERSATION, /* or what is taken for one, and rejected */
    CONTENT_PART,         /* a part by itself, the record's only one */
    CONTENT_NOTHING,      /* it says nothing of any conversation: see read/export/object/envelope.h */
} JsonContent;

/*
 *      values     those of the record and of the objects in it that stand there once
 *      entries    the record's own members, in order
 *      lists      what there may be many of
 *
 * Only what the counts say of the lists is ever touched.
 */
typedef struct JsonRecord {
    JsonContent content;
    bool is_webhook;
    JsonValue values[MEMBER_COUNT];
    size_t entry_count, tag_count, part_count, change_count, teammate_count;
    JsonEntry entries[ENTRY_LIMIT];
    Slice tags[TAG_LIMIT + 1]; /* one more than there may be, so that the excess is seen */
    JsonPart parts[EVENT_LIMIT];
    TagChange changes[EVENT_LIMIT];
    Teammate teammates[TEAMMATE_LIMIT];
} JsonRecord;

typedef struct JsonLevel {
    JsonPlace place; /* of the object; of a list, its elements' */
    bool is_list;
    bool is_record;
} JsonLevel;

typedef struct JsonReader {
    yajl_handle handle; /* NULL: the last record broke it, or there was none */
    Slice raw;
    size_t fed; /* offset in raw of what the parser has before it */
    char *scratch;
    size_t scratch_size, scratch_used;
    char *unpacked; /* a record that stood in another one as text */
    size_t unpacked_size;
    bool is_unpacked;
    char *tag_texts; /* what events say of tags */
    size_t tag_texts_size;
    JsonPlace outermost; /* what the object is that is read */
    JsonLevel levels[JSON_DEPTH_LIMIT];
    int depth;
    int unread;        /* levels that are open and not read */
    JsonMember member; /* whose value comes next */
    size_t value_from; /* offset in raw, behind the name of the entry whose value comes next */
    Defect *problem;
    JsonRecord record;
    Attribute attributes[ENTRY_LIMIT + 1]; /* room for those that are made of the record */
    char kept[KEPT_LIMIT];                 /* what is kept of members of which not all is kept */
} JsonReader;

JsonReader *json_reader_new(void);
void json_reader_free(JsonReader *reader);

/* Parses an object whose text is checked already; false: *problem says why it must be rejected. */
bool json_parse(JsonReader *reader, Slice raw, JsonPlace outermost, Defect *problem);

/* Reads a teammate, of whom only the values are read. */
bool json_read_teammate(JsonReader *reader, Slice raw, const JsonScan *scan, Defect *problem);

#endif
