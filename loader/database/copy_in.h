/*
 * copy_in.h: COPY ... FROM STDIN. Between begin and end the connection can do nothing else.
 */
#ifndef TTR_LOADER_DATABASE_COPY_IN_H
#define TTR_LOADER_DATABASE_COPY_IN_H

#include "copy/buffer.h"
#include "database/connection.h"

bool copy_in_begin(PGconn *connection, const char *sql);
bool copy_in_send(PGconn *connection, const char *bytes, size_t length);

/* reason: NULL, or why the COPY is given up; then the result is false. */
bool copy_in_end(PGconn *connection, const char *reason);

/* Rows of binary COPY that gather in a buffer and go to the server 64 kB at a time, whatever the size of a
 * row. */
typedef struct RowStream {
    PGconn *connection;
    CopyBuffer rows; /* not sent yet */
    bool is_open;
    bool failed; /* sending failed, which is reported */
} RowStream;

bool row_stream_begin(RowStream *stream, const char *sql);

/* Sends the rows once they fill a message. False: sending failed, now or before. */
bool row_stream_send(RowStream *stream);

/* Adds bytes to the row that was added last, and sends them as they fill messages. */
void row_stream_add(RowStream *stream, const char *bytes, size_t length);

/* copy_in_end(), where a COPY is open. */
bool row_stream_end(RowStream *stream, const char *reason);

#endif
