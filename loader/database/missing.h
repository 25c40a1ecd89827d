/*
 * missing.h: the command that makes the role or the database which a connection failed for.
 */
#ifndef TTR_LOADER_DATABASE_MISSING_H
#define TTR_LOADER_DATABASE_MISSING_H

#include <libpq-fe.h>

/* After the failure of a connection: a hint, if the server said that its role or its database does not exist.
 */
void hint_at_missing(PGconn *connection);

#endif
