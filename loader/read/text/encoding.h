/*
 * encoding.h: what a record's bytes must be, so that the database can take them: UTF-8 without NUL.
 */
#ifndef TTR_LOADER_READ_TEXT_ENCODING_H
#define TTR_LOADER_READ_TEXT_ENCODING_H

#include "read/text/defect.h"
#include "read/text/slice.h"

bool check_encoding(Slice raw, Defect *problem);

/* What to do about a file with such a record, after a message that says that it is not UTF-8, or has a NUL.
 */
void hint_encoding(Slice raw);

#endif
