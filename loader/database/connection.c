/*
 * connection.c: the connection to the server. See connection.h.
 */
#include "database/connection.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "database/cancel.h"
#include "database/missing.h"
#include "database/sql.h"
#include "terminal/ending.h"
#include "terminal/password.h"
#include "terminal/signals.h"

#define OLDEST_SERVER 140000

static PGconn *connect_once(const ConnectionOptions *options, const char *password)
{
    const char *keywords[] = {
        "host", "port", "user", "password", "dbname", "fallback_application_name", "client_encoding", NULL};
    const char *values[] = {options->host,     options->port, options->user, password,
                            options->database, "ttr-load",    "UTF8",        NULL};

    /* As in psql, a conninfo string in dbname beats the other options. */
    return PQconnectdbParams(keywords, values, true);
}

static PGconn *connect_with_password(const ConnectionOptions *options)
{
    char *password = options->prompt == PROMPT_ALWAYS ? ask_password() : NULL;
    PGconn *connection = connect_once(options, password);

    if (PQstatus(connection) == CONNECTION_BAD && PQconnectionNeedsPassword(connection) && password == NULL &&
        options->prompt == PROMPT_WHEN_NEEDED && (password = ask_password()) != NULL) {
        PQfinish(connection);
        connection = connect_once(options, password);
    }
    free(password);
    return connection;
}

/* Messages of libpq and of the server may have several lines and end in a line end. */
static int first_line_length(const char *text)
{
    return (int)strcspn(text, "\n");
}

static bool check_server(PGconn *connection)
{
    const char *encoding = PQparameterStatus(connection, "server_encoding");

    if (PQserverVersion(connection) < OLDEST_SERVER) {
        failure(EXIT_USAGE, "the server runs PostgreSQL %s, which is too old",
                PQparameterStatus(connection, "server_version"));
        hint("ttr needs PostgreSQL 14 or newer.");
        return false;
    }
    if (encoding == NULL || strcmp(encoding, "UTF8") != 0) {
        failure(EXIT_USAGE, "the database \"%s\" is encoded in %s, not in UTF8", PQdb(connection),
                encoding != NULL ? encoding : "an unknown encoding");
        hint("Load into a database made by: CREATE DATABASE support ENCODING 'UTF8' TEMPLATE template0");
        return false;
    }
    return true;
}

#define SQLSTATE_RAISED_WARNING         "01000"
#define SQLSTATE_INSUFFICIENT_PRIVILEGE "42501"

/* Shows the warnings that the schema raises. The server's own notices are shown with --verbose only. */
static void pass_notice_on(void *argument, const PGresult *notice)
{
    const char *state = PQresultErrorField(notice, PG_DIAG_SQLSTATE);
    const char *text = PQresultErrorField(notice, PG_DIAG_MESSAGE_PRIMARY);
    const char *server_hint = PQresultErrorField(notice, PG_DIAG_MESSAGE_HINT);

    (void)argument;
    if (state == NULL || text == NULL || strcmp(state, SQLSTATE_RAISED_WARNING) != 0) {
        text = PQresultErrorMessage(notice);
        verbose("%.*s", first_line_length(text), text);
        return;
    }
    warning("%s", text);
    if (server_hint != NULL)
        hint("%s", server_hint);
}

static void report_unreachable(PGconn *connection)
{
    const char *text = PQerrorMessage(connection);

    if (connection == NULL)
        end_without_memory(0);
    failure(EXIT_CONNECTION, "%.*s", first_line_length(text), text);
    text += first_line_length(text);
    if (strspn(text, "\n") < strlen(text))
        detail("%.*s", first_line_length(text + 1), text + 1 + strspn(text + 1, "\t "));
    hint_at_missing(connection);
}

/* Makes a new connection ready for the loader, or closes it and returns NULL. */
static PGconn *prepare(PGconn *connection)
{
    if (PQstatus(connection) != CONNECTION_OK) {
        report_unreachable(connection);
        PQfinish(connection);
        return NULL;
    }
    PQsetNoticeReceiver(connection, pass_notice_on, NULL);
    if (!check_server(connection) || !run_script(connection, sql_session)) {
        PQfinish(connection);
        return NULL;
    }
    signals_install(signals_cancel);
    signals_watch(connection);
    return connection;
}

PGconn *connection_open(const ConnectionOptions *options)
{
    return prepare(connect_with_password(options));
}

/* A wait doubles up to the longest one: 3 seconds in all, or for ever. */
#define FIRST_WAIT_MS   100
#define LONGEST_WAIT_MS 10000
#define TRIES           6

/* Waits in steps, because a signal may come just before one. */
static void wait_ms(int time)
{
    for (; time > 0 && !interrupted(); time -= FIRST_WAIT_MS)
        poll(NULL, 0, FIRST_WAIT_MS);
}

