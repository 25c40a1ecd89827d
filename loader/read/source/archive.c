/*
 * archive.c: the files of a tar archive. See archive.h.
 */
#include "read/source/archive.h"

#include <stdlib.h>
#include <string.h>

#include "read/source/tar_header.h"
#include "terminal/message.h"

/* Most bytes of what overrides a header: far more than a name has. */
#define OVERRIDES_LIMIT ((int64_t)64 * 1024)

static bool damaged(Archive *archive, const char *problem)
{
    archive->problem = problem;
    return false;
}

Archive *archive_new(Peek *from)
{
    Archive *archive = allocate(sizeof(Archive));

    *archive = (Archive){.from = from};
    return archive;
}

void archive_free(Archive *archive)
{
    if (archive == NULL)
        return;
    free(archive->name);
    free(archive);
}

static bool read_bytes(Archive *archive, char *buffer, size_t size)
{
    size_t done = 0, n;

    while (done < size) {
        if (!peek_read(archive->from, buffer + done, size - done, &n))
            return false;
        if (n == 0)
            return damaged(archive,
                           done == 0 ? "the archive has no proper end" : "the archive ends too early");
        done += n;
    }
    return true;
}

/* Passes over the rest of the current content. */
static bool skip_content(Archive *archive)
{
    char passed[4096];

    while (archive->left > 0 || archive->fill > 0) {
        int64_t *rest = archive->left > 0 ? &archive->left : &archive->fill;
        size_t wanted = *rest < (int64_t)sizeof(passed) ? (size_t)*rest : sizeof(passed), n;

        if (!peek_read(archive->from, passed, wanted, &n))
            return false;
        if (n == 0)
            return damaged(archive, "the archive ends too early");
        *rest -= (int64_t)n;
    }
    return true;
}

static bool is_zeros(const char *block, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (block[i] != '\0')
            return false;
    return true;
}

/* Behind the first block of zeros: another one, and nothing but zeros up to the end. */
static bool read_end(Archive *archive)
{
    char block[TAR_BLOCK];
    size_t n, zeros = 0;

    archive->ended = true;
    do {
        if (!peek_read(archive->from, block, sizeof(block), &n))
            return false;
        if (zeros >= TAR_BLOCK && !is_zeros(block, n))
            return damaged(archive, "other bytes follow the end of the archive");
        if (zeros < TAR_BLOCK && (n == 0 || !is_zeros(block, n)))
            return damaged(archive, "the archive has no proper end");
        zeros += n;
    } while (n > 0);
    return true;
}

/* Content of a header that overrides the next one. */
static bool read_overrides(Archive *archive, char kind, TarOverrides *overrides)
{
    size_t size = (size_t)archive->left;
    bool ok;
    char *text;

    if (archive->left > OVERRIDES_LIMIT)
        return damaged(archive, "a header of the archive is longer than any should be");
    text = allocate(size + 1);
    text[size] = '\0';
    archive->left = 0;
    ok = read_bytes(archive, text, size) && skip_content(archive);
    if (ok && kind == TAR_NAME) {
        free(overrides->name);
        overrides->name = format_text("%s", text);
    } else if (ok && !tar_read_records(text, size, overrides)) {
        ok = damaged(archive, "a header of the archive cannot be read");
    }
    free(text);
    return ok;
}

static void begin_file(Archive *archive, const char *block, TarOverrides *overrides)
{
    char *name = overrides->name != NULL ? overrides->name : tar_name(block);

    overrides->name = NULL;
    if (strncmp(name, "./", 2) == 0)
        memmove(name, name + 2, strlen(name) - 1);
    archive->name = name;
}

/* Reads up to the header of a file, or to the end. */
static bool read_headers(Archive *archive, TarOverrides *overrides)
{
    char block[TAR_BLOCK];
    TarHeader header;

    for (;;) {
        if (!read_bytes(archive, block, sizeof(block)))
            return false;
        if (is_zeros(block, sizeof(block)))
            return read_end(archive);
        if (!tar_read_header(block, &header))
            return damaged(archive, "a header of the archive cannot be read");
        if (header.kind == TAR_FILE && overrides->size >= 0)
            header.size = overrides->size;
        archive->left = header.size;
        archive->fill = (TAR_BLOCK - header.size % TAR_BLOCK) % TAR_BLOCK;
        if (header.kind == TAR_FILE) {
            begin_file(archive, block, overrides);
            return true;
        }
        if (header.kind == TAR_NAME || header.kind == TAR_RECORDS
                ? !read_overrides(archive, header.kind, overrides)
                : !skip_content(archive))
            return false;
    }
}

bool archive_next(Archive *archive, bool *found)
{
    TarOverrides overrides = {.size = -1};
    bool ok = skip_content(archive);

    free(archive->name);
    archive->name = NULL;
    ok = ok && (archive->ended || read_headers(archive, &overrides));
    free(overrides.name);
    *found = ok && !archive->ended;
    return ok;
}

bool archive_read(Archive *archive, char *buffer, size_t capacity, size_t *length)
{
    *length = 0;
    if (archive->left == 0)
        return true;
    if (!peek_read(archive->from, buffer,
                   archive->left < (int64_t)capacity ? (size_t)archive->left : capacity, length))
        return false;
    archive->left -= (int64_t)*length;
    return *length > 0 || damaged(archive, "the archive ends too early");
}
