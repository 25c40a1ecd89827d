/*
 * reject.c: every record that cannot be loaded. See reject.h.
 */
#include "database/reject.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "terminal/message.h"

#define RAW_LIMIT 8192
#define SHOWN     5 /* rejects that are shown one by one on standard error */

static bool waiting_failed(void)
{
    return failure(EXIT_USAGE, "could not keep rejected records in a temporary file: %s", strerror(errno));
}

static bool csv_failed(const RejectLog *log)
{
    return failure(EXIT_USAGE, "could not write \"%s\": %s", log->csv_name, strerror(errno));
}

bool reject_open(RejectLog *log, const char *csv_name, bool append)
{
    *log = (RejectLog){.csv_name = csv_name, .known = log->known};
    log->waiting = tmpfile();
    if (log->waiting == NULL)
        return waiting_failed();
    copy_header(&log->row);
    if (csv_name == NULL)
        return true;
    log->csv = fopen(csv_name, append ? "ae" : "we");
    if (log->csv == NULL ||
        (!append && fputs("file,line,byte_offset,column,reason,detail,raw\n", log->csv) < 0))
        return csv_failed(log);
    return true;
}

static void write_quoted(FILE *csv, Slice text)
{
    putc('"', csv);
    for (size_t i = 0; i < text.length; i++) {
        if (text.bytes[i] == '"')
            putc('"', csv);
        putc(text.bytes[i], csv);
    }
    putc('"', csv);
}

/* Most names of columns need no quotes. */
static void write_field(FILE *csv, const char *text)
{
    if (strpbrk(text, "\",\r\n") != NULL)
        write_quoted(csv, (Slice){text, strlen(text)});
    else
        fputs(text, csv);
}

static bool write_csv(RejectLog *log, const char *file, const Frame *frame, const Defect *problem, Slice raw)
{
    write_quoted(log->csv, (Slice){file, strlen(file)});
    fprintf(log->csv, ",%" PRId64 ",%" PRId64 ",", frame->line, frame->byte_offset);
    write_field(log->csv, problem->column != NULL ? problem->column : "");
    fprintf(log->csv, ",%s,", defect_code(problem->reason));
    write_quoted(log->csv, (Slice){problem->detail, strlen(problem->detail)});
    putc(',', log->csv);
    write_quoted(log->csv, raw);
    putc('\n', log->csv);
    return !ferror(log->csv) || csv_failed(log);
}

bool reject_add(RejectLog *log, const char *file, const Frame *frame, const Defect *problem)
{
    Slice raw = {frame->raw.bytes, frame->raw.length < RAW_LIMIT ? frame->raw.length : RAW_LIMIT};
    bool is_known = log->count < log->known;
    CopyBuffer *row = &log->row;

    if (log->count++ < SHOWN && !is_known)
        warning("%s:%" PRId64 ": %s%s%s [%s]", file, frame->line,
                problem->column != NULL ? problem->column : "", problem->column != NULL ? ": " : "",
                problem->detail, defect_code(problem->reason));

    copy_row(row, 8);
    copy_bigint(row, log->load_id);
    copy_word(row, file);
    copy_bigint(row, frame->line);
    copy_bigint(row, frame->byte_offset);
    copy_word(row, problem->column);
    copy_word(row, defect_code(problem->reason));
    copy_word(row, problem->detail);
    copy_text(row, raw);
    if (fwrite(row->bytes, 1, row->length, log->waiting) != row->length)
        return waiting_failed();
    copy_clear(row);
    return log->csv == NULL || is_known || write_csv(log, file, frame, problem, raw);
}

static bool send_waiting(RejectLog *log, PGconn *connection)
{
    char bytes[64 * 1024];
    size_t n;

    copy_trailer(&log->row);
    if (fwrite(log->row.bytes, 1, log->row.length, log->waiting) != log->row.length ||
        fflush(log->waiting) != 0)
        return waiting_failed();
    rewind(log->waiting);
    while ((n = fread(bytes, 1, sizeof(bytes), log->waiting)) > 0)
        if (!copy_in_send(connection, bytes, n))
            return false;
    return !ferror(log->waiting) || waiting_failed();
}

/* Whether the load will be committed is not known yet. */
static void report_others(const RejectLog *log)
{
    warning("%" PRId64 " more records were rejected", log->count - SHOWN);
    if (log->csv_name != NULL)
        hint("All of them are in \"%s\".", log->csv_name);
    else
        hint("After the load, this lists all of them: SELECT line, reason, detail FROM ttr_data.reject WHERE "
             "load_id = %" PRId64 "; with --rejects=FILE, FILE has them.",
             log->load_id);
}

bool reject_store(RejectLog *log, PGconn *connection)
{
    bool sent;

    if (log->csv != NULL && fflush(log->csv) != 0)
        return csv_failed(log);
    if (log->count == 0)
        return true;
    if (log->count > SHOWN)
        report_others(log);
    if (!copy_in_begin(
            connection,
            "COPY ttr_data.reject (load_id, file, line, byte_offset, column_name, reason, detail, raw) "
            "FROM STDIN (FORMAT binary)"))
        return false;
    sent = send_waiting(log, connection);
    return copy_in_end(connection, sent ? NULL : "the loader could not send the rejects") && sent;
}

bool reject_close(RejectLog *log)
{
    bool ok = true;

    if (log->waiting != NULL)
        fclose(log->waiting);
    if (log->csv != NULL && fclose(log->csv) != 0)
        ok = csv_failed(log);
    copy_free(&log->row);
    *log = (RejectLog){0};
    return ok;
}
