/*
 * report.c: the closed conversations of a load as CSV. See report.h.
 */
#include "report/report.h"

#include "database/connection.h"
#include "database/sql.h"
#include "terminal/message.h"

static bool write_line(Output *report, const char *line, size_t length)
{
    return fwrite(line, 1, length, report->file) == length || output_failed(report);
}

/* Takes the lines up to the end of the COPY. False: one could not be written, which is reported. */
static bool write_lines(Output *report, PGconn *connection)
{
    bool written = true;
    char *line;
    int length;

    while ((length = PQgetCopyData(connection, &line, 0)) > 0) {
        written = written && write_line(report, line, (size_t)length);
        PQfreemem(line);
    }
    if (written && fflush(report->file) != 0)
        written = output_failed(report);
    return written;
}

bool report_write(Output *report, PGconn *connection, bool everything)
{
    ExitCode code = report->after_commit ? EXIT_REFRESH_FAILED : EXIT_ROLLED_BACK;
    PGresult *result;
    bool written = true, copied;

    if (report->name == NULL)
        return true;
    result = PQexec(connection, everything ? sql_report_all : sql_report_named);
    if (PQresultStatus(result) == PGRES_COPY_OUT) {
        PQclear(result);
        written = write_lines(report, connection);
        result = last_result(connection);
    }
    copied = PQresultStatus(result) == PGRES_COMMAND_OK || report_server_error(connection, result, code);
    PQclear(result);
    return copied && written;
}
