/*
 * transcode.c: text in another encoding, read as UTF-8. See transcode.h.
 */
#include "read/source/transcode.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "terminal/ending.h"
#include "terminal/message.h"

#define PIECE ((size_t)32 * 1024)

/* From begin to end, the input is not yet decoded, and the output not yet returned. */
struct Transcoder {
    const char *encoding;
    iconv_t converter;
    Peek *from;
    bool input_ended;
    int64_t decoded; /* all bytes before input_begin */
    size_t input_begin, input_end, output_begin, output_end;
    char problem[80]; /* empty: none */
    char input[PIECE];
    char output[PIECE];
};

/* To iconv an empty name is the locale's encoding, and a slash may ask to drop what cannot be decoded. */
bool encoding_is_known(const char *encoding)
{
    iconv_t converter;

    if (*encoding == '\0' || strchr(encoding, '/') != NULL)
        return false;
    converter = iconv_open("UTF-8", encoding);
    if (converter == (iconv_t)-1 && errno == ENOMEM)
        end_without_memory(0);
    if (converter == (iconv_t)-1)
        return false;
    iconv_close(converter);
    return true;
}

const char *encoding_of_mark(Slice head, bool *is_utf8)
{
    *is_utf8 = head.length >= 3 && memcmp(head.bytes, "\xef\xbb\xbf", 3) == 0;
    if (head.length < 2)
        return NULL;
    return memcmp(head.bytes, "\xff\xfe", 2) == 0   ? "UTF-16LE"
           : memcmp(head.bytes, "\xfe\xff", 2) == 0 ? "UTF-16BE"
                                                    : NULL;
}

Transcoder *transcoder_new(const char *encoding, Peek *from)
{
    iconv_t converter = iconv_open("UTF-8", encoding);
    Transcoder *transcoder;

    if (converter == (iconv_t)-1)
        return NULL;
    transcoder = allocate(sizeof(Transcoder));
    *transcoder = (Transcoder){.encoding = encoding, .converter = converter, .from = from};
    return transcoder;
}

void transcoder_free(Transcoder *transcoder)
{
    if (transcoder == NULL)
        return;
    iconv_close(transcoder->converter);
    free(transcoder);
}

const char *transcoder_problem(const Transcoder *transcoder)
{
    return *transcoder->problem != '\0' ? transcoder->problem : NULL;
}

const char *transcoder_encoding(const Transcoder *transcoder)
{
    return transcoder->encoding;
}

/* Reads behind the rest of the input, which is less than a character. */
static bool read_more(Transcoder *transcoder)
{
    size_t rest = transcoder->input_end - transcoder->input_begin, n;

    memmove(transcoder->input, transcoder->input + transcoder->input_begin, rest);
    transcoder->input_begin = 0;
    transcoder->input_end = rest;
    if (!peek_read(transcoder->from, transcoder->input + rest, PIECE - rest, &n))
        return false;
    transcoder->input_end += n;
    transcoder->input_ended = n == 0;
    return true;
}

/* Decodes into the empty output. Returns the error of iconv, or 0. */
static int convert(Transcoder *transcoder)
{
    char *from = transcoder->input + transcoder->input_begin, *to = transcoder->output;
    size_t left = transcoder->input_end - transcoder->input_begin, room = PIECE;
    size_t converted = iconv(transcoder->converter, &from, &left, &to, &room);
    int error = converted == (size_t)-1 ? errno : 0;

    transcoder->decoded += from - (transcoder->input + transcoder->input_begin);
    transcoder->input_begin = transcoder->input_end - left;
    transcoder->output_begin = 0;
    transcoder->output_end = PIECE - room;
    return error;
}

/* Some encodings hold a character back, because the next one may combine with it. */
static void flush(Transcoder *transcoder)
{
    char *to = transcoder->output;
    size_t room = PIECE;

    iconv(transcoder->converter, NULL, NULL, &to, &room);
    transcoder->output_end = PIECE - room;
}

/* Decodes until there is output, or the input ends. */
static bool fill_output(Transcoder *transcoder)
{
    for (;;) {
        int error = convert(transcoder);

        if (transcoder->output_end > 0)
            return true;
        if (error == EILSEQ) {
            snprintf(transcoder->problem, sizeof(transcoder->problem),
                     "byte %lld, 0x%02X, starts no character", (long long)transcoder->decoded + 1,
                     (unsigned char)transcoder->input[transcoder->input_begin]);
            return false;
        }
        if (transcoder->input_ended && transcoder->input_begin < transcoder->input_end) {
            snprintf(transcoder->problem, sizeof(transcoder->problem), "it ends within a character");
            return false;
        }
        if (transcoder->input_ended) {
            flush(transcoder);
            return true;
        }
        if (!read_more(transcoder))
            return false;
    }
}

bool transcoder_read(Transcoder *transcoder, char *buffer, size_t capacity, size_t *length)
{
    size_t ready;

    if (transcoder->output_begin == transcoder->output_end && !fill_output(transcoder))
        return false;
    ready = transcoder->output_end - transcoder->output_begin;
    *length = ready < capacity ? ready : capacity;
    memcpy(buffer, transcoder->output + transcoder->output_begin, *length);
    transcoder->output_begin += *length;
    return true;
}
