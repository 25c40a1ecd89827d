/*
 * report.c: the closed conversations of a load as a CSV file. See report.h.
 */
#include "report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "connection.h"
#include "message.h"
#include "sql.h"

static bool write_failed(const Report *report)
{
    return failure(EXIT_USAGE, "could not write the report \"%s\": %s", report->name, strerror(errno));
}

bool report_open(Report *report, const char *name)
{
    struct stat status;

    *report = (Report){.name = name};
    if (name == NULL)
        return true;
    if (stat(name, &status) != 0 || S_ISREG(status.st_mode)) {
        /* A new name, lest it be that of somebody's file; with the rights that a new file has. */
        mode_t mask = umask(0);
        int descriptor;

        umask(mask);
        report->temporary = format_text("%s.XXXXXX", name);
        descriptor = mkstemp(report->temporary);
        if (descriptor < 0)
            return write_failed(report);
        fchmod(descriptor, 0666 & ~mask);
        report->file = fdopen(descriptor, "w");
    } else {
        report->file = fopen(name, "we");
    }
    return report->file != NULL || write_failed(report);
}

bool report_write(Report *report, PGconn *connection)
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
    return copied && (written || write_failed(report));
}

bool report_keep(Report *report)
{
    FILE *file = report->file;

    if (file == NULL)
        return true;
    report->file = NULL;
    if (fclose(file) != 0)
        return write_failed(report);
    return report->temporary == NULL || rename(report->temporary, report->name) == 0 || write_failed(report);
}

void report_close(Report *report)
{
    if (report->file != NULL) {
        fclose(report->file);
        if (report->temporary != NULL)
            unlink(report->temporary);
    }
    free(report->temporary);
    *report = (Report){0};
}
