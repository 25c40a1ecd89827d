/*
 * separator.c: finds the separator of a CSV file. See separator.h.
 */
#include "read/csv/separator.h"

#include "read/csv/csv.h"

#define SEPARATORS 3

static const char separators[SEPARATORS] = {',', ';', '\t'};

const char *csv_separator_name(char separator)
{
    return separator == ';' ? "semicolons" : separator == '\t' ? "tabs" : "commas";
}

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

/* Offset of the first line end outside of quotes; the length of the input if there is none. */
static size_t find_line_end(Slice input)
{
    bool quoted = false;
    size_t at = 0;

    for (; at < input.length && (quoted || !is_line_end(input.bytes[at])); at++)
        quoted = quoted != (input.bytes[at] == '"');
    return at;
}

/* The separator that the line names: sep=; or the same in quotes. 0 for any other line. */
static char named_separator(Slice line)
{
    if (line.length == 7 && line.bytes[0] == '"' && line.bytes[6] == '"')
        line = (Slice){line.bytes + 1, 5};
    if (line.length != 5 || !slice_is_word((Slice){line.bytes, 4}, "sep="))
        return 0;
    for (int i = 0; i < SEPARATORS; i++)
        if (line.bytes[4] == separators[i])
            return separators[i];
    return 0;
}

/* The separator that the line has most often outside of quotes; the comma if none has more. */
static char most_frequent(Slice line)
{
    size_t counts[SEPARATORS] = {0};
    bool quoted = false;
    int most = 0;

    for (size_t at = 0; at < line.length; at++) {
        quoted = quoted != (line.bytes[at] == '"');
        for (int i = 0; i < SEPARATORS; i++)
            counts[i] += !quoted && line.bytes[at] == separators[i];
    }
    for (int i = 1; i < SEPARATORS; i++)
        if (counts[i] > counts[most])
            most = i;
    return separators[most];
}

bool csv_find_separator(Slice input, bool at_end, CsvSeparator *separator)
{
    Slice rest = input;
    Slice line;

    while (rest.length > 0 && is_line_end(rest.bytes[0]))
        rest = (Slice){rest.bytes + 1, rest.length - 1};
    line = (Slice){rest.bytes, find_line_end(rest)};
    if (line.length == rest.length && !at_end)
        return false;
    *separator = (CsvSeparator){named_separator(line), 0};
    if (rest.length < input.length || separator->byte == 0) {
        *separator = (CsvSeparator){most_frequent(line), 0};
        return true;
    }
    separator->skip = csv_line_length(input, at_end);
    return separator->skip > 0;
}
