/*
 * schema.c: the tables and views that a load needs. See schema.h.
 */
#include "database/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "database/sql.h"
#include "terminal/signals.h"

static const char create_extension[] = "CREATE EXTENSION IF NOT EXISTS ttr";

/* Advice for either cause: the extension's files are missing, or the role may not create it. */
static bool report_no_extension(PGconn *connection, PGresult *result)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

    report_refusal(connection, result, EXIT_ROLLED_BACK, advise_create);
    if (!interrupted() && state != NULL && (strcmp(state, "0A000") == 0 || strcmp(state, "58P01") == 0))
        hint("The extension's files are missing on the server. Run there, in ttr's source: make install");
    return false;
}

static bool ensure_extension(PGconn *connection)
{
    PGresult *result;
    bool there, ok;

    if (!query_bool(connection, "SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'ttr')", 0, NULL,
                    &there))
        return false;
    if (there)
        return true;
    result = PQexec(connection, create_extension);
    ok = PQresultStatus(result) == PGRES_COMMAND_OK || report_no_extension(connection, result);
    PQclear(result);
    return ok;
}

/* 0: there is no schema yet; -1 after a failure. */
static int schema_version(PGconn *connection)
{
    int64_t version = 0;
    bool there;

    if (!query_bool(connection, "SELECT to_regclass('ttr_data.schema_version') IS NOT NULL", 0, NULL, &there))
        return -1;
    if (there && !query_int64(connection, "SELECT coalesce(max(version), 0) FROM ttr_data.schema_version", 0,
                              NULL, &version))
        return -1;
    return (int)version;
}

bool schema_exists(PGconn *connection)
{
    int version = schema_version(connection);

    if (version == 0) {
        failure(EXIT_USAGE, "there is no schema in \"%s\" yet", PQdb(connection));
        hint("Load an export, or run: ttr-load --init");
    }
    return version > 0;
}

bool schema_ensure(PGconn *connection)
{
    const SchemaScript *script = schema_scripts;
    int version;

    if (!ensure_extension(connection) || (version = schema_version(connection)) < 0)
        return false;
    for (; script->version != 0; script++) {
        if (script->version <= version)
            continue;
        verbose("applying %03d_%s.sql", script->version, script->name);
        if (!run_script_or_advise(connection, script->sql,
                                  version == 0 ? advise_create_schema : advise_upgrade))
            return false;
    }
    if (version > script[-1].version) {
        failure(EXIT_USAGE, "the schema in \"%s\" has version %d, and this ttr-load knows versions up to %d",
                PQdb(connection), version, script[-1].version);
        hint("Install the ttr-load that belongs to the newer schema.");
        return false;
    }
    return true;
}

void schema_print(void)
{
    printf("BEGIN;\n%s;\nSET LOCAL search_path = pg_catalog, pg_temp;\n", create_extension);
    for (const SchemaScript *script = schema_scripts; script->version != 0; script++)
        printf("\n%s", script->sql);
    printf("\nCOMMIT;\n");
}
