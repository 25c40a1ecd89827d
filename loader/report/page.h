/*
 * page.h: the published figures as one HTML file, for people who look rather than read.
 *
 * ttr.page() returns the data, and the scripts of dashboards/page/ draw it. The loader puts the data into the
 * page, escaped so that no text can end the element that holds it.
 */
#ifndef TTR_LOADER_REPORT_PAGE_H
#define TTR_LOADER_REPORT_PAGE_H

#include <libpq-fe.h>

#include "terminal/output.h"

/* The page as page.awk assembles it from dashboards/page/: the part before the data and the part after it. */
extern const char page_before_data[];
extern const char page_after_data[];

/* Checks before anything is loaded that the role may read what the page shows. Reports the first object that
 * it may not read. name: of the page; NULL: none is asked for. */
bool page_check_rights(const char *name, PGconn *connection);

/* Writes the page of the figures as they are published now, if it is asked for, and moves it into its place.
 */
bool page_write(Output *page, PGconn *connection);

#endif