/* Tries once. A server that has just started may go away again. */
static PGconn *try_again(const ConnectionOptions *options, const char *password, int tries, bool is_last)
{
    PGconn *connection = connect_once(options, password);

    if (tries == TRIES && !is_last && PQstatus(connection) != CONNECTION_OK)
        warning("the server does not answer yet: %.*s", first_line_length(PQerrorMessage(connection)),
                PQerrorMessage(connection));
    if (!interrupted() && (is_last || PQstatus(connection) == CONNECTION_OK))
        return prepare(connection);
    PQfinish(connection);
    return NULL;
}

/* Connects when the server answers again. NULL: it does not, which is reported, or a signal came. */
static PGconn *connect_again(const ConnectionOptions *options, const char *password)
{
    bool patient = options->outlives_server && !stop_requested();
    PGconn *connection = NULL;

    for (int tries = 1, wait = FIRST_WAIT_MS; connection == NULL && !interrupted(); tries++) {
        bool is_last = !patient && tries == TRIES;

        connection = try_again(options, password, tries, is_last);
        if (connection != NULL || is_last)
            break;
        wait_ms(wait);
        wait = 2 * wait < LONGEST_WAIT_MS ? 2 * wait : LONGEST_WAIT_MS;
    }
    return connection;
}

PGconn *connection_reopen(const ConnectionOptions *options, PGconn *lost)
{
    char *password = PQpass(lost) != NULL ? format_text("%s", PQpass(lost)) : NULL;
    PGconn *connection;

    connection_close(lost);
    signals_stop_first(false);
    connection = connect_again(options, password);
    signals_stop_first(options->outlives_server);
    if (connection != NULL)
        failure_mended();
    free(password);
    return connection;
}

static bool succeeded(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);

    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
}

/* Where several hosts are named, one may be a standby that lags behind. */
static bool same_server(PGconn *a, PGconn *b)
{
    return strcmp(PQhost(a), PQhost(b)) == 0 && strcmp(PQport(a), PQport(b)) == 0;
}

PGconn *connection_open_second(const ConnectionOptions *options, PGconn *first)
{
    PGconn *second = connect_once(options, PQpass(first));
    PGresult *result = NULL;

    PQsetNoticeReceiver(second, pass_notice_on, NULL);
    if (PQstatus(second) == CONNECTION_OK && same_server(first, second))
        result = PQexec(second, sql_session);
    if (!succeeded(result)) {
        verbose("no second connection: %.*s", first_line_length(PQerrorMessage(second)),
                PQerrorMessage(second));
        PQfinish(second);
        second = NULL;
    }
    PQclear(result);
    return second;
}

void connection_close(PGconn *connection)
{
    signals_watch(NULL);
    PQfinish(connection);
}

#define SQLSTATE_CLASS_GOING_AWAY "57P" /* shut down, crashed, or the database is dropped */

/* A server that goes away may report that before it closes the connection. An error without an SQLSTATE is
 * libpq's: it could not send or receive, even if it has not noticed yet that the connection is closed. */
bool connection_is_lost(const PGconn *connection, const PGresult *result)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

    if (PQstatus(connection) == CONNECTION_BAD)
        return true;
    if (succeeded(result))
        return false;
    return state == NULL || strncmp(state, SQLSTATE_CLASS_GOING_AWAY, strlen(SQLSTATE_CLASS_GOING_AWAY)) == 0;
}

bool connection_answers(PGconn *connection)
{
    PGresult *result = PQexec(connection, "");
    bool answers = PQresultStatus(result) == PGRES_EMPTY_QUERY;

    PQclear(result);
    return answers;
}

/* Where libpq lacks memory for the start of a COPY, it takes the answer for unfinished, and would wait for
 * more of it for ever. So the answer is looked at again from time to time. */
#define LOOK_AGAIN_MS 100

static PGresult *next_result(PGconn *connection)
{
    struct pollfd input = {.fd = PQsocket(connection), .events = POLLIN};

    while (PQisBusy(connection)) {
        poll(&input, 1, LOOK_AGAIN_MS);
        if (!PQconsumeInput(connection))
            break;
    }
    return PQgetResult(connection);
}

static bool is_copy(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);

    return status == PGRES_COPY_IN || status == PGRES_COPY_OUT;
}

/* Takes results up to the start of a COPY or to the end, and returns the first error or the last result. */
static PGresult *take_results(PGconn *connection)
{
    PGresult *kept = NULL, *result;

    while ((result = next_result(connection)) != NULL) {
        bool copies = is_copy(result);
        bool failed = kept != NULL && !succeeded(kept);

        PQclear(failed ? result : kept);
        kept = failed ? kept : result;
        if (copies)
            break;
    }
    return kept;
}

