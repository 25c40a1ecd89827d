/*
 * publish.c: the steps after the commit. See publish.h.
 */
#include "publish.h"

#include <stdlib.h>
#include <string.h>

#include "database/cancel.h"
#include "database/lock.h"
#include "terminal/signals.h"

/* Fewest new conversations for which building indexes beside the refresh is worth a connection. */
#define MANY 10000

/* Builds missing indexes of the facts. The refresh builds those that no other session is building. */
static const char index_facts[] = "SELECT ttr_data.index_facts()";
static const char refresh[] = "SELECT ttr.refresh()";

/* Waits until the refresh that was sent ends. */
static bool await_refresh(PGconn *connection)
{
    PGresult *result = last_result(connection);
    bool ok = PQresultStatus(result) == PGRES_TUPLES_OK;

    if (!ok) {
        report_server_error(connection, result, EXIT_REFRESH_FAILED);
        warning("the published figures are those of before");
        hint("Recompute them when the cause is gone: ttr-load --refresh");
    }
    PQclear(result);
    return ok;
}

static bool publish_page(PGconn *connection, bool refreshed, Output *page)
{
    bool ok = refreshed && page_write(page, connection);

    if (!ok && page->name != NULL)
        warning("the page \"%s\" is left as it was", page->name);
    return ok;
}

bool publish_figures(PGconn *connection, Output *page)
{
    PQsendQuery(connection, refresh);
    return publish_page(connection, await_refresh(connection), page);
}

/* Writes the report of all conversations, or warns that it is missing. connection: NULL where the server is
 * gone. */
static bool publish_report(Run *run, PGconn *connection)
{
    Output *report = &run->report;
    bool ok = connection != NULL && report_write(report, connection, true, run->options->spreadsheet) &&
              output_keep(report);

    if (!ok && report->name != NULL) {
        warning("the report \"%s\" is not written", report->name);
        hint("What is loaded stays. To get the report, load the same again.");
    }
    return ok;
}

/* Builds the indexes and writes the report while the refresh runs. A signal cancels this first, and then the
 * refresh. */
static bool work_beside(Run *run, PGconn *second)
{
    bool ok;

    signals_watch(second);
    PQclear(last_result(second));
    ok = !interrupted() && publish_report(run, second);
    signals_watch(run->connection);
    if (interrupted())
        signals_cancel();
    PQfinish(second);
    return ok;
}

/* The first connection, or a new one if the first is lost. NULL: the server is gone. */
static PGconn *live_connection(Run *run)
{
    PGconn *connection;

    if (PQstatus(run->connection) == CONNECTION_OK)
        return run->connection;
    connection = connection_open_second(&run->options->connection, run->connection);
    if (connection != NULL) {
        connection_close(run->connection);
        run->connection = connection;
        run->has_reconnected = true;
        signals_watch(connection);
    }
    return connection;
}

/* False: the refresh or the report failed. *refreshed: whether the refresh succeeded. */
static bool refresh_and_report(Run *run, bool *refreshed)
{
    bool late = run_reports_late(run), many = run->count.merged.inserted >= MANY;
    PGconn *second = NULL;
    bool reported = true;

    if (late && (many || run->report.name != NULL))
        second = connection_open_second(&run->options->connection, run->connection);
    if (second != NULL && many)
        PQsendQuery(second, index_facts);
    PQsendQuery(run->connection, refresh);
    if (second != NULL)
        reported = work_beside(run, second);
    *refreshed = await_refresh(run->connection);
    if (late && second == NULL && !interrupted())
        reported = publish_report(run, live_connection(run));
    return *refreshed && reported;
}

/* Computes the figures of the database: from the rollups, or from the facts where the refresh failed. */
static bool complete_summary(Run *run)
{
    PGconn *connection = live_connection(run);
    Summary *summary = &run->summary;

    summary->code = EXIT_REFRESH_FAILED;
    return connection != NULL && summary_complete(summary, connection);
}

static bool publish_everything(Run *run)
{
    bool refreshed = true, ok = true;

    if (run_refreshes(run)) {
        progress_phase(&run->progress, "refreshing");
        ok = refresh_and_report(run, &refreshed);
        if (!interrupted())
            ok = complete_summary(run) && ok;
    }
    ok = publish_page(run->connection, refreshed, &run->page) && ok;
    lock_release(run->connection);
    return ok;
}

/* Names the attributes that lost text, so that the owner of the database can list them. */
static void note_dropped(const Run *run)
{
    char *names = free_text_dropped(&run->free_text), *first;

    if (names == NULL)
        return;
    first = PQescapeLiteral(run->connection, run->free_text.dropped.names[0],
                            strlen(run->free_text.dropped.names[0]));
    note("text of these attributes was not kept: %s", names);
    if (first != NULL)
        hint("To keep one for all readers to see, list it and load the export again: "
             "UPDATE ttr_data.setting SET attributes = attributes || ARRAY[%s]",
             first);
    PQfreemem(first);
    free(names);
}

void publish(Run *run)
{
    bool complete = run_reports_late(run) || output_keep(&run->report);

    note_dropped(run);
    if (run->outcome == COMMITTED && !interrupted())
        complete = publish_everything(run) && complete;
    progress_phase(&run->progress, NULL);
    complete = summary_print(&run->summary) && complete;
    if (run->outcome == COMMITTED && (!complete || interrupted()))
        note("load %s is committed%s", run->load_id,
             interrupted() ? "; the figures may be those of before" : "");
}
