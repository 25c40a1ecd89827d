/*
 * cancel.c: a signal cancels the statement that is running on the server. See cancel.h.
 */
#include "database/cancel.h"

static PGcancel *volatile cancel = NULL;

/* PQcancel() may be called in a signal handler: it opens a connection of its own and allocates nothing. */
void signals_cancel(void)
{
    char error[256];

    if (cancel != NULL)
        PQcancel(cancel, error, sizeof(error));
}

void signals_watch(PGconn *connection)
{
    PGcancel *previous = cancel;

    cancel = connection != NULL ? PQgetCancel(connection) : NULL;
    PQfreeCancel(previous);
}
