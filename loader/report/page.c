/*
 * page.c: the published figures as one HTML file. See page.h.
 */
#include "report/page.h"

#include <string.h>

#include "database/connection.h"
#include "database/sql.h"
#include "terminal/message.h"

/*
 * Length of the first character if it must be escaped, else 0. HTML misreads brackets and the ampersand, and
 * old JavaScript the line ends U+2028 and U+2029. JSON has them in strings only.
 */
static size_t to_escape(const char *text)
{
    if (*text == '<' || *text == '>' || *text == '&')
        return 1;
    return strncmp(text, "\xE2\x80\xA8", 3) == 0 || strncmp(text, "\xE2\x80\xA9", 3) == 0 ? 3 : 0;
}

static void write_json(FILE *file, const char *json)
{
    while (*json != '\0') {
        size_t length = to_escape(json);

        if (length == 3)
            fputs(json[2] == '\xA8' ? "\\u2028" : "\\u2029", file);
        else if (length == 1)
            fprintf(file, "\\u%04x", (unsigned)*json);
        else
            putc(*json, file);
        json += length == 3 ? 3 : 1;
    }
}

bool page_check_rights(const char *name, PGconn *connection)
{
    PGresult *result;
    bool may;

    if (name == NULL)
        return true;
    result = run_query(connection, sql_find_unreadable, 0, NULL);
    may = result != NULL && PQntuples(result) == 0;
    if (result != NULL && !may) {
        failure(EXIT_USAGE, "the role \"%s\" may not read %s, which the page shows", PQgetvalue(result, 0, 0),
                PQgetvalue(result, 0, 1));
        hint("The owner of the schema grants it: SELECT ttr.grant_load(%s)", PQgetvalue(result, 0, 2));
    }
    PQclear(result);
    return may;
}

bool page_write(Output *page, PGconn *connection)
{
    PGresult *result;
    bool ok;

    if (page->name == NULL)
        return true;
    result = PQexec(connection, "SELECT ttr.page()");
    ok = PQresultStatus(result) == PGRES_TUPLES_OK;
    if (ok) {
        fputs(page_before_data, page->file);
        write_json(page->file, PQgetvalue(result, 0, 0));
        fputs(page_after_data, page->file);
        ok = (fflush(page->file) == 0 && !ferror(page->file)) || output_failed(page);
    } else {
        report_server_error(connection, result, EXIT_REFRESH_FAILED);
    }
    PQclear(result);
    return ok && output_keep(page);
}
