/*
 * sql.h: the SQL that the loader runs, carried inside the program.
 *
 * A statement named NAME in a chapter of sql/load/ is the string sql_NAME; comments there explain it and its
 * parameters. The schema's scripts are in sql/schema/. embed.awk makes C strings of both, and statements.h of
 * their names.
 */
#ifndef TTR_LOADER_DATABASE_SQL_H
#define TTR_LOADER_DATABASE_SQL_H

#include <stddef.h>

#include "statements.h"

typedef struct SchemaScript {
    int version;
    const char *name;
    const char *sql;
} SchemaScript;

extern const SchemaScript schema_scripts[]; /* in the order of their versions; ends with version 0 */

#endif
