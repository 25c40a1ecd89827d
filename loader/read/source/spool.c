/*
 * spool.c: the text that was read of an endless stream since a mark. See spool.h.
 */
#include "read/source/spool.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "terminal/message.h"

/* What is done may take as much of the file before the rest moves to its front. */
#define MOST_DONE ((int64_t)4 * 1024 * 1024)

static bool spool_failed(void)
{
    return failure(EXIT_USAGE, "could not keep the stream in a temporary file: %s", strerror(errno));
}

static bool write_at(const Spool *spool, const char *bytes, size_t length, int64_t place)
{
    while (length > 0) {
        ssize_t written = pwrite(fileno(spool->file), bytes, length, place);

        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return spool_failed();
        bytes += written;
        length -= (size_t)written;
        place += written;
    }
    return true;
}

/* Reads between 1 and capacity bytes of those that are there. */
static bool read_at(const Spool *spool, char *buffer, size_t capacity, int64_t place, size_t *length)
{
    ssize_t got;

    if (spool->length - place < (int64_t)capacity)
        capacity = (size_t)(spool->length - place);
    do
        got = pread(fileno(spool->file), buffer, capacity, place);
    while (got < 0 && errno == EINTR);
    *length = got > 0 ? (size_t)got : 0;
    if (got == 0)
        errno = EIO;
    return got > 0 || spool_failed();
}

bool spool_begin(Spool *spool, Slice sight)
{
    *spool = (Spool){.file = tmpfile()};
    if (spool->file == NULL)
        return spool_failed();
    spool->position = spool->length = (int64_t)sight.length;
    return write_at(spool, sight.bytes, sight.length, 0);
}

/* Moves what is behind the mark to the front. */
static bool compact(Spool *spool)
{
    char piece[16 * 1024];
    int64_t done = spool->mark;
    size_t length;

    for (int64_t place = done; place < spool->length; place += (int64_t)length)
        if (!read_at(spool, piece, sizeof(piece), place, &length) ||
            !write_at(spool, piece, length, place - done))
            return false;
    spool->mark = 0;
    spool->position -= done;
    spool->length -= done;
    return ftruncate(fileno(spool->file), spool->length) == 0 || spool_failed();
}

bool spool_mark(Spool *spool, Slice sight)
{
    spool->mark = spool->position - (int64_t)sight.length;
    return spool->mark < MOST_DONE || compact(spool);
}

bool spool_read(Spool *spool, Source *source, char *buffer, size_t capacity, size_t *length)
{
    if (spool->position < spool->length) {
        if (!read_at(spool, buffer, capacity, spool->position, length))
            return false;
    } else if (!source_read(source, buffer, capacity, length) ||
               !write_at(spool, buffer, *length, spool->length)) {
        return false;
    } else {
        spool->length += (int64_t)*length;
    }
    spool->position += (int64_t)*length;
    return true;
}

void spool_rewind(Spool *spool)
{
    spool->position = spool->mark;
}

void spool_end(Spool *spool)
{
    if (spool->file != NULL)
        fclose(spool->file);
    *spool = (Spool){0};
}
