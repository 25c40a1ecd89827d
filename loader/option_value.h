/*
 * option_value.h: values of options that are checked. Each function reads a value into the options, or
 * reports what is wrong with it and returns false.
 */
#ifndef TTR_LOADER_OPTION_VALUE_H
#define TTR_LOADER_OPTION_VALUE_H

#include "options.h"

bool read_format(Options *options, const char *argument);
bool read_encoding(Options *options, const char *argument);
bool read_date_format(Options *options, const char *argument);
bool read_exported_at(Options *options, const char *argument);
bool read_max_rejects(Options *options, const char *argument);
bool read_every(Options *options, const char *argument);
bool read_batch(Options *options, const char *argument);
bool read_json(Options *options, const char *argument);
bool read_progress(Options *options, const char *argument);

#endif
