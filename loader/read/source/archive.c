/*
 * archive.c: the files in a tar archive. See archive.h.
 *
 * Three kinds of headers matter: those of files, and the two by which archivers give the next file a name
 * that its own header has no room for. All others are passed over.
 */
#include "read/source/archive.h"

#include <stdlib.h>
#include <string.h>

#include "terminal/message.h"

/* Where in a header its members are. */
#define NAME_AT     0
#define SIZE_AT     124
#define CHECKSUM_AT 148
#define KIND_AT     156
#define MAGIC_AT    257
#define PREFIX_AT   345

#define NAME_SIZE     100
#define SIZE_SIZE     12
#define CHECKSUM_SIZE 8
#define PREFIX_SIZE   155

/* Of the content of a header that tells more about the next file: far more than a name has. */
#define MORE_LIMIT ((size_t)64 * 1024)

/* What headers of the other kinds say about the next file. */
typedef struct More {
    char *name;
    int64_t size; /* -1: nothing */
} More;

static bool damaged(Archive *archive, const char *problem)
{
    archive->problem = problem;
    return false;
}

/* Digits of base 8 between blanks and NULs, or in the way of larger numbers 256; -1: neither. */
static int64_t number_at(const char *header, size_t at, size_t size)
{
    const unsigned char *byte = (const unsigned char *)header + at, *end = byte + size;
    int64_t value = 0;

    if (*byte == 0x80) {
        for (byte++; byte < end; byte++) {
            if (value > INT64_MAX >> 8)
                return -1;
            value = value << 8 | *byte;
        }
        return value;
    }
    while (byte < end && *byte == ' ')
        byte++;
    for (; byte < end && *byte >= '0' && *byte <= '7'; byte++)
        value = value * 8 + (*byte - '0');
    while (byte < end && (*byte == ' ' || *byte == '\0'))
        byte++;
    return byte == end ? value : -1;
}

/* The sum of a header's bytes, those of the sum itself counted as blanks. */
static int64_t sum_of(const char *header)
{
    int64_t sum = 0;

    for (size_t i = 0; i < ARCHIVE_BLOCK; i++)
        sum += i >= CHECKSUM_AT && i < CHECKSUM_AT + CHECKSUM_SIZE ? ' ' : (unsigned char)header[i];
    return sum;
}

bool archive_recognises(Slice head)
{
    return head.length >= ARCHIVE_BLOCK &&
           (memcmp(head.bytes + MAGIC_AT, "ustar", 5) == 0 ||
            number_at(head.bytes, CHECKSUM_AT, CHECKSUM_SIZE) == sum_of(head.bytes));
}

Archive *archive_new(ByteReader *read, void *bytes)
{
    Archive *archive = allocate(sizeof(Archive));

    *archive = (Archive){.read = read, .bytes = bytes};
    return archive;
}

void archive_free(Archive *archive)
{
    if (archive == NULL)
        return;
    free(archive->name);
    free(archive);
}

/* All of that many bytes; *whole is false if there is none of them. */
static bool read_bytes(Archive *archive, char *buffer, size_t size, bool *whole)
{
    size_t done = 0, n;

    *whole = false;
    while (done < size) {
        if (!archive->read(archive->bytes, buffer + done, size - done, &n))
            return false;
        if (n == 0)
            return done == 0 || damaged(archive, "the archive ends too early");
        done += n;
    }
    *whole = true;
    return true;
}

