/*
 * output.h: a file that is written beside its place, and takes its place when it is whole and counts.
 *
 * Until then what stood under its name stays, and nothing of a run that fails is left behind.
 */
#ifndef TTR_LOADER_TERMINAL_OUTPUT_H
#define TTR_LOADER_TERMINAL_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

typedef struct Output {
    const char *subject; /* what it is, for messages: "report" */
    const char *name;
    char *place;       /* where it is to stand, links followed */
    char *temporary;   /* NULL: written in place, because it is a device or a pipe */
    FILE *file;        /* NULL: it is not asked for, or it is done */
    bool after_commit; /* what fails now cannot undo the load */
} Output;

/* Tried before the work begins, so that a directory that is not there is no surprise at its end. name may be
 * NULL. */
bool output_open(Output *output, const char *subject, const char *name);

/* Reports that it could not be written, and returns false. */
bool output_failed(const Output *output);

/* It counts: it takes its place. */
bool output_keep(Output *output);

/* Removes what is not kept. */
void output_close(Output *output);

#endif
