/*
 * message.h: messages on standard error, and the exit code of the first failure.
 *
 * The way into terminal/: failure(), warning(), note() and hint() print all messages of a run.
 *
 * A function that fails reports the failure once, by failure(), and returns false; its callers pass the false
 * on. The first failure of a run decides its exit code.
 */
#ifndef TTR_LOADER_TERMINAL_MESSAGE_H
#define TTR_LOADER_TERMINAL_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

typedef enum ExitCode {
    EXIT_LOADED = 0,
    EXIT_USAGE = 1,          /* usage, file or own fault: nothing changed */
    EXIT_CONNECTION = 2,     /* no connection: nothing changed */
    EXIT_ROLLED_BACK = 3,    /* too many rejects or an SQL error */
    EXIT_WITH_REJECTS = 4,   /* loaded, some records rejected */
    EXIT_REFRESH_FAILED = 5, /* loaded, but the figures are those of before, or the report is missing */
    EXIT_BUSY = 6,           /* another load is running */
} ExitCode;

typedef enum Verbosity {
    VERBOSITY_QUIET, /* failures only, and no summary unless asked for */
    VERBOSITY_NORMAL,
    VERBOSITY_VERBOSE, /* phases and their times too */
} Verbosity;

void message_set_verbosity(Verbosity verbosity);

/* Reports "ttr-load: error: ..." and returns false. */
bool failure(ExitCode code, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Lines that belong to the message before, and are shown if it is: what exactly is wrong, and what to do.
 * Full sentences. */
void detail(const char *format, ...) __attribute__((format(printf, 1, 2)));
void hint(const char *format, ...) __attribute__((format(printf, 1, 2)));

void warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
void note(const char *format, ...) __attribute__((format(printf, 1, 2)));
void verbose(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints text that may be input. Control characters are shown as \\xNN, but for line ends where they are
 * kept. */
void print_text(FILE *stream, const char *text, bool keep_line_ends);

/* Shows a line that the next message, or the next status, replaces. An empty text clears it. */
void status_line(const char *text);

/* The first failure's code; EXIT_LOADED when there was none. */
ExitCode failure_code(void);

/* What failed was done again, and went well: the failures so far do not decide the exit code. */
void failure_mended(void);

/* Where memory is lacking, these end the process (ending.h). */
void *allocate(size_t size);
void *reallocate(void *memory, size_t size);
char *format_text(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
