/*
 * missing.h: the command that creates a role or a database that a connection needs.
 */
#ifndef TTR_LOADER_DATABASE_MISSING_H
#define TTR_LOADER_DATABASE_MISSING_H

#include <libpq-fe.h>

/* Gives the hint, if a connection failed because its role or its database does not exist. */
void hint_at_missing(PGconn *connection);

#endif
