/*
 * source.c: where bytes come from. See source.h.
 *
 * The environment variable TTR_READ_SIZE makes every read as small as it says: the tests show by it that
 * nothing depends on how the bytes arrive.
 */
#include "read/source/source.h"

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
    if (source->input == NULL)
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
    if (source->decompressor == NULL)
        return false;
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

/* What the file holds, once it is decompressed. */
static bool read_content(void *bytes, char *buffer, size_t capacity, size_t *length)
{
    Source *source = bytes;
    size_t ahead = source->head_end - source->head_begin;

    if (ahead > 0) {
        *length = ahead < capacity ? ahead : capacity;
        memcpy(buffer, source->head + source->head_begin, *length);
        source->head_begin += *length;
        return true;
    }
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

/* An endless stream is no archive, and its first bytes are not waited for. */
static bool tell_content(Source *source)
{
    char *head;
    size_t n = 1, length = 0;

    if (source->head != NULL)
        return true;
    if (!tell_compression(source))
        return false;
    head = allocate(ARCHIVE_BLOCK);
    while (!source->followed && n > 0 && length < ARCHIVE_BLOCK) {
        if (!read_content(source, head + length, ARCHIVE_BLOCK - length, &n)) {
            free(head);
            return false;
        }
        length += n;
    }
    source->head = head;
    source->head_end = length;
    if (archive_recognises((Slice){head, length}))
        source->archive = archive_new(read_content, source);
    return true;
}

bool source_is_archive(Source *source, bool *is_archive)
{
    bool ok = tell_content(source);

    *is_archive = source->archive != NULL;
    return ok;
}

/* False, and what is wrong with the archive is reported, if that is the reason. */
static bool check_archive(const Source *source, bool ok)
{
    return ok || (source->archive->problem != NULL && report_damage(source, source->archive->problem));
}

/* Each text has an encoding of its own. */
static void end_text(Source *source)
{
    transcoder_free(source->transcoder);
    source->transcoder = NULL;
    source->text_begun = false;
    source->mark_begin = source->mark_end = 0;
}

bool source_next(Source *source, bool *found)
{
    end_text(source);
    return check_archive(source, archive_next(source->archive, found));
}

/* As it stands in its file, not decoded. */
static bool read_encoded(void *bytes, char *buffer, size_t capacity, size_t *length)
{
    Source *source = bytes;
    size_t ahead = source->mark_end - source->mark_begin;

    if (ahead > 0) {
        *length = ahead < capacity ? ahead : capacity;
        memcpy(buffer, source->mark + source->mark_begin, *length);
        source->mark_begin += *length;
        return true;
    }
    if (source->archive != NULL)
        return check_archive(source, archive_read(source->archive, buffer, capacity, length));
    return read_content(source, buffer, capacity, length);
}

/* A byte order mark is sure, and counts for more than the encoding that is asked for. The first bytes of an
 * endless stream are not waited for. */
static bool begin_text(Source *source)
{
    const char *encoding;
    size_t n = 1, length = 0;
    bool is_utf8;

    while (!source->followed && n > 0 && length < BYTE_ORDER_MARK) {
        if (!read_encoded(source, source->mark + length, BYTE_ORDER_MARK - length, &n))
            return false;
        length += n;
    }
    source->mark_end = length;
    source->text_begun = true;
    encoding = encoding_of_mark((Slice){source->mark, length}, &is_utf8);
    if (encoding == NULL && !is_utf8)
        encoding = source->encoding;
    if (encoding != NULL)
        source->transcoder = transcoder_new(encoding, read_encoded, source);
    return true;
}

static bool report_undecodable(const Source *source)
{
    const char *encoding = transcoder_encoding(source->transcoder);

    if (transcoder_problem(source->transcoder) == NULL)
        return false;
    failure(EXIT_USAGE, "\"%s\" cannot be read as %s: %s", source->name, encoding,
            transcoder_problem(source->transcoder));
    if (encoding == source->encoding)
        hint("Name the encoding that it is in, for example: --encoding=windows-1250 (iconv -l lists all).");
    else
        hint("Its byte order mark says that it is %s: export it again, or save it in UTF-8.", encoding);
    return false;
}

bool source_read(Source *source, char *buffer, size_t capacity, size_t *length)
{
    if (!tell_content(source) || (!source->text_begun && !begin_text(source)))
        return false;
    if (source->transcoder == NULL)
        return read_encoded(source, buffer, capacity, length);
    return transcoder_read(source->transcoder, buffer, capacity, length) || report_undecodable(source);
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
    free(source->head);
    source->head = NULL;
    archive_free(source->archive);
    source->archive = NULL;
    end_text(source);
}
