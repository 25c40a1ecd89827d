/*
 * lock.c: one load or refresh at a time. See lock.h.
 */
#include "database/lock.h"

#define NUMBER "(hashtextextended('ttr load', 0))"

bool lock_try(PGconn *connection)
{
    bool taken;

    if (!query_bool(connection, "SELECT pg_try_advisory_xact_lock" NUMBER, 0, NULL, &taken))
        return false;
    if (!taken) {
        failure(EXIT_BUSY, "another load or refresh is running in \"%s\"", PQdb(connection));
        hint("Run this again when it is done.");
    }
    return taken;
}

bool lock_wait(PGconn *connection)
{
    return run_script(connection, "SELECT pg_advisory_xact_lock" NUMBER);
}

bool lock_keep(PGconn *connection)
{
    return run_script(connection, "SELECT pg_advisory_lock" NUMBER);
}

void lock_release(PGconn *connection)
{
    PQclear(PQexec(connection, "SELECT pg_advisory_unlock_all()"));
}
