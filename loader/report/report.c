/*
 * report.c: the closed conversations of a load as CSV. See report.h.
 */
#include "report/report.h"

#include "database/connection.h"
#include "database/sql.h"
#include "terminal/message.h"

bool report_write(Output *report, PGconn *connection, bool everything)
{
    ExitCode code = report->after_commit ? EXIT_REFRESH_FAILED : EXIT_ROLLED_BACK;
    PGresult *result;
    char *line;
    int length;
    bool written = true, copied;

    if (report->name == NULL)
        return true;
    result = PQexec(connection, everything ? sql_report_all : sql_report_named);
    copied = PQresultStatus(result) == PGRES_COPY_OUT;
    while (copied && (length = PQgetCopyData(connection, &line, 0)) > 0) {
        if (written && fwrite(line, 1, (size_t)length, report->file) != (size_t)length)
            written = output_failed(report);
        PQfreemem(line);
    }
    do {
        if (PQresultStatus(result) != PGRES_COPY_OUT && PQresultStatus(result) != PGRES_COMMAND_OK)
            copied = report_server_error(connection, result, code);
        PQclear(result);
    } while ((result = PQgetResult(connection)) != NULL);

    if (written && fflush(report->file) != 0)
        written = output_failed(report);
    return copied && written;
}