static bool skip_bytes(Archive *archive, int64_t bytes)
{
    char passed[4096];
    size_t n;

    for (; bytes > 0; bytes -= (int64_t)n) {
        size_t wanted = bytes < (int64_t)sizeof(passed) ? (size_t)bytes : sizeof(passed);

        if (!archive->read(archive->bytes, passed, wanted, &n))
            return false;
        if (n == 0)
            return damaged(archive, "the archive ends too early");
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

/* Behind the first block of zeros: another one, and nothing else but zeros up to the end. */
static bool read_end(Archive *archive)
{
    char block[ARCHIVE_BLOCK];
    bool whole;
    size_t n;

    archive->ended = true;
    if (!read_bytes(archive, block, sizeof(block), &whole))
        return false;
    if (!whole || !is_zeros(block, sizeof(block)))
        return damaged(archive, "the archive has no proper end");
    do {
        if (!archive->read(archive->bytes, block, sizeof(block), &n))
            return false;
        if (!is_zeros(block, n))
            return damaged(archive, "other bytes follow the end of the archive");
    } while (n > 0);
    return true;
}

/* The content of a header that tells more; to be freed. */
static char *read_more(Archive *archive, int64_t size)
{
    char *text;
    bool whole;

    if (size < 0 || size > (int64_t)MORE_LIMIT) {
        damaged(archive, "a header of the archive is longer than any should be");
        return NULL;
    }
    text = allocate((size_t)size + 1);
    if (!read_bytes(archive, text, (size_t)size, &whole) || !skip_bytes(archive, archive->fill)) {
        free(text);
        return NULL;
    }
    text[size] = '\0';
    return text;
}

/* Lines "LENGTH name=value", whose length counts all of the line. */
static bool read_lines(Archive *archive, const char *text, size_t size, More *more)
{
    while (size > 0) {
        char *word, *equals;
        size_t length = strtoul(text, &word, 10);

        if (length < 5 || length > size || *word != ' ' || text[length - 1] != '\n' ||
            (equals = memchr(word, '=', length - (size_t)(word - text))) == NULL)
            return damaged(archive, "a header of the archive cannot be read");
        word++;
        if (strncmp(word, "path=", 5) == 0) {
            free(more->name);
            more->name = format_text("%.*s", (int)(text + length - 1 - (equals + 1)), equals + 1);
        } else if (strncmp(word, "size=", 5) == 0) {
            more->size = strtoll(equals + 1, NULL, 10);
        }
        text += length;
        size -= length;
    }
    return true;
}

/* A header that is no file's own. */
static bool read_special(Archive *archive, char kind, int64_t size, More *more)
{
    char *text;
    bool ok = true;

    if (kind != 'x' && kind != 'L')
        return skip_bytes(archive, size) && skip_bytes(archive, archive->fill);
    text = read_more(archive, size);
    if (text == NULL)
        return false;
    if (kind == 'x')
        ok = read_lines(archive, text, (size_t)size, more);
    else {
        free(more->name);
        more->name = format_text("%s", text);
    }
    free(text);
    return ok;
}

static char *name_of(const char *header, More *more)
{
    const char *name = header + NAME_AT, *prefix = header + PREFIX_AT;
    size_t name_length = strnlen(name, NAME_SIZE);
    /* What stands there in other archives than POSIX's is no prefix. */
    size_t prefix_length = header[MAGIC_AT + 5] == '\0' ? strnlen(prefix, PREFIX_SIZE) : 0;
    char *whole = more->name;

    more->name = NULL;
    if (whole == NULL)
        whole = format_text("%.*s%s%.*s", (int)prefix_length, prefix, prefix_length > 0 ? "/" : "",
                            (int)name_length, name);
    if (strncmp(whole, "./", 2) == 0)
        memmove(whole, whole + 2, strlen(whole) - 1);
    return whole;
}

static bool is_file(char kind)
{
    return kind == '0' || kind == '\0' || kind == '7';
}

/* Directories, links and devices have no content, whatever their header says. */
static bool has_content(char kind)
{
    return kind < '1' || kind > '6';
}

/* Up to the header of a file, or the end. */
static bool read_headers(Archive *archive, More *more)
{
    char header[ARCHIVE_BLOCK];
    bool whole;

    for (;;) {
        char kind;
        int64_t size;

        if (!read_bytes(archive, header, sizeof(header), &whole))
            return false;
        if (!whole)
            return damaged(archive, "the archive has no proper end");
        if (is_zeros(header, sizeof(header)))
            return read_end(archive);
        kind = header[KIND_AT];
        size = number_at(header, SIZE_AT, SIZE_SIZE);
        if (number_at(header, CHECKSUM_AT, CHECKSUM_SIZE) != sum_of(header) || size < 0 || kind == 'S')
            return damaged(archive, "a header of the archive cannot be read");
        if (is_file(kind) && more->size >= 0)
            size = more->size;
        if (!has_content(kind))
            size = 0;
        archive->fill = (ARCHIVE_BLOCK - size % ARCHIVE_BLOCK) % ARCHIVE_BLOCK;
        if (is_file(kind)) {
            archive->left = size;
            archive->name = name_of(header, more);
            return true;
        }
        if (!read_special(archive, kind, size, more))
            return false;
    }
}

bool archive_next(Archive *archive, bool *found)
{
    More more = {.size = -1};
    bool ok = skip_bytes(archive, archive->left) && skip_bytes(archive, archive->fill);

    free(archive->name);
    archive->name = NULL;
    archive->left = archive->fill = 0;
    ok = ok && (archive->ended || read_headers(archive, &more));
    free(more.name);
    *found = ok && !archive->ended;
    return ok;
}

bool archive_read(Archive *archive, char *buffer, size_t capacity, size_t *length)
{
    *length = 0;
    if (archive->left == 0)
        return true;
    if (!archive->read(archive->bytes, buffer,
                       archive->left < (int64_t)capacity ? (size_t)archive->left : capacity, length))
        return false;
    archive->left -= (int64_t)*length;
    return *length > 0 || damaged(archive, "the archive ends too early");
}
