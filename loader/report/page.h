/*
 * page.h: the published figures as one HTML file, for people who look rather than read.
 *
 * The database says what is shown (ttr.page()), the page how (dashboards/page/). The loader brings the two
 * together, and sees to it that no text of the data can end the place where it stands.
 */
#ifndef TTR_LOADER_REPORT_PAGE_H
#define TTR_LOADER_REPORT_PAGE_H

#include <libpq-fe.h>

#include "terminal/output.h"

/* dashboards/page/, assembled by page.awk: what stands before the data, and what behind them. */
extern const char page_before_data[];
extern const char page_after_data[];

/* Before anything is loaded: whether the role may read what the page shows; name is that of the page, NULL:
 * none is asked for. Reports the first object that the role may not read. */
bool page_check_rights(const char *name, PGconn *connection);

/* Writes the figures as they are published now, if a page is asked for, and lets the page take its place. */
bool page_write(Output *page, PGconn *connection);

#endif
