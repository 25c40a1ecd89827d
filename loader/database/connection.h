/*
 * connection.h: the connection to the server, and the one way to run statements on it.
 *
 * The way into database/: connection_open(), then stage_add() (stage.h) for each record, then merge()
 * (merge.h).
 *
 * A statement that fails is reported once, with the server's message; the caller gets NULL or false. Losing
 * the connection ends the run with EXIT_CONNECTION, any other error of the server with EXIT_ROLLED_BACK.
 */
#ifndef TTR_LOADER_DATABASE_CONNECTION_H
#define TTR_LOADER_DATABASE_CONNECTION_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <libpq-fe.h>

#include "database/rights.h"
#include "terminal/message.h"

typedef enum PasswordPrompt {
    PROMPT_WHEN_NEEDED,
    PROMPT_NEVER,
    PROMPT_ALWAYS,
} PasswordPrompt;

typedef struct ConnectionOptions {
    const char *database; /* a name, a URI or a conninfo string; NULLs are libpq's defaults */
    const char *host;
    const char *port;
    const char *user;
    PasswordPrompt prompt;
    bool outlives_server; /* wait for a server that restarts, until a signal comes */
} ConnectionOptions;

/* Connects, and checks that the server is PostgreSQL 14 or newer and the database encoded in UTF8. */
PGconn *connection_open(const ConnectionOptions *options);

void connection_close(PGconn *connection);

/*
 * Closes a connection that is lost, and connects again with its password. A server that restarts is waited
 * for: 3 seconds, or until it answers (outlives_server); then what failed so far is mended. NULL: it does not
 * answer, which is reported, or a signal came.
 */
PGconn *connection_reopen(const ConnectionOptions *options, PGconn *lost);

/* Whether the server still answers; and whether a result, or none, shows that it does not. */
bool connection_answers(PGconn *connection);
bool connection_is_lost(const PGconn *connection, const PGresult *result);

/*
 * Opens a second connection to the same database and host, with the password of the first. Returns NULL if
 * the server refuses it, which is no failure: every caller can do without it. PQfinish() closes it. A signal
 * cancels its statements only after signals_watch().
 */
PGconn *connection_open_second(const ConnectionOptions *options, PGconn *first);

/* Takes all results of what was sent, and returns the first one that is an error, else the last one. NULL:
 * there is none, or the connection is still in a COPY that cannot end, because memory is lacking. */
PGresult *last_result(PGconn *connection);

/* Sends statements of which the last one is a COPY. Returns its start, or the first error; NULL as of
 * last_result(). */
PGresult *start_copy(PGconn *connection, const char *sql);

/* Runs statements without parameters. */
bool run_script(PGconn *connection, const char *sql);

/* run_script() that gives this advice, and not advise_load(), where the role lacks a right. */
bool run_script_or_advise(PGconn *connection, const char *sql, RightsAdvice *advise);

/* A number as a text parameter. Returns the text. */
#define NUMBER_SIZE 24
const char *number_text(int64_t number, char text[NUMBER_SIZE]);

/* Runs one statement with text parameters. The result, which the caller clears, holds rows or a command's
 * tag. */
PGresult *run_query(PGconn *connection, const char *sql, int count, const char *const *values);

/* run_query(), where a failure ends the program with another code than EXIT_ROLLED_BACK. */
PGresult *run_query_or(ExitCode code, PGconn *connection, const char *sql, int count,
                       const char *const *values);

/* run_query() for a statement that returns one row of numbers. A boolean is 1 or 0. */
bool query_row(PGconn *connection, const char *sql, int count, const char *const *values,
               int64_t *const *numbers, int columns);

/* The same for a row of one value. */
bool query_int64(PGconn *connection, const char *sql, int count, const char *const *values, int64_t *number);
bool query_bool(PGconn *connection, const char *sql, int count, const char *const *values, bool *answer);

/* run_query_or() for a statement that returns one text a row: writes each as a line when it comes, so that
 * one row is in memory. The caller looks whether the file has failed. */
bool query_lines(ExitCode code, PGconn *connection, const char *sql, int count, const char *const *values,
                 FILE *lines);

/* run_query() for a statement whose result is only its number of rows; -1 after a failure. */
int64_t run_command(PGconn *connection, const char *sql, int count, const char *const *values);

/* Reports the server's error and returns false. After a signal, which cancelled the statement, nothing is
 * reported. The advice of report_server_error() is advise_load(). */
bool report_server_error(PGconn *connection, const PGresult *result, ExitCode code);
bool report_refusal(PGconn *connection, const PGresult *result, ExitCode code, RightsAdvice *advise);

#endif
