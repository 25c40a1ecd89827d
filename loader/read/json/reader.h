/*
 * reader.h: reads the values of a record from its text.
 *
 * The way into json/: json_framer_next() (framer.h) cuts a record out, and json_parse() reads its values.
 *
 * yajl knows the grammar. Numbers stay text, so that identifiers beyond 2^53 are exact. A string without
 * escapes is borrowed from the text; a decoded one lies in scratch space, which the next record uses again.
 * reader->record is the last record, and borrows from its text.
 *
 * One pass of yajl fills a table of all members that any layout reads. The alternative, a cursor over the
 * validated text from which each layout picks its members, was written and measured: 308 lines fewer in
 * read/, but records of long messages were read 0.61 times as fast and those of names and numbers 0.88 times,
 * because every level that is picked from passes over the parts again.
 */
#ifndef TTR_LOADER_READ_JSON_READER_H
#define TTR_LOADER_READ_JSON_READER_H

#include <yajl/yajl_parse.h>

#include "read/json/scan.h"
#include "read/json/value.h"
#include "read/record/conversation.h"
#include "read/text/defect.h"

#define ENTRY_LIMIT 4096 /* members of a record */

/* Six values as JSON, where one byte may become six, and their names. */
#define KEPT_LIMIT (6 * (6 * VALUE_LIMIT + 32))

/* A member of the record itself, read or not. */
typedef struct JsonEntry {
    Slice name;
    Slice raw; /* its value in the text, undecoded */
    JsonMember member;
    uint32_t hash; /* of the name */
} JsonEntry;

typedef struct JsonPart {
    JsonValue id, type, created_at, state, author_type, author_id;
    JsonValue assignee_id, team_id; /* whom it assigns the conversation to; 0: nobody; no text: unchanged */
    bool has_body;
    size_t first_change, end_change; /* the part's share of the changes of the record */
} JsonPart;

/* A tag that a part adds, removes or has. */
typedef struct TagChange {
    JsonPlace place;
    Slice name;
} TagChange;

/* The kind of a record, as far as the parser knows it. */
typedef enum JsonContent {
    CONTENT_CONVERSATION, /* or an unknown object, to be rejected */
    CONTENT_PART,         /* a part by itself */
    CONTENT_NOTHING,      /* it concerns no conversation: see read/export/object/envelope.h */
} JsonContent;

/*
 *      values     of the record, and of the objects in it that occur once
 *      entries    the members of the record itself, in order
 *      lists      of all that may occur several times
 *
 * Memory of the lists is touched only as far as their counts go.
 */
typedef struct JsonRecord {
    JsonContent content;
    bool is_webhook;
    JsonValue values[MEMBER_COUNT];
    size_t entry_count, tag_count, part_count, change_count, teammate_count;
    JsonEntry entries[ENTRY_LIMIT];
    Slice tags[TAG_LIMIT + 1]; /* one more than the limit, so that an excess is seen */
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
    yajl_handle handle; /* NULL before the first record, and after one that is not JSON */
    Slice raw;
    size_t fed; /* offset in raw of the bytes that the parser has now */
    char *scratch;
    size_t scratch_size, scratch_used;
    char *unpacked; /* a record from the text of another */
    size_t unpacked_size;
    bool is_unpacked;
    char *tag_texts; /* the tags of events as text */
    size_t tag_texts_size;
    JsonPlace outermost; /* the place of the whole object */
    JsonLevel levels[JSON_DEPTH_LIMIT];
    int depth;
    int unread;        /* levels that are open and not read */
    JsonMember member; /* the member whose value comes next */
    size_t value_from; /* offset in raw behind the name of the last entry */
    Defect *problem;
    JsonRecord record;
    Attribute attributes[ENTRY_LIMIT + 1]; /* room for those of the conversation */
    char kept[KEPT_LIMIT];                 /* JSON of members that are kept in part */
} JsonReader;

JsonReader *json_reader_new(void);
void json_reader_free(JsonReader *reader);

/* Parses an object whose text has been checked; false: *problem has the reason to reject it. */
bool json_parse(JsonReader *reader, Slice raw, JsonPlace outermost, Defect *problem);

/* Checks and parses a teammate or a tag. */
bool json_read_teammate(JsonReader *reader, Slice raw, const JsonScan *scan, Defect *problem);

#endif
