/*
 * schema.h: the tables and views that a load needs, created and upgraded by the loader.
 *
 * The scripts sql/schema/NNN_*.sql are applied in order, each once; ttr_data.schema_version lists those that
 * were. Released scripts are never edited: a change is a new script.
 */
#ifndef TTR_LOADER_DATABASE_SCHEMA_H
#define TTR_LOADER_DATABASE_SCHEMA_H

#include "database/connection.h"

/*
 * Creates the extension and applies the scripts that are missing, in the caller's transaction; makes again
 * what DROP EXTENSION took. Reports an extension or a schema that does not go with this ttr-load. Refuses
 * schemas of a role that may not act for this one (sql/load/owners.sql), before anything in them is read.
 */
bool schema_ensure(PGconn *connection);

/*
 * Whether there is the whole schema that this ttr-load knows. Reports that there is none, an older, a newer
 * or a damaged one, or whose it is.
 */
bool schema_fits(PGconn *connection);

/* Whether all scripts are applied. False: the server failed, which is reported. */
bool schema_is_current(PGconn *connection, bool *current);

/* Prints what schema_ensure() would run on an empty database, for review. */
void schema_print(void);

#endif
