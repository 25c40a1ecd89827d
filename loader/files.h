/*
 * files.h: the files that the command line names: inputs (exports, lists of teammates, tags and teams) and
 * outputs (report, page, rejects).
 */
#ifndef TTR_LOADER_FILES_H
#define TTR_LOADER_FILES_H

#include "options.h"

/* Checks that the inputs can be read and that no output is an input: before there is a connection, so that a
 * mistyped name is reported before an hour's work and not after it. */
bool files_check(const Options *options);

/* Checks that no two outputs are one file, when all are open. */
bool files_check_outputs(const Options *options);

/* Bytes of all inputs; -1 if one of them has no size, such as a pipe. */
int64_t files_size(const Options *options);

#endif
