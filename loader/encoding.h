/*
 * encoding.h: what a record's bytes must be, so that the database can take them: UTF-8 without NUL.
 */
#ifndef TTR_LOADER_ENCODING_H
#define TTR_LOADER_ENCODING_H

#include "defect.h"
#include "text.h"

bool check_encoding(Slice raw, Defect *problem);

#endif
