/*
 * report.h: the closed conversations of a load as CSV, in the order of their identifiers.
 *
 * The file takes its place only when the load is committed: a report under its name is always whole, and of a
 * committed load.
 */
#ifndef TTR_LOADER_REPORT_REPORT_H
#define TTR_LOADER_REPORT_REPORT_H

#include <libpq-fe.h>

#include "terminal/output.h"

/* Writes the closed ones of the conversations that the run named, or of all conversations, if a report is
 * asked for. as_text: a spreadsheet must compute none of its cells. */
bool report_write(Output *report, PGconn *connection, bool everything, bool as_text);

#endif
