/*
 * schema.h: the tables and views that a load needs, created and upgraded by the loader.
 *
 * The scripts sql/schema/NNN_*.sql are applied in order, each once; ttr_data.schema_version lists those that
 * were. Released scripts are never edited: a change is a new script.
 */
#ifndef TTR_LOADER_DATABASE_SCHEMA_H
#define TTR_LOADER_DATABASE_SCHEMA_H

#include "database/connection.h"

/* Creates the extension and applies the scripts that are missing, in the caller's transaction. */
bool schema_ensure(PGconn *connection);

/* Whether there is a schema. Reports that there is none. */
bool schema_exists(PGconn *connection);

/* Prints what schema_ensure() would run on an empty database, for review. */
void schema_print(void);

#endif
