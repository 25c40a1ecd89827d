/*
 * decompress.c: what is compressed by gzip or zstd. See decompress.h.
 */
#include "read/source/decompress.h"

#include <stdlib.h>
#include <string.h>

#include <zlib.h>
#include <zstd.h>

#include "terminal/message.h"

/* zstd -19 takes 8 MB; what needs more, memory that is never to be more than 32 MB cannot hold. */
#define ZSTD_WINDOW_LOG 23

typedef enum Position {
    AT_MEMBER, /* before a member or a frame */
    IN_MEMBER,
    IN_ZEROS, /* behind the last member of gzip */
} Position;

struct Decompressor {
    bool is_gzip;
    bool begun; /* the first member is */
    Position position;
    z_stream gzip;
    ZSTD_DCtx *zstd;
};

static bool is_gzip(Slice head)
{
    return head.length >= 2 && memcmp(head.bytes, "\x1f\x8b", 2) == 0;
}

/* A frame of data, or one that is to be skipped. */
static bool is_zstd(Slice head)
{
    return head.length >= 4 && (memcmp(head.bytes, "\x28\xb5\x2f\xfd", 4) == 0 ||
                                (((unsigned char)head.bytes[0] & 0xF0) == 0x50 &&
                                 memcmp(head.bytes + 1, "\x2a\x4d\x18", 3) == 0));
}

Decompressor *decompressor_new(Slice head)
{
    Decompressor *decompressor;

    if (!is_gzip(head) && !is_zstd(head))
        return NULL;
    decompressor = allocate(sizeof(Decompressor));
    *decompressor = (Decompressor){.is_gzip = is_gzip(head)};
    if (decompressor->is_gzip) {
        inflateInit2(&decompressor->gzip, 15 + 16); /* the largest window; a gzip header and trailer */
    } else {
        decompressor->zstd = ZSTD_createDCtx();
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

static void take(Slice *input, size_t bytes)
{
    input->bytes += bytes;
    input->length -= bytes;
}

/* Between members: another one follows, or zeros up to the end. */
static bool step_between(Decompressor *decompressor, Slice *input, const char **problem)
{
    while (input->length > 0 && input->bytes[0] == '\0' && decompressor->begun) {
        decompressor->position = IN_ZEROS;
        take(input, 1);
    }
    if (input->length == 0)
        return true;
    if (decompressor->position == IN_ZEROS || input->bytes[0] != '\x1f') {
        *problem = "other bytes follow the end of the compressed data";
        return false;
    }
    inflateReset(&decompressor->gzip);
    decompressor->position = IN_MEMBER;
    decompressor->begun = true;
    return true;
}

static bool inflate_some(Decompressor *decompressor, Slice *input, char *output, size_t capacity,
                         size_t *length, const char **problem)
{
    z_stream *gzip = &decompressor->gzip;
    int status;

    gzip->next_in = (unsigned char *)input->bytes;
    gzip->avail_in = (unsigned)input->length;
    gzip->next_out = (unsigned char *)output;
    gzip->avail_out = (unsigned)capacity;
    status = inflate(gzip, Z_NO_FLUSH);
    take(input, input->length - gzip->avail_in);
    *length = capacity - gzip->avail_out;
    if (status == Z_STREAM_END)
        decompressor->position = AT_MEMBER;
    else if (status != Z_OK && status != Z_BUF_ERROR) {
        *problem = gzip->msg != NULL ? gzip->msg : "the compressed data cannot be read";
        return false;
    }
    return true;
}

static bool gunzip(Decompressor *decompressor, Slice *input, char *output, size_t capacity, size_t *length,
                   const char **problem)
{
    /* What inflate() holds back when the output is full it gives without input, too. */
    do {
        if (decompressor->position != IN_MEMBER && !step_between(decompressor, input, problem))
            return false;
        if (decompressor->position != IN_MEMBER)
            return true;
        if (!inflate_some(decompressor, input, output, capacity, length, problem))
            return false;
    } while (*length == 0 && input->length > 0);
    return true;
}

static bool unzstd(Decompressor *decompressor, Slice *input, char *output, size_t capacity, size_t *length,
                   const char **problem)
{
    ZSTD_inBuffer in = {input->bytes, input->length, 0};
    ZSTD_outBuffer out = {output, capacity, 0};
    size_t status;

    /* Asked for nothing, it would say that it waits for the next frame. */
    if (input->length == 0 && decompressor->position == AT_MEMBER)
        return true;
    do {
        status = ZSTD_decompressStream(decompressor->zstd, &out, &in);
        if (ZSTD_isError(status)) {
            *problem = ZSTD_getErrorName(status);
            return false;
        }
        decompressor->position = status == 0 ? AT_MEMBER : IN_MEMBER;
    } while (out.pos == 0 && in.pos < in.size);
    take(input, in.pos);
    *length = out.pos;
    return true;
}

bool decompress(Decompressor *decompressor, Slice *input, char *output, size_t capacity, size_t *length,
                const char **problem)
{
    /* zlib counts in 32 bits. */
    if (capacity > 1 << 30)
        capacity = 1 << 30;
    *length = 0;
    return (decompressor->is_gzip ? gunzip : unzstd)(decompressor, input, output, capacity, length, problem);
}

bool decompress_end(const Decompressor *decompressor, const char **problem)
{
    *problem = "the compressed data ends too early";
    return decompressor->position != IN_MEMBER;
}
