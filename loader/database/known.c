/*
 * known.c: the fingerprints of the facts, read beside the records. See known.h.
 */
#include "database/known.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>

#include "database/sql.h"
#include "terminal/signals.h"

/* The server may have to sort before it sends anything. A server that takes longer than a minute is not worth
 * waiting for. */
#define STEP_MS 100
#define STEPS   600

#define HEADER_SIZE 19 /* signature, flags, and the length of an extension, which is 0 */

/* Waits for the server to send something, in steps: a signal may come, and bytes that TLS has decrypted
 * already do not wake poll(). */
static bool wait_for_server(PGconn *connection)
{
    struct pollfd input = {.fd = PQsocket(connection), .events = POLLIN};
    int ready = 0;

    for (int i = 0; i < STEPS && ready == 0 && !interrupted(); i++) {
        ready = poll(&input, 1, STEP_MS);
        if (!PQconsumeInput(connection))
            return false;
    }
    return ready > 0;
}

/* PQexec() would keep waiting when a signal comes. */
static PGresult *run(PGconn *connection, const char *sql)
{
    if (!PQsendQuery(connection, sql))
        return NULL;
    while (PQisBusy(connection))
        if (!wait_for_server(connection))
            return NULL;
    return PQgetResult(connection);
}

static bool run_to(PGconn *connection, const char *sql, ExecStatusType wanted)
{
    PGresult *result = run(connection, sql);
    bool ok = PQresultStatus(result) == wanted;

    PQclear(result);
    while (wanted != PGRES_COPY_OUT && ok && (result = PQgetResult(connection)) != NULL)
        PQclear(result);
    return ok;
}

static bool begin_stream(PGconn *connection, Slice after)
{
    char *text = format_text("%.*s", SLICE_ARGS(after));
    const char *values[] = {text};
    PGresult *result = NULL;
    bool ok = run_to(connection, "BEGIN READ ONLY", PGRES_COMMAND_OK);

    if (ok)
        result = PQexecParams(connection, sql_begin_known, 1, NULL, values, NULL, NULL, 0);
    ok = PQresultStatus(result) == PGRES_TUPLES_OK;
    PQclear(result);
    free(text);
    return ok && run_to(connection, sql_copy_known, PGRES_COPY_OUT);
}

/* Takes the next bytes of a row. False: the row has fewer. */
static bool take(Slice *rest, void *value, size_t length)
{
    if (rest->length < length)
        return false;
    memcpy(value, rest->bytes, length);
    *rest = (Slice){rest->bytes + length, rest->length - length};
    return true;
}

static bool take_int32(Slice *rest, int32_t *value)
{
    uint32_t big_endian;
    bool taken = take(rest, &big_endian, sizeof(big_endian));

    *value = taken ? (int32_t)ntohl(big_endian) : 0;
    return taken;
}

static bool take_fingerprint(Known *known, Slice *rest)
{
    int32_t length, high, low;

    if (!take_int32(rest, &length))
        return false;
    known->has_fingerprint = length == 8;
    if (!known->has_fingerprint)
        return length == -1;
    if (!take_int32(rest, &high) || !take_int32(rest, &low))
        return false;
    known->fingerprint = (int64_t)((uint64_t)(uint32_t)high << 32 | (uint32_t)low);
    return true;
}

/* The header comes before the first row. The trailer, a row of -1 columns, ends the stream. */
static bool read_row(Known *known, Slice rest)
{
    uint16_t columns;
    int32_t length;

    if (rest.length >= HEADER_SIZE && memcmp(rest.bytes, "PGCOPY\n\377\r\n", 11) == 0)
        rest = (Slice){rest.bytes + HEADER_SIZE, rest.length - HEADER_SIZE};
    if (!take(&rest, &columns, sizeof(columns)) || ntohs(columns) != 2 || !take_int32(&rest, &length) ||
        length < 0 || (size_t)length > rest.length)
        return false;
    known->id = (Slice){rest.bytes, (size_t)length};
    rest = (Slice){rest.bytes + length, rest.length - (size_t)length};
    return take_fingerprint(known, &rest);
}

/* Reads the next row. At the end, and after any error, closes the stream: nothing more is known. */
static void next_row(Known *known)
{
    int length;

    PQfreemem(known->row);
    known->row = NULL;
    while ((length = PQgetCopyData(known->connection, &known->row, true)) == 0)
        if (!wait_for_server(known->connection))
            break;
    if (length <= 0 || !read_row(known, (Slice){known->row, (size_t)length}))
        known_close(known);
}

void known_open(Known *known, const ConnectionOptions *options, PGconn *first, Slice after)
{
    *known = (Known){.connection = connection_open_second(options, first)};
    if (known->connection == NULL)
        return;
    if (begin_stream(known->connection, after))
        next_row(known);
    else
        known_close(known);
}

/* Asks a server that is still sending, or sorting, to stop. */
void known_close(Known *known)
{
    PGcancel *cancel;
    char error[256];

    if (known->connection == NULL)
        return;
    cancel = PQtransactionStatus(known->connection) == PQTRANS_ACTIVE ? PQgetCancel(known->connection) : NULL;
    if (cancel != NULL)
        PQcancel(cancel, error, sizeof(error));
    PQfreeCancel(cancel);
    PQfreemem(known->row);
    PQfinish(known->connection);
    *known = (Known){0};
}

/* Compares as COLLATE "C" does. */
static int compare(Slice a, Slice b)
{
    int order = memcmp(a.bytes, b.bytes, a.length < b.length ? a.length : b.length);

    return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}

bool known_find(Known *known, Slice id, int64_t fingerprint, bool *passed)
{
    int order = -1;
    bool alike;

    *passed = false;
    while (known->connection != NULL && (order = compare(known->id, id)) < 0) {
        *passed = true;
        next_row(known);
    }
    if (known->connection == NULL || order != 0)
        return false;
    alike = known->has_fingerprint && known->fingerprint == fingerprint;
    next_row(known);
    return alike;
}
