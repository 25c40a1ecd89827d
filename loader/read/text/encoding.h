/*
 * encoding.h: checks that a record is UTF-8 without NUL, which the database needs.
 */
#ifndef TTR_LOADER_READ_TEXT_ENCODING_H
#define TTR_LOADER_READ_TEXT_ENCODING_H

#include "read/text/defect.h"
#include "read/text/slice.h"

bool check_encoding(Slice raw, Defect *problem);

/* Hints at the encoding of a file, after a message that a record of it is not UTF-8 or has a NUL. */
void hint_encoding(Slice raw);

#endif
