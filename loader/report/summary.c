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
    LEDGER_LOAD,
    LEDGER_FIRST_COUNT,
};

bool summary_of_load(Summary *summary, PGconn *connection)
{
    summary->load = run_query_or(summary->code, connection, sql_summarize_load, 0, NULL);
    return summary->load != NULL;
}

bool summary_of_database(Summary *summary, PGconn *connection)
{
    summary->database = run_query_or(summary->code, connection, sql_summarize_database, 0, NULL);
    return summary->database != NULL;
}

bool summary_ledger(Summary *summary, PGconn *connection, const RunCount *count)
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
    const char *values[COUNTS + 1] = {[COUNTS] = count->dry_run ? "true" : "false"};

    for (int i = 0; i < COUNTS; i++)
        values[i] = number_text(counts[i], numbers[i]);
    summary->ledger = run_query(connection, sql_ledger, COUNTS + 1, values);
    return summary->ledger != NULL;
}

bool summary_complete(Summary *summary, PGconn *connection)
{
    const char *database = PQgetvalue(summary->database, 0, 0);
    const char *load = summary->everything ? database : PQgetvalue(summary->load, 0, 0);
    const char *values[] = {
        PQgetvalue(summary->ledger, 0, LEDGER_LOAD_ID),
        PQgetvalue(summary->ledger, 0, LEDGER_LOAD),
        load,
        database,
        summary->report,
        summary->brief ? "true" : "false",
    };

    summary->json = run_query_or(summary->code, connection, sql_summary, 6, values);
    if (summary->json != NULL && summary->as_table)
        summary->table = run_query_or(summary->code, connection, sql_table, 2, &values[2]);
    return summary->json != NULL && (!summary->as_table || summary->table != NULL);
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

bool summary_print(const Summary *summary)
{
    if (summary->table != NULL) {
        print_counts(summary->ledger);
        print_table(summary->table);
    } else if (summary->json != NULL) {
        puts(PQgetvalue(summary->json, 0, 0));
    }
    return output_flush_standard() ||
           failure(EXIT_USAGE, "loaded, but could not write the summary: %s", strerror(errno));
}

void summary_free(Summary *summary)
{
    PQclear(summary->load);
    PQclear(summary->database);
    PQclear(summary->ledger);
    PQclear(summary->json);
    PQclear(summary->table);
    *summary = (Summary){0};
}
