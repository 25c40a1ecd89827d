/*
 * copy_in.c: COPY ... FROM STDIN. See copy_in.h.
 */
#include "database/copy_in.h"

#define MESSAGE_SIZE ((size_t)64 * 1024)

bool copy_in_begin(PGconn *connection, const char *sql)
{
    PGresult *result = start_copy(connection, sql);
    bool ok =
        PQresultStatus(result) == PGRES_COPY_IN || report_server_error(connection, result, EXIT_ROLLED_BACK);

    PQclear(result);
    return ok;
}

bool copy_in_send(PGconn *connection, const char *bytes, size_t length)
{
    return PQputCopyData(connection, bytes, (int)length) == 1 ||
           report_server_error(connection, NULL, EXIT_ROLLED_BACK);
}

/* Ends the COPY whatever happened before, so that the connection can be used for a ROLLBACK. A failure is
 * reported when all results have come: a server that goes away sends its reason before it closes the
 * connection. */
bool copy_in_end(PGconn *connection, const char *reason)
{
    bool sent = PQputCopyEnd(connection, reason) == 1;
    PGresult *result = last_result(connection);
    bool ok = sent && PQresultStatus(result) == PGRES_COMMAND_OK;

    if (!ok && reason == NULL)
        report_server_error(connection, result, EXIT_ROLLED_BACK);
    PQclear(result);
    return ok && reason == NULL;
}

bool row_stream_begin(RowStream *stream, const char *sql)
{
    stream->is_open = copy_in_begin(stream->connection, sql);
    copy_header(&stream->rows);
    return stream->is_open;
}

/* In pieces, because libpq and the server each hold one whole message in memory. */
static bool send_rows(RowStream *stream)
{
    for (size_t done = 0; done < stream->rows.length && !stream->failed; done += MESSAGE_SIZE) {
        size_t rest = stream->rows.length - done;

        stream->failed = !copy_in_send(stream->connection, stream->rows.bytes + done,
                                       rest < MESSAGE_SIZE ? rest : MESSAGE_SIZE);
    }
    copy_clear(&stream->rows);
    return !stream->failed;
}

bool row_stream_send(RowStream *stream)
{
    return stream->rows.length < MESSAGE_SIZE ? !stream->failed : send_rows(stream);
}

void row_stream_add(RowStream *stream, const char *bytes, size_t length)
{
    while (length > 0) {
        size_t piece = length < MESSAGE_SIZE ? length : MESSAGE_SIZE;

        copy_bytes(&stream->rows, bytes, piece);
        bytes += piece;
        length -= piece;
        row_stream_send(stream);
    }
}

bool row_stream_end(RowStream *stream, const char *reason)
{
    bool ok = true;

    if (!stream->is_open)
        return reason == NULL;
    stream->is_open = false;
    if (reason == NULL) {
        copy_trailer(&stream->rows);
        ok = send_rows(stream);
    }
    return copy_in_end(stream->connection, ok ? reason : "the loader could not send the records") && ok;
}
