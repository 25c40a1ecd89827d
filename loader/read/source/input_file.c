/*
 * input_file.c: the bytes of a file, a pipe or standard input. See input_file.h.
 *
 * The environment variable TTR_READ_SIZE limits every read. With it the tests show that nothing depends on
 * how the bytes arrive.
 */
#include "read/source/input_file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "read/text/slice.h"
#include "terminal/message.h"
#include "terminal/signals.h"

static size_t wanted_read_size(void)
{
    const char *wanted = getenv("TTR_READ_SIZE");
    long size = wanted != NULL ? atol(wanted) : 0;

    return size > 0 ? (size_t)size : SIZE_MAX;
}

bool input_file_open(InputFile *file, const char *name)
{
    struct stat status;
    size_t position;

    *file = (InputFile){.name = name, .descriptor = -1, .read_size = wanted_read_size()};
    if (!slice_is_utf8((Slice){name, strlen(name)}, &position))
        return failure(EXIT_USAGE, "the file name \"%s\" is not UTF-8, and could not be kept in the ledger",
                       name);
    if (strcmp(name, "-") == 0)
        file->descriptor = STDIN_FILENO;
    else
        file->descriptor = open(name, O_RDONLY | O_CLOEXEC);
    /* A pipe is opened when somebody writes into it. */
    if (file->descriptor < 0 && stop_requested())
        return false;
    if (file->descriptor < 0 || fstat(file->descriptor, &status) != 0)
        return failure(EXIT_USAGE, "could not open \"%s\": %s", name, strerror(errno));

    if (S_ISDIR(status.st_mode)) {
        failure(EXIT_USAGE, "\"%s\" is a directory", name);
        hint("Name the files in it, for example: ttr-load %s/*.csv", name);
        return false;
    }
    if (S_ISREG(status.st_mode))
        posix_fadvise(file->descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
    return true;
}

void input_file_close(InputFile *file)
{
    if (file->descriptor > STDIN_FILENO)
        close(file->descriptor);
    file->descriptor = -1;
}

double clock_seconds(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* A record that has begun when a signal asks to stop is waited for as long. */
#define LONGEST_REST 0.5

static bool may_wait(InputFile *file, double now)
{
    if (!stop_requested())
        return file->deadline == 0 || now < file->deadline;
    if (file->stopped == 0)
        file->stopped = now;
    return file->within && now < file->stopped + LONGEST_REST && !interrupted();
}

/* False: the deadline passed, or a signal asked to stop. */
static bool wait_for_input(InputFile *file)
{
    double now, left;

    file->idle = false;
    while (may_wait(file, now = clock_seconds())) {
        struct pollfd input = {.fd = file->descriptor, .events = POLLIN};

        /* Wait in short steps: a signal may come just before poll(). */
        left = (file->deadline > 0 && !stop_requested() ? file->deadline : now + 0.1) - now;
        if (poll(&input, 1, left < 0.1 ? (int)(left * 1000) + 1 : 100) > 0)
            return true;
    }
    file->idle = true;
    return false;
}

/*
 * Whoever ends the writer of the stream ends the loader, too, though perhaps a moment later. So a record that
 * lacks its end then is left, and is no bad one. False: no signal came.
 */
static bool ends_by_signal(InputFile *file)
{
    double begun = clock_seconds();

    while (!stop_requested() && clock_seconds() < begun + LONGEST_REST)
        poll(NULL, 0, 50);
    file->idle = stop_requested();
    return file->idle;
}

bool input_file_read(void *bytes, char *buffer, size_t capacity, size_t *length)
{
    InputFile *file = bytes;
    ssize_t n;

    if (interrupted() || (file->followed && !wait_for_input(file)))
        return false;
    if (capacity > file->read_size)
        capacity = file->read_size;
    do
        n = read(file->descriptor, buffer, capacity);
    while (n < 0 && errno == EINTR && !interrupted());

    if (n < 0) {
        if (interrupted())
            return false;
        return failure(EXIT_USAGE, "could not read \"%s\": %s", file->name, strerror(errno));
    }
    if (n == 0 && file->followed && file->within && ends_by_signal(file))
        return false;
    *length = (size_t)n;
    file->bytes_read += n;
    return true;
}
