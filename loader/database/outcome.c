/*
 * outcome.c: COMMIT, and whether it took place. See outcome.h.
 */
#include "database/outcome.h"

#include <string.h>

#include "terminal/signals.h"

static bool is_committed(PGresult *result)
{
    return PQresultStatus(result) == PGRES_COMMAND_OK && strcmp(PQcmdStatus(result), "COMMIT") == 0;
}

/* The transaction is over, and was rolled back: by an error, or because a statement of it had failed. */
static bool is_refused(PGconn *connection, PGresult *result)
{
    return PQtransactionStatus(connection) == PQTRANS_IDLE && !connection_is_lost(connection, result);
}

static void report_refused(PGconn *connection, PGresult *result)
{
    if (PQresultStatus(result) == PGRES_COMMAND_OK)
        failure(EXIT_ROLLED_BACK, "the server rolled the transaction back");
    else
        report_server_error(connection, result, EXIT_ROLLED_BACK);
}

static Outcome look_up(PGconn **connection, const ConnectionOptions *options, OutcomeQuestion *ask,
                       const void *context)
{
    bool there, known;

    warning("%s; looking up what became of it", PQstatus(*connection) == CONNECTION_BAD
                                                    ? "lost the connection during COMMIT"
                                                    : "could not read the answer to COMMIT");
    do {
        *connection = connection_reopen(options, *connection);
        known = *connection != NULL && ask(*connection, context, &there);
    } while (!known && *connection != NULL && options->outlives_server && !interrupted() &&
             !connection_answers(*connection));
    if (!known) {
        failure(EXIT_CONNECTION, "whether the COMMIT took place could not be found out");
        hint("Running it again is safe.");
        return IN_DOUBT;
    }
    if (there)
        return COMMITTED;
    failure(EXIT_CONNECTION, "the COMMIT did not take place: nothing changed");
    hint("Run it again.");
    return NOT_COMMITTED;
}

Outcome transaction_commit(PGconn **connection, const ConnectionOptions *options, OutcomeQuestion *ask,
                           const void *context)
{
    PGresult *result = PQexec(*connection, "COMMIT");
    Outcome outcome = NOT_COMMITTED;

    if (is_committed(result))
        outcome = COMMITTED;
    else if (is_refused(*connection, result))
        report_refused(*connection, result);
    else
        outcome = look_up(connection, options, ask, context);
    PQclear(result);
    return outcome;
}
