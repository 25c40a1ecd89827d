/*
 * option_value.c: values of options that are checked. See option_value.h.
 */
#include "option_value.h"

#include <stdlib.h>
#include <string.h>

#include "read/source/transcode.h"
#include "read/text/defect.h"
#include "read/text/timestamp.h"

bool read_format(Options *options, const char *argument)
{
    char *names;

    options->shape = shape_named(argument);
    if (options->shape != NULL || strcmp(argument, "auto") == 0)
        return true;
    names = shape_names();
    failure(EXIT_USAGE, "there is no format \"%s\"", argument);
    hint("The formats are %s; for example: --format=csv", names);
    free(names);
    return false;
}

/* UTF-8 needs no decoding. */
bool read_encoding(Options *options, const char *argument)
{
    options->encoding =
        strcasecmp(argument, "utf-8") == 0 || strcasecmp(argument, "utf8") == 0 ? NULL : argument;
    if (encoding_is_known(argument))
        return true;
    failure(EXIT_USAGE, "--encoding: there is no encoding \"%s\"", argument);
    hint("For example: --encoding=windows-1252 (iconv -l lists all)");
    return false;
}

bool read_date_format(Options *options, const char *argument)
{
    if (date_format_read(argument, &options->dates))
        return true;
    failure(EXIT_USAGE, "--date-format: \"%s\" is no pattern of a day", argument);
    hint("It names day, month and a year of four digits in their order, for example: "
         "--date-format=MM/DD/YYYY or --date-format=DD.MM.YYYY");
    return false;
}

bool read_exported_at(Options *options, const char *argument)
{
    Instant instant;
    Defect problem;

    if (!timestamp_parse((Slice){argument, strlen(argument)}, "--exported-at", &instant, &problem))
        failure(EXIT_USAGE, "--exported-at: %s", problem.detail);
    else if (instant.naive)
        failure(EXIT_USAGE, "--exported-at needs an offset from UTC");
    else {
        options->exported_at = argument;
        return true;
    }
    hint("For example: --exported-at=2025-06-01T06:00:00Z");
    return false;
}

static bool is_whole_number(const char *text, size_t most_digits)
{
    return *text != '\0' && strlen(text) <= most_digits && strspn(text, "0123456789") == strlen(text);
}

bool read_max_rejects(Options *options, const char *argument)
{
    char *end;
    bool valid = is_whole_number(argument, 15);

    options->max_rejects = strtod(argument, &end);
    options->max_rejects_is_percent = strcmp(end, "%") == 0;
    if (options->max_rejects_is_percent)
        valid = strspn(argument, "0123456789.") == strlen(argument) - 1 && end > argument &&
                options->max_rejects <= 100;
    if (valid)
        return true;
    failure(EXIT_USAGE, "--max-rejects: \"%s\" is neither a count nor a percentage", argument);
    hint("For example: --max-rejects=100 or --max-rejects=0.5%%");
    return false;
}

bool read_every(Options *options, const char *argument)
{
    char *end;

    options->every = strtod(argument, &end);
    if (end > argument && *end == '\0' && options->every > 0 && options->every <= 86400)
        return true;
    failure(EXIT_USAGE, "--every: \"%s\" is no number of seconds up to 86400", argument);
    hint("For example: --every=10");
    return false;
}

bool read_batch(Options *options, const char *argument)
{
    options->batch = atoll(argument);
    if (is_whole_number(argument, 12) && options->batch > 0)
        return true;
    failure(EXIT_USAGE, "--batch: \"%s\" is no number of records", argument);
    hint("For example: --batch=1000");
    return false;
}

bool read_json(Options *options, const char *argument)
{
    options->table = WHEN_NEVER;
    options->brief = argument != NULL && strcmp(argument, "brief") == 0;
    if (argument == NULL || options->brief || strcmp(argument, "full") == 0)
        return true;
    failure(EXIT_USAGE, "--json: \"%s\" is neither full nor brief", argument);
    hint("For example: --json=brief");
    return false;
}

bool read_progress(Options *options, const char *argument)
{
    static const char *const words[] = {"auto", "always", "never"};

    for (int i = 0; i < 3; i++)
        if (strcmp(argument, words[i]) == 0) {
            options->progress = (When)i;
            return true;
        }
    failure(EXIT_USAGE, "--progress: \"%s\" is none of auto, always and never", argument);
    hint("For example: --progress=never");
    return false;
}
