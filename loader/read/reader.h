/*
 * reader.h: reads the records of files, one file after the other, whatever their layout.
 *
 * The way into read/: reader_open() opens a file, and reader_next() returns its next record.
 *
 *     source -> input buffer -> framer -> record -> conversation, teammate, tag or team; or its defect
 *
 * Nothing here knows a server. All files share one framer of each kind.
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

/* A place between two records of JSON. */
typedef struct ReaderMark {
    JsonFramer framer;
    int64_t line, byte_offset;
} ReaderMark;

typedef struct Reader {
    const Shape *wanted; /* NULL: to be found from the content */
    /* Set after reader_begin(): how tables may write days, and the encoding of text; NULL: UTF-8. */
    DateFormat dates;
    const char *encoding;
    Source source;
    char *name; /* the open file's; archive/file in an archive */
    InputBuffer buffer;
    Spool spool; /* of a stream that is followed */
    ReaderMark mark;
    Format format;
    CsvFramer *csv;
    Mapping mapping; /* of the CSV file's columns */
    JsonFramer json_framer;
    JsonReader *json;
    bool is_packed;       /* the records of a CSV file are JSON in one column */
    size_t packed_column; /* that column */
    bool is_intercom;     /* every conversation of the file so far has the layout of Intercom's API */
    int64_t conversation_count, part_count, ticket_count, reject_count, ignored_count;
    bool is_undecoded; /* a record of the file is not UTF-8, which has been reported */
    Conversation *conversation;
    List list; /* the list in the file; LIST_NONE: conversations */
    Teammate teammate;
    LikelyFields likely_fields; /* of all files */
    Named named;
} Reader;

typedef enum ReadStatus {
    READ_CONVERSATION, /* reader->conversation, valid until the next is read */
    READ_TEAMMATE,     /* reader->teammate, as long */
    READ_NAMED,        /* reader->named, a tag or a team, as long */
    READ_REJECT,       /* frame->problem */
    READ_IGNORED,      /* a record that concerns no conversation, such as the test of a connection */
    READ_END,
    READ_FAILED, /* a reported failure, or a signal */
} ReadStatus;

void reader_begin(Reader *reader);
void reader_free(Reader *reader);

/* Closes the file before and opens the next one. wanted: its layout; NULL: to be found from the content.
 * Reports a file that is no export. */
bool reader_open(Reader *reader, const char *name, const Shape *wanted);

/* Opens the next file of an archive. *found: there was one. */
bool reader_next_file(Reader *reader, bool *found);

/* Opens an endless stream of JSON. Reading does not block: see Source. */
bool reader_follow(Reader *reader, const char *name);

/* Marks the place in a stream where a batch begins; and goes back to the mark, so that its records are read
 * again. Reports what fails, and returns false. */
bool reader_mark(Reader *reader);
void reader_rewind(Reader *reader);

/* Bytes that were read behind the last record, without blanks: those of one that has not ended yet. */
size_t reader_left(const Reader *reader);

/* Opens a file that lists teammates, tags or teams. */
bool reader_open_list(Reader *reader, const char *name, List list);

ReadStatus reader_next(Reader *reader, Frame *frame);

/* The name of the layout or of the list, as far as the file has been read. */
const char *reader_format(const Reader *reader);

#endif
