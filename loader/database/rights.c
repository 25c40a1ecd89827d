/*
 * rights.c: the statement that gives a role the right it lacks. See rights.h.
 *
 * libpq quotes the names: the server cannot, because its transaction has failed.
 */
#include "database/rights.h"

#include <stdbool.h>
#include <string.h>

#include "terminal/ending.h"
#include "terminal/message.h"

static char *identifier(PGconn *connection, const char *name)
{
    char *quoted = PQescapeIdentifier(connection, name, strlen(name));

    if (quoted == NULL)
        end_without_memory(0);
    return quoted;
}

void advise_create(PGconn *connection)
{
    char *database = identifier(connection, PQdb(connection));
    char *role = identifier(connection, PQuser(connection));

    hint("The owner of the database, or a superuser, runs: GRANT CREATE ON DATABASE %s TO %s", database,
         role);
    PQfreemem(database);
    PQfreemem(role);
}

void advise_create_schema(PGconn *connection)
{
    char *database = identifier(connection, PQdb(connection));
    char *role = identifier(connection, PQuser(connection));

    hint("A superuser runs in %s: GRANT CREATE ON DATABASE %s TO %s; GRANT CREATE, USAGE ON SCHEMA ttr TO %s "
         "WITH GRANT OPTION",
         database, database, role, role);
    PQfreemem(database);
    PQfreemem(role);
}

void advise_upgrade(PGconn *connection)
{
    (void)connection;
    hint("The schema is older than this ttr-load. Its owner upgrades it: ttr-load --init");
}

void advise_repair(PGconn *connection)
{
    (void)connection;
    hint("DROP EXTENSION took a part of the schema. Its owner makes it again: ttr-load --init");
}

/* Whether regrole reads the name without quotes. */
static bool is_plain(const char *name)
{
    return strspn(name, "abcdefghijklmnopqrstuvwxyz_0123456789") == strlen(name) &&
           strspn(name, "0123456789") == 0;
}

void advise_load(PGconn *connection)
{
    const char *role = PQuser(connection);
    char *name = is_plain(role) ? NULL : identifier(connection, role);
    const char *grantee = name != NULL ? name : role;
    char *text = PQescapeLiteral(connection, grantee, strlen(grantee));

    if (text == NULL)
        end_without_memory(0);
    hint("The owner of the schema lets the role load: SELECT ttr.grant_load(%s)", text);
    PQfreemem(name);
    PQfreemem(text);
}
