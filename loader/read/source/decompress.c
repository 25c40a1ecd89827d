/*
 * decompress.c: the content of gzip and zstd. See decompress.h.
 */
#include "read/source/decompress.h"

#include <stdlib.h>
#include <string.h>

#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "terminal/ending.h"
#include "terminal/message.h"

/* zstd -19 needs 8 MB. A larger window would not fit into the loader's 32 MB. */
#define ZSTD_WINDOW_LOG 23

#define INPUT_SIZE ((size_t)64 * 1024)

typedef enum Position {
    AT_MEMBER, /* before a member or a frame */
    IN_MEMBER,
    IN_ZEROS, /* behind the last member of gzip */
} Position;

struct Decompressor {
    Peek *from;
    bool is_gzip;
    Position position;
    z_stream gzip;
    ZSTD_DCtx *zstd;
    const char *problem;
    Slice rest; /* of input */
    char input[INPUT_SIZE];
};

static bool is_gzip(Slice head)
{
    return head.length >= 2 && memcmp(head.bytes, "\x1f\x8b", 2) == 0;
}

/* A frame of data, or one to be skipped. */
static bool is_zstd(Slice head)
{
    return head.length >= 4 && (memcmp(head.bytes, "\x28\xb5\x2f\xfd", 4) == 0 ||
                                (((unsigned char)head.bytes[0] & 0xF0) == 0x50 &&
                                 memcmp(head.bytes + 1, "\x2a\x4d\x18", 3) == 0));
}

Decompressor *decompressor_new(Slice head, Peek *from)
{
    Decompressor *decompressor;

    if (!is_gzip(head) && !is_zstd(head))
        return NULL;
    decompressor = allocate(sizeof(Decompressor));
    *decompressor = (Decompressor){.from = from, .is_gzip = is_gzip(head)};
    if (decompressor->is_gzip) {
        /* The largest window; a gzip header and trailer. */
        if (inflateInit2(&decompressor->gzip, 15 + 16) != Z_OK)
            end_without_memory(0);
    } else {
        decompressor->zstd = ZSTD_createDCtx();
        if (decompressor->zstd == NULL)
            end_without_memory(0);
        ZSTD_DCtx_setParameter(decompressor->zstd, ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG);
    }
    return decompressor;
}

void decompressor_free(Decompressor *decompressor)
{
    if (decompressor == NULL)
        return;
    if (decompressor->is_gzip)
        inflateEnd(&decompressor->gzip);
    ZSTD_freeDCtx(decompressor->zstd);
    free(decompressor);
}

const char *decompressor_name(const Decompressor *decompressor)
{
    return decompressor->is_gzip ? "gzip" : "zstd";
}

const char *decompressor_tool(const Decompressor *decompressor)
{
    return decompressor->is_gzip ? "zcat" : "zstdcat";
}

const char *decompressor_problem(const Decompressor *decompressor)
{
    return decompressor->problem;
}

static bool damaged(Decompressor *decompressor, const char *problem)
{
    decompressor->problem = problem;
    return false;
}

/* Steps over bytes at the front. */
static void take(Slice *input, size_t bytes)
{
    input->bytes += bytes;
    input->length -= bytes;
}

/* Between members: another one follows, or zeros up to the end. */
static bool step_between(Decompressor *decompressor)
{
    Slice *input = &decompressor->rest;

    while (input->length > 0 && input->bytes[0] == '\0') {
        decompressor->position = IN_ZEROS;
        take(input, 1);
    }
    if (input->length == 0)
        return true;
    if (decompressor->position == IN_ZEROS || input->bytes[0] != '\x1f')
        return damaged(decompressor, "other bytes follow the end of the compressed data");
    inflateReset(&decompressor->gzip);
    decompressor->position = IN_MEMBER;
    return true;
}

static bool gunzip(Decompressor *decompressor, char *output, size_t capacity, size_t *length)
{
    z_stream *gzip = &decompressor->gzip;
    Slice *input = &decompressor->rest;
    int status;

    if (decompressor->position != IN_MEMBER && !step_between(decompressor))
        return false;
    if (decompressor->position != IN_MEMBER)
        return true;
    gzip->next_in = (unsigned char *)input->bytes;
    gzip->avail_in = (unsigned)input->length;
    gzip->next_out = (unsigned char *)output;
    gzip->avail_out = (unsigned)capacity;
    status = inflate(gzip, Z_NO_FLUSH);
    if (status == Z_MEM_ERROR)
        end_without_memory(0);
    take(input, input->length - gzip->avail_in);
    *length = capacity - gzip->avail_out;
    if (status == Z_STREAM_END)
        decompressor->position = AT_MEMBER;
    else if (status != Z_OK && status != Z_BUF_ERROR)
        return damaged(decompressor, gzip->msg != NULL ? gzip->msg : "the compressed data cannot be read");
    return true;
}

static bool unzstd(Decompressor *decompressor, char *output, size_t capacity, size_t *length)
{
    ZSTD_inBuffer in = {decompressor->rest.bytes, decompressor->rest.length, 0};
    ZSTD_outBuffer out = {output, capacity, 0};
    size_t status;

    /* Called without input here, zstd would already count as within the next frame. */
    if (in.size == 0 && decompressor->position == AT_MEMBER)
        return true;
    status = ZSTD_decompressStream(decompressor->zstd, &out, &in);
    if (ZSTD_getErrorCode(status) == ZSTD_error_memory_allocation)
        end_without_memory(0);
    if (ZSTD_isError(status))
        return damaged(decompressor, ZSTD_getErrorName(status));
    decompressor->position = status == 0 ? AT_MEMBER : IN_MEMBER;
    take(&decompressor->rest, in.pos);
    *length = out.pos;
    return true;
}

static bool read_input(Decompressor *decompressor)
{
    decompressor->rest.bytes = decompressor->input;
    return peek_read(decompressor->from, decompressor->input, INPUT_SIZE, &decompressor->rest.length);
}

bool decompressor_read(Decompressor *decompressor, char *buffer, size_t capacity, size_t *length)
{
    /* zlib counts in 32 bits. */
    if (capacity > 1 << 30)
        capacity = 1 << 30;
    *length = 0;
    /* Begins without new input: after a full output, bytes may have been held back. */
    do {
        if (!(decompressor->is_gzip ? gunzip(decompressor, buffer, capacity, length)
                                    : unzstd(decompressor, buffer, capacity, length)))
            return false;
        if (*length > 0)
            return true;
        if (decompressor->rest.length == 0 && !read_input(decompressor))
            return false;
    } while (decompressor->rest.length > 0);
    return decompressor->position != IN_MEMBER || damaged(decompressor, "the compressed data ends too early");
}
