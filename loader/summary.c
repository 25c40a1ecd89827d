/*
 * summary.c: what a run says when it is done. See summary.h.
 */
#include "summary.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uniwidth.h>

#include "sql.h"

#define NUMBER_SIZE      24
#define ORDERING_COLUMNS 2 /* of table.sql, the last ones */

/* Columns of what ledger.sql returns. */
enum {
    LEDGER_SUMMARY,
    LEDGER_FIRST_COUNT,
};

static bool summarize(PGconn *connection, const char *name)
{
    return run_script(connection, sql_group_scope) && run_command(connection, sql_summarize, 1, &name) >= 0;
}

/* Whether the run named every conversation that there is. Of more than it named, no more than one is read. */
static bool is_everything(PGconn *connection, int64_t staged, bool *everything)
{
    char most[NUMBER_SIZE];
    const char *values[] = {most};
    PGresult *result;
    bool ok;

    snprintf(most, sizeof(most), "%" PRId64, staged + 1);
    result = run_query(connection,
                       "SELECT count(*) FROM (SELECT FROM ttr_data.conversation LIMIT $1::bigint) AS c", 1,
                       values);
    ok = result != NULL;
    *everything = ok && atoll(PQgetvalue(result, 0, 0)) == staged;
    PQclear(result);
    return ok;
}

bool summary_of_load(PGconn *connection, int64_t staged, bool *everything)
{
    return is_everything(connection, staged, everything) && run_script(connection, sql_summary_tables) &&
           run_script(connection, *everything ? sql_scope_database : sql_scope_load) &&
           summarize(connection, "load");
}

bool summary_of_database(PGconn *connection, bool everything)
{
    if (everything)
        return run_script(connection, sql_reuse_summary);
    return run_script(connection, sql_scope_database) && summarize(connection, "database");
}

bool summary_ledger(PGconn *connection, const RunCount *count, bool as_table, Summary *summary)
{
    /* In the order of the parameters of ledger.sql. */
    const int64_t counts[] = {
        count->merged.inserted, count->merged.updated,   count->merged.older,  count->merged.duplicate,
        count->naive,           count->merged.ambiguous, count->merged.events, count->merged.deletions,
        count->merged.deleted,  count->placeholders,
    };
    enum {
        COUNTS = sizeof(counts) / sizeof(counts[0])
    };
    char numbers[COUNTS][NUMBER_SIZE];
    const char *values[COUNTS + 3] = {
        [COUNTS] = count->report,
        [COUNTS + 1] = count->dry_run ? "true" : "false",
        [COUNTS + 2] = count->brief ? "true" : "false",
    };

    for (int i = 0; i < COUNTS; i++) {
        snprintf(numbers[i], NUMBER_SIZE, "%" PRId64, counts[i]);
        values[i] = numbers[i];
    }
    summary->ledger = run_query(connection, sql_ledger, COUNTS + 3, values);
    if (summary->ledger == NULL)
        return false;
    if (as_table)
        summary->table = run_query(connection, sql_table, 0, NULL);
    return !as_table || summary->table != NULL;
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
    } else {
        puts(PQgetvalue(summary->ledger, 0, LEDGER_SUMMARY));
    }
    if (fflush(stdout) == 0 && !ferror(stdout))
        return true;
    return failure(EXIT_USAGE, "loaded, but could not write the summary: %s", strerror(errno));
}

void summary_free(Summary *summary)
{
    PQclear(summary->ledger);
    PQclear(summary->table);
    *summary = (Summary){0};
}
