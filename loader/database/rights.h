/*
 * rights.h: the statement that gives a role the right it lacks.
 *
 * Each function adds a hint to the message before, which has what the server refused.
 */
#ifndef TTR_LOADER_DATABASE_RIGHTS_H
#define TTR_LOADER_DATABASE_RIGHTS_H

#include <libpq-fe.h>

typedef void RightsAdvice(PGconn *connection);

/* The role may not create the extension, and with it schema ttr. */
void advise_create(PGconn *connection);

/* Another role created the extension and owns schema ttr, where this role may not create tables and views. */
void advise_create_schema(PGconn *connection);

/* The schema is older than this ttr-load, and the role does not own it. */
void advise_upgrade(PGconn *connection);

/* DROP EXTENSION took a part of the schema, and the role does not own the rest. */
void advise_repair(PGconn *connection);

/* The schema is there, and the role may not use it. */
void advise_load(PGconn *connection);

#endif