PGresult *last_result(PGconn *connection)
{
    PGresult *result = take_results(connection);

    if (!is_copy(result))
        return result;
    PQclear(result);
    return NULL;
}

PGresult *start_copy(PGconn *connection, const char *sql)
{
    return PQsendQuery(connection, sql) ? take_results(connection) : NULL;
}

bool report_refusal(PGconn *connection, const PGresult *result, ExitCode code, RightsAdvice *advise)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *server_detail = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
    const char *server_hint = PQresultErrorField(result, PG_DIAG_MESSAGE_HINT);
    const char *where = PQresultErrorField(result, PG_DIAG_CONTEXT);
    bool lost = connection_is_lost(connection, result);

    if (interrupted())
        return false;
    if (primary == NULL)
        primary = PQerrorMessage(connection);
    /* Once the load is committed, a lost connection does not undo it. */
    if (lost && code != EXIT_REFRESH_FAILED)
        code = EXIT_CONNECTION;
    failure(code, "%s%.*s", lost ? "lost the connection: " : "", first_line_length(primary), primary);
    if (server_detail != NULL)
        detail("%s", server_detail);
    if (where != NULL)
        verbose("context: %s", where);
    if (server_hint != NULL)
        hint("%s", server_hint);
    else if (state != NULL && strcmp(state, SQLSTATE_INSUFFICIENT_PRIVILEGE) == 0)
        advise(connection);
    return false;
}

bool report_server_error(PGconn *connection, const PGresult *result, ExitCode code)
{
    return report_refusal(connection, result, code, advise_load);
}

bool run_script_or_advise(PGconn *connection, const char *sql, RightsAdvice *advise)
{
    PGresult *result = PQexec(connection, sql);
    bool ok = succeeded(result) || report_refusal(connection, result, EXIT_ROLLED_BACK, advise);

    PQclear(result);
    return ok;
}

bool run_script(PGconn *connection, const char *sql)
{
    return run_script_or_advise(connection, sql, advise_load);
}

const char *number_text(int64_t number, char text[NUMBER_SIZE])
{
    snprintf(text, NUMBER_SIZE, "%" PRId64, number);
    return text;
}

PGresult *run_query_or(ExitCode code, PGconn *connection, const char *sql, int count,
                       const char *const *values)
{
    PGresult *result = PQexecParams(connection, sql, count, NULL, values, NULL, NULL, 0);

    if (succeeded(result))
        return result;
    report_server_error(connection, result, code);
    PQclear(result);
    return NULL;
}

PGresult *run_query(PGconn *connection, const char *sql, int count, const char *const *values)
{
    return run_query_or(EXIT_ROLLED_BACK, connection, sql, count, values);
}

bool query_lines(ExitCode code, PGconn *connection, const char *sql, int count, const char *const *values,
                 FILE *lines)
{
    bool sent = PQsendQueryParams(connection, sql, count, NULL, values, NULL, NULL, 0);
    PGresult *result = NULL;
    bool ok;

    if (sent)
        PQsetSingleRowMode(connection);
    while (sent && (result = next_result(connection)) != NULL &&
           PQresultStatus(result) == PGRES_SINGLE_TUPLE) {
        fprintf(lines, "%s\n", PQgetvalue(result, 0, 0));
        PQclear(result);
    }
    ok = PQresultStatus(result) == PGRES_TUPLES_OK || report_server_error(connection, result, code);
    PQclear(result);
    PQclear(last_result(connection));
    return ok;
}

bool query_row(PGconn *connection, const char *sql, int count, const char *const *values,
               int64_t *const *numbers, int columns)
{
    PGresult *result = run_query(connection, sql, count, values);
    bool ok = result != NULL;

    for (int i = 0; ok && i < columns; i++) {
        const char *text = PQgetvalue(result, 0, i);

        *numbers[i] = strcmp(text, "t") == 0 ? 1 : atoll(text);
    }
    PQclear(result);
    return ok;
}

bool query_int64(PGconn *connection, const char *sql, int count, const char *const *values, int64_t *number)
{
    return query_row(connection, sql, count, values, &number, 1);
}

bool query_bool(PGconn *connection, const char *sql, int count, const char *const *values, bool *answer)
{
    int64_t number = 0;
    bool ok = query_int64(connection, sql, count, values, &number);

    *answer = number != 0;
    return ok;
}

int64_t run_command(PGconn *connection, const char *sql, int count, const char *const *values)
{
    PGresult *result = run_query(connection, sql, count, values);
    int64_t rows = -1;

    if (result != NULL)
        rows = atoll(PQcmdTuples(result));
    PQclear(result);
    return rows;
}
