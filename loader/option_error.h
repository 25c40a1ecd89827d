/*
 * option_error.h: what is wrong with an option that getopt_long() refuses, and which one was meant.
 */
#ifndef TTR_LOADER_OPTION_ERROR_H
#define TTR_LOADER_OPTION_ERROR_H

#include <getopt.h>
#include <stdbool.h>

/* argument: as it was typed; known: the options, up to one without a name. Reports, and returns false. */
bool report_bad_option(const char *argument, const struct option *known);

#endif
