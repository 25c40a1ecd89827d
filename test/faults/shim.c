/*
 * shim.c: lets one call of a program fail, to show what the program makes of it.
 *
 *     TTR_FAULT=memory:17 LD_PRELOAD=build/faults.so ttr-load ...     the 17th call of that kind fails
 *     TTR_FAULT=memory:0 TTR_FAULT_COUNT=FILE ...                     none fails, and FILE has their number
 *
 *     memory   malloc, calloc, realloc, also within libraries
 *     file     files, pipes and streams: open, read, write, flush, close, rename
 *     socket   what libpq does with its sockets
 *     libpq    calls of libpq that may fail: not done
 *     answer   statements that the server runs, and whose answer is lost
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libpq-fe.h>

typedef enum Kind {
    NONE,
    MEMORY,
    FILES,
    SOCKETS,
    LIBPQ,
    ANSWERS,
} Kind;

static const char *const names[] = {"none", "memory", "file", "socket", "libpq", "answer"};

static Kind wanted = NONE;
static long nth, calls;

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);

__attribute__((constructor)) static void begin(void)
{
    const char *fault = getenv("TTR_FAULT");
    size_t length = fault != NULL ? strcspn(fault, ":") : 0;

    if (length == 0)
        return;
    nth = atol(fault + length + 1);
    for (Kind kind = MEMORY; kind <= ANSWERS; kind++)
        if (strncmp(fault, names[kind], length) == 0 && names[kind][length] == '\0')
            wanted = kind;
}

__attribute__((destructor)) static void end(void)
{
    const char *name = getenv("TTR_FAULT_COUNT");
    char text[32];
    int file;

    wanted = NONE;
    if (name == NULL || (file = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0666)) < 0)
        return;
    if (write(file, text, (size_t)snprintf(text, sizeof(text), "%ld\n", calls)) < 0)
        abort();
    close(file);
}

static bool fails(Kind kind)
{
    return kind == wanted && ++calls == nth;
}

void *malloc(size_t size)
{
    if (!fails(MEMORY))
        return __libc_malloc(size);
    errno = ENOMEM;
    return NULL;
}

void *calloc(size_t count, size_t size)
{
    if (!fails(MEMORY))
        return __libc_calloc(count, size);
    errno = ENOMEM;
    return NULL;
}

void *realloc(void *memory, size_t size)
{
    if (!fails(MEMORY))
        return __libc_realloc(memory, size);
    errno = ENOMEM;
    return NULL;
}

/* The function that the program would call without this library. */
static void *real(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

/* A function that fails by returning a value, with an error. */
#define FAILING(kind, type, name, failed, error, parameters, arguments)                                      \
    type name parameters                                                                                     \
    {                                                                                                        \
        static type(*call) parameters;                                                                       \
                                                                                                             \
        if (call == NULL)                                                                                    \
            call = real(#name);                                                                              \
        if (!fails(kind))                                                                                    \
            return call arguments;                                                                           \
        errno = error;                                                                                       \
        return failed;                                                                                       \
    }

FAILING(FILES, ssize_t, read, -1, EIO, (int file, void *bytes, size_t size), (file, bytes, size))
FAILING(FILES, ssize_t, pread, -1, EIO, (int file, void *bytes, size_t size, off_t place),
        (file, bytes, size, place))
FAILING(FILES, ssize_t, pwrite, -1, ENOSPC, (int file, const void *bytes, size_t size, off_t place),
        (file, bytes, size, place))
FAILING(FILES, int, ftruncate, -1, EIO, (int file, off_t size), (file, size))
FAILING(FILES, int, fstat, -1, EIO, (int file, struct stat *status), (file, status))
FAILING(FILES, int, mkstemp, -1, EROFS, (char *name), (name))
FAILING(FILES, int, rename, -1, ENOSPC, (const char *from, const char *to), (from, to))
FAILING(FILES, char *, realpath, NULL, EACCES, (const char *name, char *path), (name, path))
FAILING(FILES, FILE *, fopen, NULL, EMFILE, (const char *name, const char *mode), (name, mode))
FAILING(FILES, FILE *, fdopen, NULL, EMFILE, (int file, const char *mode), (file, mode))
FAILING(FILES, FILE *, tmpfile, NULL, EMFILE, (void), ())
/* The same of a stream, which remembers that it failed. */
#define _IO_ERR_SEEN 0x0020
static void mark(FILE *file)
{
    if (file != NULL)
        file->_flags |= _IO_ERR_SEEN;
}

#define FAILING_STREAM(type, name, failed, error, parameters, arguments)                                     \
    type name parameters                                                                                     \
    {                                                                                                        \
        static type(*call) parameters;                                                                       \
                                                                                                             \
        if (call == NULL)                                                                                    \
            call = real(#name);                                                                              \
        if (!fails(FILES))                                                                                   \
            return call arguments;                                                                           \
        mark(file);                                                                                          \
        errno = error;                                                                                       \
        return failed;                                                                                       \
    }

FAILING_STREAM(size_t, fread, 0, EIO, (void *bytes, size_t size, size_t count, FILE *file),
               (bytes, size, count, file))
FAILING_STREAM(size_t, fwrite, 0, ENOSPC, (const void *bytes, size_t size, size_t count, FILE *file),
               (bytes, size, count, file))
FAILING_STREAM(int, fputs, EOF, ENOSPC, (const char *text, FILE *file), (text, file))
FAILING_STREAM(int, fflush, EOF, ENOSPC, (FILE *file), (file))

int open(const char *name, int flags, ...)
{
    static int (*call)(const char *name, int flags, ...);
    va_list arguments;
    mode_t mode;

    va_start(arguments, flags);
    mode = va_arg(arguments, mode_t);
    va_end(arguments);
    if (call == NULL)
        call = real("open");
    if (!fails(FILES))
        return call(name, flags, mode);
    errno = EMFILE;
    return -1;
}

/* Closes the file, and says that its last bytes were lost. */
int fclose(FILE *file)
{
    static int (*call)(FILE *file);
    int closed;

    if (call == NULL)
        call = real("fclose");
    closed = call(file);
    if (!fails(FILES))
        return closed;
    errno = ENOSPC;
    return EOF;
}

FAILING(SOCKETS, int, socket, -1, EMFILE, (int domain, int type, int protocol), (domain, type, protocol))
FAILING(SOCKETS, int, connect, -1, ECONNREFUSED,
        (int file, __CONST_SOCKADDR_ARG address, socklen_t length), (file, address, length))
/* A connection that is reset is gone in both directions. */
#define FAILING_CONNECTION(name, error, parameters, arguments)                                               \
    ssize_t name parameters                                                                                  \
    {                                                                                                        \
        static ssize_t(*call) parameters;                                                                    \
                                                                                                             \
        if (call == NULL)                                                                                    \
            call = real(#name);                                                                              \
        if (!fails(SOCKETS))                                                                                 \
            return call arguments;                                                                           \
        shutdown(file, SHUT_RDWR);                                                                           \
        errno = error;                                                                                       \
        return -1;                                                                                           \
    }

FAILING_CONNECTION(send, EPIPE, (int file, const void *bytes, size_t size, int flags), (file, bytes, size, flags))
FAILING_CONNECTION(recv, ECONNRESET, (int file, void *bytes, size_t size, int flags), (file, bytes, size, flags))

FAILING(LIBPQ, PGconn *, PQconnectdbParams, NULL, ENOMEM,
        (const char *const *keywords, const char *const *values, int expand), (keywords, values, expand))
FAILING(LIBPQ, int, PQsendQuery, 0, ENOMEM, (PGconn * connection, const char *sql), (connection, sql))
FAILING(LIBPQ, int, PQconsumeInput, 0, EIO, (PGconn * connection), (connection))
FAILING(LIBPQ, int, PQputCopyData, -1, ENOMEM, (PGconn * connection, const char *bytes, int length),
        (connection, bytes, length))
FAILING(LIBPQ, int, PQputCopyEnd, -1, ENOMEM, (PGconn * connection, const char *reason),
        (connection, reason))
FAILING(LIBPQ, int, PQgetCopyData, -2, ENOMEM, (PGconn * connection, char **bytes, int async),
        (connection, bytes, async))
FAILING(LIBPQ, PGcancel *, PQgetCancel, NULL, ENOMEM, (PGconn * connection), (connection))
FAILING(LIBPQ, const char *, PQparameterStatus, NULL, 0, (const PGconn *connection, const char *name),
        (connection, name))
FAILING(LIBPQ, char *, PQescapeLiteral, NULL, ENOMEM,
        (PGconn * connection, const char *text, size_t length), (connection, text, length))

/* A statement is not sent, or it is, and its answer is lost. */
PGresult *PQexec(PGconn *connection, const char *sql)
{
    static PGresult *(*call)(PGconn *, const char *);
    PGresult *result;

    if (call == NULL)
        call = real("PQexec");
    if (fails(LIBPQ))
        return NULL;
    result = call(connection, sql);
    if (!fails(ANSWERS))
        return result;
    PQclear(result);
    return NULL;
}

PGresult *PQexecParams(PGconn *connection, const char *sql, int count, const Oid *types,
                       const char *const *values, const int *lengths, const int *formats, int format)
{
    static PGresult *(*call)(PGconn *, const char *, int, const Oid *, const char *const *, const int *,
                             const int *, int);
    PGresult *result;

    if (call == NULL)
        call = real("PQexecParams");
    if (fails(LIBPQ))
        return NULL;
    result = call(connection, sql, count, types, values, lengths, formats, format);
    if (!fails(ANSWERS))
        return result;
    PQclear(result);
    return NULL;
}

PGresult *PQgetResult(PGconn *connection)
{
    static PGresult *(*call)(PGconn *);
    PGresult *result;

    if (call == NULL)
        call = real("PQgetResult");
    result = call(connection);
    if (result == NULL || !fails(ANSWERS))
        return result;
    PQclear(result);
    return NULL;
}
