/*
 * tar_header.c: a header in a tar archive. See tar_header.h.
 */
#include "read/source/tar_header.h"

#include <stdlib.h>
#include <string.h>

#include "terminal/message.h"

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

/* Octal digits between blanks and NULs, or, for larger numbers, bytes behind 0x80. -1: neither. */
static int64_t number_at(const char *block, size_t at, size_t size)
{
    const unsigned char *byte = (const unsigned char *)block + at, *end = byte + size;
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

/* The checksum is the sum of all bytes, its own counted as blanks. */
static bool checksum_matches(const char *block)
{
    int64_t sum = 0;

    for (size_t i = 0; i < TAR_BLOCK; i++)
        sum += i >= CHECKSUM_AT && i < CHECKSUM_AT + CHECKSUM_SIZE ? ' ' : (unsigned char)block[i];
    return number_at(block, CHECKSUM_AT, CHECKSUM_SIZE) == sum;
}

bool tar_recognises(Slice head)
{
    return head.length >= TAR_BLOCK &&
           (memcmp(head.bytes + MAGIC_AT, "ustar", 5) == 0 || checksum_matches(head.bytes));
}

bool tar_read_header(const char *block, TarHeader *header)
{
    char kind = block[KIND_AT];
    int64_t size = number_at(block, SIZE_AT, SIZE_SIZE);

    header->kind = kind == '\0' || kind == '7' ? TAR_FILE : kind;
    /* Directories, links and devices have no content, whatever their size. */
    header->size = kind >= '1' && kind <= '6' ? 0 : size;
    return checksum_matches(block) && size >= 0 && kind != 'S';
}

char *tar_name(const char *block)
{
    const char *name = block + NAME_AT, *prefix = block + PREFIX_AT;
    size_t name_length = strnlen(name, NAME_SIZE);
    /* Only archives of POSIX have a prefix there. */
    size_t prefix_length = block[MAGIC_AT + 5] == '\0' ? strnlen(prefix, PREFIX_SIZE) : 0;

    return format_text("%.*s%s%.*s", (int)prefix_length, prefix, prefix_length > 0 ? "/" : "",
                       (int)name_length, name);
}

/* A record is a line "LENGTH name=value"; the length counts the whole line. */
bool tar_read_records(const char *text, size_t size, TarOverrides *overrides)
{
    while (size > 0) {
        char *word, *equals;
        size_t length = strtoul(text, &word, 10);

        /* strtoul() would pass over blanks, and go beyond the record. */
        if (*text < '0' || *text > '9' || length < 5 || length > size || *word != ' ' ||
            text[length - 1] != '\n' || (equals = memchr(word, '=', length - (size_t)(word - text))) == NULL)
            return false;
        word++;
        if (strncmp(word, "path=", 5) == 0) {
            free(overrides->name);
            overrides->name = format_text("%.*s", (int)(text + length - 1 - (equals + 1)), equals + 1);
        } else if (strncmp(word, "size=", 5) == 0) {
            overrides->size = strtoll(equals + 1, NULL, 10);
        }
        text += length;
        size -= length;
    }
    return true;
}
