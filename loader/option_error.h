/*
 * option_error.h: what is wrong with an option that getopt_long() refuses, and which option was meant.
 */
#ifndef TTR_LOADER_OPTION_ERROR_H
#define TTR_LOADER_OPTION_ERROR_H

#include <getopt.h>
#include <stdbool.h>

/*
 * Reports the option and returns false. code: what getopt_long() returned, with optopt; argument: the option
 * as typed; known: all options, up to one without a name.
 */
bool report_bad_option(int code, const char *argument, const struct option *known);

#endif
