/*
 * report.c: the closed conversations of a load as CSV. See report.h.
 */
#include "report/report.h"

#include "database/connection.h"
#include "database/sql.h"
#include "terminal/message.h"

/* A cell that begins with one of these is a formula to a spreadsheet, or becomes one when blanks go. */
static bool is_computed(char c)
{
    return c == '=' || c == '+' || c == '-' || c == '@' || c == '\t' || c == '\r';
}

/*
 * Writes a line with an apostrophe before what a spreadsheet would compute, at the start of a cell. Where the
 * semicolon separates cells, as in much of Europe, a spreadsheet splits tags there, in quotes or not.
 */
static void write_as_text(FILE *file, const char *line, size_t length)
{
    bool starts = true, quoted = false;

    for (size_t i = 0; i < length; i++) {
        char c = line[i];

        if (starts && is_computed(c))
            putc('\'', file);
        putc(c, file);
        quoted = quoted != (c == '"');
        starts = c == ';' || (c == ',' && !quoted) || (c == '"' && starts);
    }
}

static bool write_line(Output *report, const char *line, size_t length, bool as_text)
{
    if (as_text)
        write_as_text(report->file, line, length);
    else
        fwrite(line, 1, length, report->file);
    return !ferror(report->file) || output_failed(report);
}

/* Takes the lines up to the end of the COPY. False: one could not be written, which is reported. */
static bool write_lines(Output *report, PGconn *connection, bool as_text)
{
    bool written = true;
    char *line;
    int length;

    while ((length = PQgetCopyData(connection, &line, 0)) > 0) {
        written = written && write_line(report, line, (size_t)length, as_text);
        PQfreemem(line);
    }
    if (written && fflush(report->file) != 0)
        written = output_failed(report);
    return written;
}

bool report_write(Output *report, PGconn *connection, bool everything, bool as_text)
{
    ExitCode code = report->after_commit ? EXIT_REFRESH_FAILED : EXIT_ROLLED_BACK;
    PGresult *result;
    bool written = true, copied;

    if (report->name == NULL)
        return true;
    result = start_copy(connection, everything ? sql_report_all : sql_report_named);
    if (PQresultStatus(result) == PGRES_COPY_OUT) {
        PQclear(result);
        written = write_lines(report, connection, as_text);
        result = last_result(connection);
    }
    copied = PQresultStatus(result) == PGRES_COMMAND_OK || report_server_error(connection, result, code);
    PQclear(result);
    return copied && written;
}
