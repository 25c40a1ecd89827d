/*
 * output.h: a file that is written beside its place, and moved there when it is whole and the load stands.
 *
 * Until then an older file of its name stays. A run that fails leaves nothing behind.
 */
#ifndef TTR_LOADER_TERMINAL_OUTPUT_H
#define TTR_LOADER_TERMINAL_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

typedef struct Output {
    const char *subject; /* what it is, for messages: "report" */
    const char *name;
    char *place;       /* its path, links followed */
    char *temporary;   /* NULL: written in place, because it is a device or a pipe */
    FILE *file;        /* NULL: it is not asked for, or it is done */
    bool after_commit; /* the load is committed, and a failure does not undo it */
} Output;

/* Opens the file before the work begins, so that a missing directory is no surprise at its end. name: NULL if
 * no file is asked for. */
bool output_open(Output *output, const char *subject, const char *name);

/* Reports that the file could not be written, and returns false. */
bool output_failed(const Output *output);

/* Whether all that was printed to standard output could be written; else errno has the reason. */
bool output_flush_standard(void);

/* Moves the file into its place. */
bool output_keep(Output *output);

/* Removes the file, if it was not kept. */
void output_close(Output *output);

#endif
