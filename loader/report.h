/*
 * report.h: the closed conversations of a load as a CSV file.
 *
 * The file is written beside its place, under a name of its own, and takes its place only when the load is
 * committed: a report under its name is always whole, and of a load that counts.
 */
#ifndef TTR_LOADER_REPORT_H
#define TTR_LOADER_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include <libpq-fe.h>

typedef struct Report {
    const char *name;
    char *place;     /* where it is to stand, links followed */
    char *temporary; /* NULL: written in place, because it is a device or a pipe */
    FILE *file;      /* NULL: no report is asked for, or it is done */
} Report;

/* Tried before the load begins, so that a directory that is not there is no surprise at its end. name may be
 * NULL. */
bool report_open(Report *report, const char *name);

/* Writes the closed ones of the conversations that are staged (loader/sql/report.sql). */
bool report_write(Report *report, PGconn *connection);

/* The load is committed: the report takes its place. */
bool report_keep(Report *report);

/* Removes what is not kept. */
void report_close(Report *report);

#endif
