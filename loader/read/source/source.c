/*
 * source.c: the text of a file or of standard input. See source.h.
 */
#include "read/source/source.h"

#include <errno.h>
#include <string.h>

#include "read/source/tar_header.h"
#include "terminal/message.h"

_Static_assert(TAR_BLOCK <= PEEK_LIMIT, "the first block of an archive can be looked at");

/* Bytes that may be waited for: an endless stream need not have more than it has shown. */
static size_t head_size(const Source *source, size_t size)
{
    return source->file.followed ? 0 : size;
}

/* Returns false. problem: NULL if the failure has been reported. */
static bool report_damage(const Source *source, const char *problem)
{
    if (problem == NULL)
        return false;
    failure(EXIT_USAGE, "\"%s\" is damaged: %s", source->file.name, problem);
    if (source->decompressor == NULL)
        return false;
    detail("It is compressed by %s, and was read up to byte %lld.", decompressor_name(source->decompressor),
           (long long)source->file.bytes_read);
    hint("To load what is intact: %s FILE | ttr-load ... -", decompressor_tool(source->decompressor));
    return false;
}

static bool read_content(void *bytes, char *buffer, size_t capacity, size_t *length)
{
    Source *source = bytes;

    if (source->decompressor == NULL)
        return peek_read(&source->stored, buffer, capacity, length);
    return decompressor_read(source->decompressor, buffer, capacity, length) ||
           report_damage(source, decompressor_problem(source->decompressor));
}

static bool read_text(void *bytes, char *buffer, size_t capacity, size_t *length)
{
    Source *source = bytes;

    if (source->archive == NULL)
        return peek_read(&source->content, buffer, capacity, length);
    return archive_read(source->archive, buffer, capacity, length) ||
           report_damage(source, source->archive->problem);
}

bool source_open(Source *source, const char *name)
{
    *source = (Source){
        .stored = {.read = input_file_read, .bytes = &source->file},
        .content = {.read = read_content, .bytes = source},
        .text = {.read = read_text, .bytes = source},
    };
    return input_file_open(&source->file, name);
}

/* Compression is looked for in an endless stream too, an archive is not. */
static bool begin_content(Source *source)
{
    Slice head;

    if (source->content_begun)
        return true;
    if (!peek(&source->stored, DECOMPRESS_HEAD, &head))
        return false;
    if (source->decompressor == NULL)
        source->decompressor = decompressor_new(head, &source->stored);
    if (!peek(&source->content, head_size(source, TAR_BLOCK), &head))
        return false;
    if (tar_recognises(head))
        source->archive = archive_new(&source->content);
    source->content_begun = true;
    return true;
}

bool source_is_archive(Source *source, bool *is_archive)
{
    bool ok = begin_content(source);

    *is_archive = source->archive != NULL;
    return ok;
}

/* Each text has its own encoding. */
static void end_text(Source *source)
{
    transcoder_free(source->transcoder);
    source->transcoder = NULL;
    source->text_begun = false;
    source->text.begin = source->text.end = 0;
}

bool source_next(Source *source, bool *found)
{
    end_text(source);
    return archive_next(source->archive, found) || report_damage(source, source->archive->problem);
}

/* A byte order mark overrides the encoding that the user names. */
static bool begin_text(Source *source)
{
    const char *encoding;
    bool is_utf8;
    Slice head;

    if (!peek(&source->text, head_size(source, BYTE_ORDER_MARK), &head))
        return false;
    encoding = encoding_of_mark(head, &is_utf8);
    if (encoding == NULL && !is_utf8)
        encoding = source->encoding;
    if (encoding != NULL && (source->transcoder = transcoder_new(encoding, &source->text)) == NULL)
        return failure(EXIT_USAGE, "\"%s\" is in %s, which this system cannot decode: %s", source->file.name,
                       encoding, strerror(errno));
    source->text_begun = true;
    return true;
}

static bool report_undecodable(const Source *source)
{
    const char *encoding = transcoder_encoding(source->transcoder);
    const char *problem = transcoder_problem(source->transcoder);

    if (problem == NULL)
        return false;
    failure(EXIT_USAGE, "\"%s\" cannot be read as %s: %s", source->file.name, encoding, problem);
    if (encoding == source->encoding)
        hint("Name its encoding, for example: --encoding=windows-1250 (iconv -l lists all).");
    else
        hint("Its byte order mark is that of %s: export it again, or save it in UTF-8.", encoding);
    return false;
}

bool source_read(Source *source, char *buffer, size_t capacity, size_t *length)
{
    if (!begin_content(source) || (!source->text_begun && !begin_text(source)))
        return false;
    if (source->transcoder == NULL)
        return peek_read(&source->text, buffer, capacity, length);
    return transcoder_read(source->transcoder, buffer, capacity, length) || report_undecodable(source);
}

void source_close(Source *source)
{
    input_file_close(&source->file);
    decompressor_free(source->decompressor);
    source->decompressor = NULL;
    archive_free(source->archive);
    source->archive = NULL;
    end_text(source);
}
