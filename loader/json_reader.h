/*
 * json_reader.h: from the text of a record to the values that are read of it.
 *
 * The grammar is yajl's. Numbers stay text, so that identifiers beyond 2^53 are exact. Strings are borrowed
 * from the text where they stand in it as they are; decoded ones stand in scratch space, which the next
 * record uses again.
 */
#ifndef TTR_LOADER_JSON_READER_H
#define TTR_LOADER_JSON_READER_H

#include <yajl/yajl_parse.h>

#include "defect.h"
#include "json_scan.h"
#include "json_value.h"
#include "record.h"

#define ENTRY_LIMIT 4096 /* members of a record */

/* A member of the record itself, whether it is read or not. */
typedef struct JsonEntry {
    Slice name;
    Slice raw; /* its value as it stands in the text */
    JsonMember member;
    uint32_t hash; /* of the name */
} JsonEntry;

typedef struct JsonPart {
    JsonValue id, type, created_at, state, author_type;
    bool has_body;
} JsonPart;

/*
 *      values     those of the record and of the objects in it that stand there once
 *      entries    the record's own members, in order
 *      lists      what there may be many of
 *
 * Only what the counts say of the lists is ever touched.
 */
typedef struct JsonRecord {
    bool is_webhook;
    JsonValue values[MEMBER_COUNT];
    size_t entry_count, tag_count, part_count, teammate_count;
    JsonEntry entries[ENTRY_LIMIT];
    Slice tags[TAG_LIMIT + 1]; /* one more than there may be, so that the excess is seen */
    JsonPart parts[EVENT_LIMIT];
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
    JsonPlace outermost; /* what the object is that is read */
    JsonLevel levels[JSON_DEPTH_LIMIT];
    int depth;
    int unread;        /* levels that are open and not read */
    JsonMember member; /* whose value comes next */
    size_t value_from; /* offset in raw, behind the name of the entry whose value comes next */
    Defect *problem;
    JsonRecord record;
    Attribute attributes[ENTRY_LIMIT]; /* room for those that are made of the record's entries */
} JsonReader;

JsonReader *json_reader_new(void);
void json_reader_free(JsonReader *reader);

/* Reads a conversation; false: *problem says why it must be rejected. reader->record borrows from raw. */
bool json_read(JsonReader *reader, Slice raw, const JsonScan *scan, Defect *problem);

/* The same for a teammate, of whom only the values are read. */
bool json_read_teammate(JsonReader *reader, Slice raw, const JsonScan *scan, Defect *problem);

#endif
