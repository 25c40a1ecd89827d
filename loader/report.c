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

/* A file beside its place, with the rights that the place has, or a new file would have. */
static FILE *open_beside(Report *report, const char *place, mode_t mode)
{
    int descriptor;

    report->temporary = format_text("%s.XXXXXX", place);
    descriptor = mkstemp(report->temporary);
    if (descriptor < 0)
        return NULL;
    fchmod(descriptor, mode);
    return fdopen(descriptor, "w");
}

/* /dev/stdout may be a regular file, and must not be replaced all the same. */
static bool is_special(const char *name)
{
    return strncmp(name, "/dev/", 5) == 0 || strncmp(name, "/proc/", 6) == 0;
}

bool report_open(Report *report, const char *name)
{
    struct stat status;

    *report = (Report){.name = name};
    if (name == NULL)
        return true;

    if (stat(name, &status) == 0 && (!S_ISREG(status.st_mode) || is_special(name))) {
        report->file = fopen(name, "we");
    } else if ((report->place = realpath(name, NULL)) != NULL) {
        /* A symbolic link stays one: what it points to is written. */
        report->file = open_beside(report, report->place, status.st_mode & 07777);
    } else {
        mode_t mask = umask(0);

        umask(mask);
        report->place = format_text("%s", name);
        report->file = open_beside(report, name, 0666 & ~mask);
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
    if (fclose(file) == 0 && (report->temporary == NULL || rename(report->temporary, report->place) == 0))
        return true;
    write_failed(report);
    if (report->temporary != NULL)
        unlink(report->temporary);
    return false;
}

void report_close(Report *report)
{
    if (report->file != NULL) {
        fclose(report->file);
        if (report->temporary != NULL)
            unlink(report->temporary);
    }
    free(report->temporary);
    free(report->place);
    *report = (Report){0};
}
