/*
 * csv.c: finds one record of a CSV file. See csv.h.
 *
 * Most fields are unquoted and short: each separator has a table of the bytes that end such a field, so that
 * the inner loop is one load and one test. In quoted fields memchr() goes from quote to quote.
 */
#include "read/csv/csv.h"

#include <string.h>

/* The bytes that end an unquoted field, and the quote, which it must not have. */
typedef bool Specials[256];
static const Specials with_comma = {[','] = true, ['"'] = true, ['\r'] = true, ['\n'] = true};
static const Specials with_semicolon = {[';'] = true, ['"'] = true, ['\r'] = true, ['\n'] = true};
static const Specials with_tab = {['\t'] = true, ['"'] = true, ['\r'] = true, ['\n'] = true};

typedef struct Cursor {
    const char *at;
    const char *end;
    bool at_end;
    size_t lines;
    char separator;
    const bool *is_special;
} Cursor;

/* At a CR or LF: steps over the line end. False: a CR is the last byte in sight. */
static bool step_line_end(Cursor *cursor)
{
    if (*cursor->at == '\r') {
        if (cursor->at + 1 == cursor->end && !cursor->at_end)
            return false;
        if (cursor->at + 1 < cursor->end && cursor->at[1] == '\n')
            cursor->at++;
    }
    cursor->at++;
    cursor->lines++;
    return true;
}

size_t csv_line_length(Slice input, bool at_end)
{
    Cursor cursor = {.at = input.bytes, .end = input.bytes + input.length, .at_end = at_end};

    while (cursor.at < cursor.end && *cursor.at != '\n' && *cursor.at != '\r')
        cursor.at++;
    if (cursor.at == cursor.end)
        return at_end ? input.length : 0;
    return step_line_end(&cursor) ? (size_t)(cursor.at - input.bytes) : 0;
}

static size_t count_lines(const char *bytes, const char *end)
{
    size_t lines = 0;

    for (; bytes < end; bytes++)
        if (*bytes == '\n' || (*bytes == '\r' && bytes[1] != '\n')) /* at end is the closing quote */
            lines++;
    return lines;
}

/* At an opening quote: frames the field, and steps over the closing quote. */
static CsvStatus frame_quoted(Cursor *cursor, CsvField *field, Defect *problem)
{
    const char *start = ++cursor->at;

    field->has_escapes = false;
    for (;;) {
        const char *quote = memchr(cursor->at, '"', (size_t)(cursor->end - cursor->at));

        if (quote == NULL && cursor->at_end) {
            defect(problem, DEFECT_UNTERMINATED_QUOTE, NULL, "a quoted field is never closed");
            return CSV_DEFECT;
        }
        if (quote == NULL || (quote + 1 == cursor->end && !cursor->at_end))
            return CSV_MORE;
        cursor->at = quote + 1;
        if (cursor->at < cursor->end && *cursor->at == '"') {
            field->has_escapes = true;
            cursor->at++;
            continue;
        }
        field->text = (Slice){start, (size_t)(quote - start)};
        cursor->lines += count_lines(start, quote);
        if (cursor->at < cursor->end &&
            (!cursor->is_special[(unsigned char)*cursor->at] || *cursor->at == '"')) {
            defect(problem, DEFECT_TEXT_AFTER_QUOTE, NULL, "text follows the quote that closes a field");
            return CSV_DEFECT;
        }
        return CSV_RECORD;
    }
}

static CsvStatus frame_unquoted(Cursor *cursor, CsvField *field, Defect *problem)
{
    const char *start = cursor->at;
    const bool *is_special = cursor->is_special;

    while (cursor->at < cursor->end && !is_special[(unsigned char)*cursor->at])
        cursor->at++;
    if (cursor->at == cursor->end && !cursor->at_end)
        return CSV_MORE;
    if (cursor->at < cursor->end && *cursor->at == '"') {
        defect(problem, DEFECT_BARE_QUOTE, NULL, "a quote stands inside an unquoted field");
        return CSV_DEFECT;
    }
    *field = (CsvField){{start, (size_t)(cursor->at - start)}, false};
    return CSV_RECORD;
}

/* Frames the fields up to the end of the record. */
static CsvStatus frame_fields(Cursor *cursor, CsvRecord *record, Defect *problem)
{
    CsvField beyond;

    for (record->field_count = 1;; record->field_count++) {
        CsvField *field =
            record->field_count <= CSV_MAX_FIELDS ? &record->fields[record->field_count - 1] : &beyond;
        bool quoted = cursor->at < cursor->end && *cursor->at == '"';
        CsvStatus status =
            quoted ? frame_quoted(cursor, field, problem) : frame_unquoted(cursor, field, problem);

        if (status != CSV_RECORD)
            return status;
        if (cursor->at == cursor->end)
            return cursor->at_end ? CSV_RECORD : CSV_MORE;
        if (*cursor->at != cursor->separator)
            return step_line_end(cursor) ? CSV_RECORD : CSV_MORE;
        cursor->at++;
    }
}

CsvStatus csv_frame(Slice input, bool at_end, char separator, CsvRecord *record, Defect *problem)
{
    Cursor cursor = {
        .at = input.bytes,
        .end = input.bytes + input.length,
        .at_end = at_end,
        .separator = separator,
        .is_special = separator == ';'    ? with_semicolon
                      : separator == '\t' ? with_tab
                                          : with_comma,
    };
    CsvStatus status;

    if (*cursor.at == '\n' || *cursor.at == '\r')
        status = step_line_end(&cursor) ? CSV_BLANK : CSV_MORE;
    else
        status = frame_fields(&cursor, record, problem);

    record->length = (size_t)(cursor.at - input.bytes);
    record->lines = cursor.lines;
    if (status == CSV_DEFECT) {
        record->length = csv_line_length(input, at_end);
        record->lines = 1;
    }
    return status;
}

Slice csv_value(const CsvField *field, char *scratch)
{
    Slice value = {scratch, 0};

    if (!field->has_escapes)
        return field->text;
    for (size_t i = 0; i < field->text.length; i++) {
        scratch[value.length++] = field->text.bytes[i];
        if (field->text.bytes[i] == '"')
            i++; /* the second quote of a pair */
    }
    return value;
}
