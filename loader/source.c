/*
 * source.c: where bytes come from. See source.h.
 *
 * The environment variable TTR_READ_SIZE makes every read as small as it says: the tests show by it that
 * nothing depends on how the bytes arrive.
 */
#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "message.h"
#include "signals.h"
#include "text.h"

#define INPUT_SIZE ((size_t)64 * 1024)

static size_t wanted_read_size(void)
{
    const char *wanted = getenv("TTR_READ_SIZE");
    long size = wanted != NULL ? atol(wanted) : 0;

    return size > 0 ? (size_t)size : SIZE_MAX;
}

bool source_open(Source *source, const char *name)
{
    struct stat status;
    size_t position;

    *source = (Source){.name = name, .descriptor = -1, .read_size = wanted_read_size()};
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

double clock_seconds(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Waits until there is something to read; false: there is not, for now. */
static bool wait_for_input(Source *source)
{
    source->idle = false;
    while (!stop_requested()) {
        struct pollfd input = {.fd = source->descriptor, .events = POLLIN};
        double left = source->deadline - clock_seconds();

        if (source->deadline > 0 && left <= 0)
            break;
        /* Never for long: a signal may come just before it. */
        if (poll(&input, 1, source->deadline > 0 && left < 0.2 ? (int)(left * 1000) + 1 : 200) > 0)
            return true;
    }
    source->idle = true;
    return false;
}

/* From the file itself; *length is 0 at its end. */
static bool read_file(Source *source, char *buffer, size_t capacity, size_t *length)
{
    ssize_t n;

    if (source->followed && !wait_for_input(source))
        return false;
    if (capacity > source->read_size)
        capacity = source->read_size;
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

static bool read_ahead(Source *source)
{
    size_t n;

    if (source->input_begin == source->input_end)
        source->input_begin = source->input_end = 0;
    if (!read_file(source, source->input + source->input_end, INPUT_SIZE - source->input_end, &n))
        return false;
    source->input_end += n;
    source->input_ended = n == 0;
    return true;
}

/* The first bytes tell whether it is compressed. */
static bool tell_compression(Source *source)
{
    source->input = allocate(INPUT_SIZE);
    while (source->input_end < DECOMPRESS_HEAD && !source->input_ended)
        if (!read_ahead(source))
            return false;
    source->decompressor = decompressor_new((Slice){source->input, source->input_end});
    return true;
}

static bool report_damage(const Source *source, const char *problem)
{
    failure(EXIT_USAGE, "\"%s\" is damaged: %s", source->name, problem);
    detail("It is compressed by %s, and was read up to byte %lld.", decompressor_name(source->decompressor),
           (long long)source->bytes_read);
    hint("What is whole of it can be loaded by: %s FILE | ttr-load ... -",
         strcmp(decompressor_name(source->decompressor), "gzip") == 0 ? "zcat" : "zstdcat");
    return false;
}

static bool read_compressed(Source *source, char *buffer, size_t capacity, size_t *length)
{
    const char *problem;

    for (;;) {
        Slice input = {source->input + source->input_begin, source->input_end - source->input_begin};

        if (!decompress(source->decompressor, &input, buffer, capacity, length, &problem))
            return report_damage(source, problem);
        source->input_begin = source->input_end - input.length;
        if (*length > 0)
            return true;
        if (source->input_ended)
            return decompress_end(source->decompressor, &problem) || report_damage(source, problem);
        if (!read_ahead(source))
            return false;
    }
}

bool source_read(Source *source, char *buffer, size_t capacity, size_t *length)
{
    size_t ahead;

    if (source->input == NULL && !tell_compression(source))
        return false;
    if (source->decompressor != NULL)
        return read_compressed(source, buffer, capacity, length);
    ahead = source->input_end - source->input_begin;
    if (ahead == 0)
        return read_file(source, buffer, capacity, length);
    *length = ahead < capacity ? ahead : capacity;
    memcpy(buffer, source->input + source->input_begin, *length);
    source->input_begin += *length;
    return true;
}

void source_close(Source *source)
{
    if (source->descriptor > STDIN_FILENO)
        close(source->descriptor);
    source->descriptor = -1;
    decompressor_free(source->decompressor);
    source->decompressor = NULL;
    free(source->input);
    source->input = NULL;
}
