/*
 * header.h: the names of a file's columns, taken apart.
 *
 *     Conversation started at (Europe/Berlin)     base name and time zone
 *     standard.conversation_id                    prefix and base name
 */
#ifndef TTR_LOADER_READ_CSV_HEADER_H
#define TTR_LOADER_READ_CSV_HEADER_H

#include "read/csv/csv.h"

typedef struct HeaderName {
    Slice whole; /* without blanks around it */
    Slice base;  /* without what stands in parentheses behind it */
    Slice note;  /* what stands there */
    Slice bare;  /* the base without its prefix */
} HeaderName;

typedef struct Header {
    size_t count;
    HeaderName *names;
    char *text; /* which the names borrow from */
    Slice raw;  /* the line as it stands in the file, valid as long as that is in sight */
} Header;

void header_read(Header *header, const CsvRecord *record, Slice raw);
void header_free(Header *header);

/* Whether a name is the one that is given, in lower case, where "." stands for ".", "_" or "__". */
bool name_is(Slice name, const char *pattern);

/* The first column of that name, from the place on; header->count: there is none. */
size_t header_find(const Header *header, const char *pattern, bool bare, size_t from);

/*
 * A name of its own for each column, to be freed: of equal ones the second gets ".1", or the first number
 * that makes a name which no column bears; one without a name is called by its place.
 */
void header_own_names(const Header *header, char **names);

#endif
