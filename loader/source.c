/*
 * source.c: where bytes come from. See source.h.
 */
#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "message.h"
#include "signals.h"
#include "text.h"

bool source_open(Source *source, const char *name)
{
    struct stat status;
    size_t position;

    *source = (Source){.name = name, .descriptor = -1};
    if (!slice_is_utf8((Slice){name, strlen(name)}, &position))
        return failure(EXIT_USAGE, "the file name \"%s\" is not UTF-8, and could not be kept in the ledger",
                       name);
    if (strcmp(name, "-") == 0)
        source->descriptor = STDIN_FILENO;
    else
        source->descriptor = open(name, O_RDONLY | O_CLOEXEC);
    if (source->descriptor < 0 && interrupted())
        return false;
    if (source->descriptor < 0 || fstat(source->descriptor, &status) != 0)
        return failure(EXIT_USAGE, "could not open \"%s\": %s", name, strerror(errno));

    if (S_ISDIR(status.st_mode)) {
        failure(EXIT_USAGE, "\"%s\" is a directory", name);
        hint("Name the files in it, for example: ttr-load %s/*.csv", name);
        return false;
    }
    if (S_ISREG(status.st_mode))
        posix_fadvise(source->descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
    return true;
}

bool source_read(Source *source, char *buffer, size_t capacity, size_t *length)
{
    ssize_t n;

    do
        n = read(source->descriptor, buffer, capacity);
    while (n < 0 && errno == EINTR && !interrupted());

    if (n < 0) {
        if (interrupted())
            return false;
        return failure(EXIT_USAGE, "could not read \"%s\": %s", source->name, strerror(errno));
    }
    *length = (size_t)n;
    source->bytes_read += n;
    return true;
}

void source_close(Source *source)
{
    if (source->descriptor > STDIN_FILENO)
        close(source->descriptor);
    source->descriptor = -1;
}
