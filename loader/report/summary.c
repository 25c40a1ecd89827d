/*
 * summary.c: the summary that a run prints. See summary.h.
 */
#include "report/summary.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uniwidth.h>

#include "database/sql.h"
#include "terminal/output.h"

#define ORDERING_COLUMNS 2 /* of the statement table, the last ones */

/* Columns that the statement ledger returns. */
enum {
    LEDGER_LOAD_ID,
    LEDGER_FIRST_COUNT,
};

bool summary_ledger(Summary *summary, PGconn *connection, const RunCount *count, const char *report)
{
    /* In the order of the statement's parameters. */
    const int64_t counts[] = {
        count->merged.inserted, count->merged.updated,   count->merged.older,  count->merged.duplicate,
        count->naive,           count->merged.ambiguous, count->merged.events, count->merged.deletions,
        count->merged.deleted,  count->placeholders,
    };
    enum {
        COUNTS = sizeof(counts) / sizeof(counts[0])
    };
    char numbers[COUNTS][NUMBER_SIZE];
    const char *values[COUNTS + 2] = {[COUNTS] = count->dry_run ? "true" : "false", [COUNTS + 1] = report};

    for (int i = 0; i < COUNTS; i++)
        values[i] = number_text(counts[i], numbers[i]);
    summary->ledger = run_query(connection, sql_ledger, COUNTS + 2, values);
    return summary->ledger != NULL;
}

/* For a statement whose parameter is the number of the load. */
static PGresult *run_for_load(const Summary *summary, PGconn *connection, const char *sql)
{
    const char *load_id = PQgetvalue(summary->ledger, 0, LEDGER_LOAD_ID);

    return run_query_or(summary->code, connection, sql, 1, &load_id);
}

static bool add_figures(const Summary *summary, PGconn *connection, const char *sql)
{
    PGresult *result = run_for_load(summary, connection, sql);

    PQclear(result);
    return result != NULL;
}

bool summary_of_load(Summary *summary, PGconn *connection)
{
    return add_figures(summary, connection, sql_summarize_load);
}

static bool fetch_table(Summary *summary, PGconn *connection)
{
    summary->table = run_for_load(summary, connection, sql_table);
    return summary->table != NULL;
}

static bool fetch_json(Summary *summary, PGconn *connection)
{
    const char *load_id = PQgetvalue(summary->ledger, 0, LEDGER_LOAD_ID);
    const char *sql = summary->form == SUMMARY_BRIEF ? sql_print_brief : sql_print_summary;
    FILE *json = tmpfile();
    bool ok = json != NULL && query_lines(summary->code, connection, sql, 1, &load_id, json);

    if (json == NULL || (ok && fflush(json) != 0))
        ok = failure(summary->code, "could not keep the summary in a temporary file: %s", strerror(errno));
    if (ok)
        summary->json = json;
    else if (json != NULL)
        fclose(json);
    return ok;
}

bool summary_complete(Summary *summary, PGconn *connection)
{
    if (!add_figures(summary, connection, sql_summarize_database))
        return false;
    switch (summary->form) {
    case SUMMARY_AS_JSON:
    case SUMMARY_BRIEF:
        return fetch_json(summary, connection);
    case SUMMARY_AS_TABLE:
        return fetch_table(summary, connection);
    case SUMMARY_UNSEEN:
        break;
    }
    return true;
}

/* The places that a text takes on a terminal. */
static int width(const char *text)
{
    return u8_strwidth((const uint8_t *)text, "UTF-8");
}

static void print_padded(const char *text, int places, bool to_the_left)
{
    int padding = places - width(text) > 0 ? places - width(text) : 0;

    if (!to_the_left)
        printf("  %*s", padding, "");
    print_text(stdout, text, false);
    if (to_the_left)
        printf("%*s", padding, "");
}

/* Column 0 of the result names the block; each block opens with a line of headings. */
static void print_table(const PGresult *table)
{
    int columns = PQnfields(table) - ORDERING_COLUMNS;
    int places[16] = {0};

    for (int column = 1; column < columns; column++) {
        places[column] = column > 1 ? width(PQfname(table, column)) : 12;
        for (int row = 0; row < PQntuples(table); row++)
            if (width(PQgetvalue(table, row, column)) > places[column])
                places[column] = width(PQgetvalue(table, row, column));
    }
    for (int row = 0; row < PQntuples(table); row++) {
        const char *heading = PQgetvalue(table, row, 0);

        if (row == 0 || strcmp(heading, PQgetvalue(table, row - 1, 0)) != 0) {
            putchar('\n');
            print_padded(heading, places[1], true);
            for (int column = 2; column < columns; column++)
                print_padded(PQfname(table, column), places[column], false);
            putchar('\n');
        }
        for (int column = 1; column < columns; column++)
            print_padded(PQgetvalue(table, row, column), places[column], column == 1);
        putchar('\n');
    }
}

static void print_counts(const PGresult *ledger)
{
    for (int column = LEDGER_FIRST_COUNT; column < PQnfields(ledger); column++)
        printf("%s%s %s", column > LEDGER_FIRST_COUNT ? ", " : "", PQgetvalue(ledger, 0, column),
               PQfname(ledger, column));
    putchar('\n');
}

static void print_json(FILE *json)
{
    char piece[8192];
    size_t length;

    rewind(json);
    while ((length = fread(piece, 1, sizeof(piece), json)) > 0)
        fwrite(piece, 1, length, stdout);
}

bool summary_print(const Summary *summary)
{
    if (summary->table != NULL) {
        print_counts(summary->ledger);
        print_table(summary->table);
    } else if (summary->json != NULL) {
        print_json(summary->json);
    }
    return output_flush_standard() ||
           failure(EXIT_USAGE, "loaded, but could not write the summary: %s", strerror(errno));
}

void summary_free(Summary *summary)
{
    PQclear(summary->ledger);
    PQclear(summary->table);
    if (summary->json != NULL)
        fclose(summary->json);
    *summary = (Summary){0};
}
