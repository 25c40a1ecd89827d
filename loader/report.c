/*
 * report.c: the closed conversations of a load as CSV. See report.h.
 */
#include "report.h"

#include "connection.h"
#include "message.h"
#include "sql.h"

bool report_write(Output *report, PGconn *connection)
{
    PGresult *result;
    char *line;
    int length;
    bool written = true, copied;

    if (report->name == NULL)
        return true;
    result = PQexec(connection, sql_report);
    copied = PQresultStatus(result) == PGRES_COPY_OUT;
    while (copied && (length = PQgetCopyData(connection, &line, 0)) > 0) {
        written = written && fwrite(line, 1, (size_t)length, report->file) == (size_t)length;
        PQfreemem(line);
    }
    do {
        if (PQresultStatus(result) != PGRES_COPY_OUT && PQresultStatus(result) != PGRES_COMMAND_OK)
            copied = report_server_error(connection, result, EXIT_ROLLED_BACK);
        PQclear(result);
    } while ((result = PQgetResult(connection)) != NULL);

    written = written && fflush(report->file) == 0;
    return copied && (written || output_failed(report));
}
