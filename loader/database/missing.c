/*
 * missing.c: the command that creates a role or a database that a connection needs. See missing.h.
 *
 * The command runs where ttr-load runs, and reaches the same server. On the server's own machine, sudo
 * reaches its superuser; from another machine the superuser logs in.
 */
#include "database/missing.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "terminal/message.h"

#define SUPERUSER    "postgres"
#define DEFAULT_PORT "5432"

/* Where libpq and Debian's packages look for the socket; programs find it there without --host. */
static bool is_usual_directory(const char *directory)
{
    return strcmp(directory, "/var/run/postgresql") == 0 || strcmp(directory, "/tmp") == 0;
}

/* A word of a shell's command line. */
static char *shell_word(const char *text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./@%+-";
    char *word, *end;

    if (*text != '\0' && strspn(text, plain) == strlen(text))
        return format_text("%s", text);
    word = end = allocate(4 * strlen(text) + 3);
    *end++ = '\'';
    for (; *text != '\0'; text++)
        if (*text == '\'') {
            memcpy(end, "'\\''", 4);
            end += 4;
        } else {
            *end++ = *text;
        }
    *end++ = '\'';
    *end = '\0';
    return word;
}

/* "sudo -u postgres createdb", or "createdb --host=db --username=postgres". */
static char *superusers_command(PGconn *connection, const char *program)
{
    const char *host = PQhost(connection), *port = PQport(connection);
    bool is_local = host == NULL || *host == '\0' || *host == '/';
    bool names_host = host != NULL && *host != '\0' && !is_usual_directory(host);
    bool names_port = port != NULL && *port != '\0' && strcmp(port, DEFAULT_PORT) != 0;
    char *place = shell_word(host != NULL ? host : "");
    char *command =
        format_text("%s%s%s%s%s%s%s", is_local ? "sudo -u " SUPERUSER " " : "", program,
                    names_host ? " --host=" : "", names_host ? place : "", names_port ? " --port=" : "",
                    names_port ? port : "", is_local ? "" : " --username=" SUPERUSER);

    free(place);
    return command;
}

/* Looks for the message in English, the language of the server's log: before a connection stands there is no
 * SQLSTATE. */
static bool is_missing(PGconn *connection, const char *what, const char *name)
{
    char *words = format_text("%s \"%s\" does not exist", what, name);
    bool missing = strstr(PQerrorMessage(connection), words) != NULL;

    free(words);
    return missing;
}

void hint_at_missing(PGconn *connection)
{
    const char *role = PQuser(connection), *database = PQdb(connection);
    char *role_word, *database_word, *createuser, *createdb;

    if (role == NULL || database == NULL)
        return;
    role_word = shell_word(role);
    database_word = shell_word(database);
    createuser = superusers_command(connection, "createuser");
    createdb = superusers_command(connection, "createdb");
    if (is_missing(connection, "role", role))
        hint("A superuser of the server creates it: %s --login %s", createuser, role_word);
    else if (is_missing(connection, "database", database))
        hint("A superuser of the server creates it, and the role owns it: %s --owner=%s --encoding=UTF8 "
             "--template=template0 %s",
             createdb, role_word, database_word);
    free(createuser);
    free(createdb);
    free(role_word);
    free(database_word);
}
