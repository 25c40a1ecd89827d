/*
 * reader.h: the records of one file after the other, whatever their shape.
 *
 * The way into read/: reader_open() opens a file, and reader_next() gives its next record.
 *
 *     source -> input buffer -> framer -> record -> conversation or teammate, or what is wrong with it
 *
 * Nothing here knows of a server. Of each kind of framer there is one, which the next file uses again.
 */
#ifndef TTR_LOADER_READ_READER_H
#define TTR_LOADER_READ_READER_H

#include "read/csv/framer.h"
#include "read/export/list.h"
#include "read/export/mapping.h"
#include "read/json/framer.h"
#include "read/json/reader.h"
#include "read/record/likely_field.h"
#include "read/source/format.h"
#include "read/source/source.h"

typedef struct Reader {
    const Shape *wanted; /* NULL: the content tells */
    /* Set after reader_begin(): how tables may write days, and what text is encoded in; NULL: UTF-8. */
    DateFormat dates;
    const char *encoding;
    Source source;
    char *name; /* of the content: of a file in an archive, archive/file */
    InputBuffer buffer;
    Format format;
    CsvFramer *csv;
    Mapping mapping; /* of the CSV file's columns */
    JsonFramer json_framer;
    JsonReader *json;
    bool is_packed;       /* the records of a CSV file are JSON in one column */
    size_t packed_column; /* that column */
    bool is_intercom;     /* all conversations that were read of the file came from Intercom's API */
    int64_t conversation_count, part_count, ticket_count, reject_count, ignored_count;
    bool is_undecoded; /* some record of the file is not UTF-8, which is reported */
    Conversation *conversation;
    List list; /* what the file's records are, if not conversations */
    Teammate teammate;
    LikelyFields likely_fields; /* of all files */
    Tag tag;
} Reader;

typedef enum ReadStatus {
    READ_CONVERSATION, /* reader->conversation, valid until the next is read */
    READ_TEAMMATE,     /* reader->teammate, as long */
    READ_TAG,          /* reader->tag, as long */
    READ_REJECT,       /* frame->problem */
    READ_IGNORED,      /* a record that says nothing of any conversation, such as a notification to test a
                          connection */
    READ_END,
    READ_FAILED, /* which is reported, or a signal came */
} ReadStatus;

void reader_begin(Reader *reader);
void reader_free(Reader *reader);

/* Opens a file and finds out what it is, if that is not said; reports one that is no export. The file before
 * is closed. */
bool reader_open(Reader *reader, const char *name, const Shape *wanted);

/* Goes on to the next file of an archive; *found says whether there is one. */
bool reader_next_file(Reader *reader, bool *found);

/* Opens an endless stream of JSON, which must not be waited for: see Source. */
bool reader_follow(Reader *reader, const char *name);

/* Opens a file that lists teammates or tags. */
bool reader_open_list(Reader *reader, const char *name, List list);

ReadStatus reader_next(Reader *reader, Frame *frame);

/* What the content was, as far as it was read: a shape's name, or a list's. */
const char *reader_format(const Reader *reader);

#endif
