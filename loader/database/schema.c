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

static bool create_if_missing(PGconn *connection)
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

/* A newer extension has all that an older one has. What the server's files create may be old, too. */
static bool check_extension(PGconn *connection)
{
    static const char find[] =
        "SELECT extversion, EXISTS"
        " (SELECT FROM pg_available_extension_versions AS a WHERE a.name = 'ttr' AND a.version = $1)"
        " FROM pg_extension WHERE extname = 'ttr'"
        " AND string_to_array(extversion, '.')::integer[] < string_to_array($1, '.')::integer[]";
    const char *values[] = {TTR_VERSION};
    PGresult *result = run_query(connection, find, 1, values);
    bool ok = result != NULL && PQntuples(result) == 0;

    if (result != NULL && !ok) {
        failure(EXIT_USAGE, "the extension ttr in \"%s\" has version %s, and this ttr-load needs %s or newer",
                PQdb(connection), PQgetvalue(result, 0, 0), TTR_VERSION);
        if (*PQgetvalue(result, 0, 1) == 't')
            hint("The owner of the extension runs: ALTER EXTENSION ttr UPDATE");
        else
            hint("The newer files are missing on the server. Run there, in ttr's source: make install. Then "
                 "the owner of the extension runs: ALTER EXTENSION ttr UPDATE");
    }
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

static int known_version(void)
{
    const SchemaScript *script = schema_scripts;

    while (script[1].version != 0)
        script++;
    return script->version;
}

static bool report_new_schema(PGconn *connection, int version)
{
    failure(EXIT_USAGE, "the schema in \"%s\" has version %d, and this ttr-load knows versions up to %d",
            PQdb(connection), version, known_version());
    hint("Install the ttr-load that belongs to the newer schema.");
    return false;
}

static bool report_old_schema(PGconn *connection, int version)
{
    if (version == 0) {
        failure(EXIT_USAGE, "there is no schema in \"%s\" yet", PQdb(connection));
        hint("Load an export, or run: ttr-load --init");
    } else {
        failure(EXIT_USAGE, "the schema in \"%s\" has version %d, and this ttr-load needs %d",
                PQdb(connection), version, known_version());
        advise_upgrade(connection);
    }
    return false;
}

bool schema_fits(PGconn *connection)
{
    int version = check_owners(connection) ? schema_version(connection) : -1;
    bool whole;

    if (version < 0)
        return false;
    if (version != known_version())
        return version > known_version() ? report_new_schema(connection, version)
                                         : report_old_schema(connection, version);
    if (!query_bool(connection, sql_has_views, 0, NULL, &whole))
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

/* Makes the schema of this version again around the facts that DROP EXTENSION left. */
static bool repair(PGconn *connection, int version)
{
    return run_script_or_advise(connection, sql_set_facts_aside, advise_repair) &&
           apply_scripts(connection, 0, version, advise_create_schema) &&
           run_script(connection, sql_bring_facts_back);
}

bool schema_ensure(PGconn *connection)
{
    int version;
    bool whole = true;

    if (!check_owners(connection) || !create_if_missing(connection) || !check_extension(connection) ||
        (version = schema_version(connection)) < 0)
        return false;
    if (version > known_version())
        return report_new_schema(connection, version);
    if (version > 0 &&
        (!query_bool(connection, sql_has_views, 0, NULL, &whole) || (!whole && !repair(connection, version))))
        return false;
    if (!apply_scripts(connection, version, known_version(),
                       version == 0 ? advise_create_schema : advise_upgrade))
        return false;
    if (whole)
        return true;
    note("the schema is made again, because DROP EXTENSION took a part of it; the facts stand");
    return run_script(connection, "SELECT ttr.refresh()");
}

bool schema_is_current(PGconn *connection, bool *current)
{
    int version = schema_version(connection);

    *current = version >= known_version();
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
