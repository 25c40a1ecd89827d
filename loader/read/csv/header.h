/*
 * header.h: the names of the columns of a table, in their parts.
 *
 *     Conversation started at (Europe/Berlin)     base name and time zone
 *     standard.conversation_id                    prefix and base name
 */
#ifndef TTR_LOADER_READ_CSV_HEADER_H
#define TTR_LOADER_READ_CSV_HEADER_H

#include "read/csv/csv.h"

typedef struct HeaderName {
    Slice whole; /* without blanks around it */
    Slice base;  /* without the parentheses at its end */
    Slice note;  /* the text in these parentheses */
    Slice bare;  /* the base without its prefix */
} HeaderName;

typedef struct Header {
    size_t count;
    HeaderName *names;
    char *text; /* the names borrow from it */
    Slice raw;  /* the line in the file, valid until the next is read */
} Header;

void header_read(Header *header, const CsvRecord *record, Slice raw);
void header_free(Header *header);

/* Whether a name, in any case, fits a pattern in lower case, whose "." matches ".", "_" and "__". */
bool name_is(Slice name, const char *pattern);

/* The first column, from the place on, whose whole or base name fits (bare: whole or bare name);
 * header->count if there is none. */
size_t header_find(const Header *header, const char *pattern, bool bare, size_t from);

/*
 * Makes a unique name for each column, to be freed. The second of two equal names gets ".1", or the first
 * number that makes it unique. A column without a name is called "column 3".
 */
void header_own_names(const Header *header, char **names);

#endif
