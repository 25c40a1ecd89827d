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

/* Before anything in the schemas is read or called. */
static bool check_owners(PGconn *connection)
{
    return run_script(connection, sql_check_owners);
}

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
    return ok && check_owners(connection); /* a schema ttr may have come meanwhile */
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
    int version = check_owners(connection) ? schema_version(connection) : -1;
    bool whole;

    if (version == 0) {
        failure(EXIT_USAGE, "there is no schema in \"%s\" yet", PQdb(connection));
        hint("Load an export, or run: ttr-load --init");
    }
    if (version <= 0 || !query_bool(connection, sql_has_views, 0, NULL, &whole))
        return false;
    if (!whole) {
        failure(EXIT_USAGE, "DROP EXTENSION took a part of the schema in \"%s\"", PQdb(connection));
        hint("The facts stand. To make the rest again, run: ttr-load --init");
    }
    return whole;
}

/* Applies the scripts of the versions beyond the first up to the last. */
static bool apply_scripts(PGconn *connection, int first, int last, RightsAdvice *advise)
{
    for (const SchemaScript *script = schema_scripts; script->version != 0; script++) {
        if (script->version <= first || script->version > last)
            continue;
        verbose("applying %03d_%s.sql", script->version, script->name);
        if (!run_script_or_advise(connection, script->sql, advise))
            return false;
    }
    return true;
}

static int newest_version(void)
{
    const SchemaScript *script = schema_scripts;

    while (script->version != 0)
        script++;
    return script[-1].version;
}

/* Makes the schema of this version again around the facts that DROP EXTENSION left. */
static bool repair(PGconn *connection, int version)
{
    return run_script_or_advise(connection, sql_set_facts_aside, advise_repair) &&
           apply_scripts(connection, 0, version, advise_create_schema) &&
           run_script(connection, sql_bring_facts_back);
}

bool schema_ensure(PGconn *connection)
{
    int version, newest = newest_version();
    bool whole = true;

    if (!check_owners(connection) || !ensure_extension(connection) ||
        (version = schema_version(connection)) < 0)
        return false;
    if (version > newest) {
        failure(EXIT_USAGE, "the schema in \"%s\" has version %d, and this ttr-load knows versions up to %d",
                PQdb(connection), version, newest);
        hint("Install the ttr-load that belongs to the newer schema.");
        return false;
    }
    if (version > 0 &&
        (!query_bool(connection, sql_has_views, 0, NULL, &whole) || (!whole && !repair(connection, version))))
        return false;
    if (!apply_scripts(connection, version, newest, version == 0 ? advise_create_schema : advise_upgrade))
        return false;
    if (whole)
        return true;
    note("the schema is made again, because DROP EXTENSION took a part of it; the facts stand");
    return run_script(connection, "SELECT ttr.refresh()");
}

bool schema_is_current(PGconn *connection, bool *current)
{
    int version = schema_version(connection);

    *current = version >= newest_version();
    return version >= 0;
}

void schema_print(void)
{
    printf("BEGIN;\nSET LOCAL search_path = pg_catalog, pg_temp;\n%s;\n%s;\n", sql_check_owners,
           create_extension);
    for (const SchemaScript *script = schema_scripts; script->version != 0; script++)
        printf("\n%s", script->sql);
    printf("\nCOMMIT;\n");
}
