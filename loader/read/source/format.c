/*
 * format.c: whether a text is CSV or JSON. See format.h.
 */
#include "read/source/format.h"

#include <string.h>

#include "terminal/message.h"

typedef struct Signature {
    size_t offset;
    const char *bytes;
    size_t length;
    const char *what; /* completes: "it is ..." */
    const char *remedy;
} Signature;

static const Signature signatures[] = {
    {0, "\x1f\x8b", 2, "compressed by gzip, twice", "Decompress it once: zcat FILE | ttr-load ... -"},
    {0, "BZh", 3, "compressed by bzip2", "Decompress it on the way: bzcat FILE | ttr-load ... -"},
    {0,
     "\xfd"
     "7zXZ",
     5, "compressed by xz", "Decompress it on the way: xzcat FILE | ttr-load ... -"},
    {0, "PK\x03\x04", 4, "a ZIP archive or a workbook",
     "Unpack it, or save the sheet as CSV (UTF-8), and load that."},
    {0, "\xd0\xcf\x11\xe0", 4, "an Excel workbook", "Save the sheet as CSV (UTF-8), and load that."},
    {257, "ustar", 5, "a tar archive", "Unpack it on the way: tar -xOf FILE | ttr-load ... -"},
};

static bool has(Slice head, const Signature *signature)
{
    return head.length >= signature->offset + signature->length &&
           memcmp(head.bytes + signature->offset, signature->bytes, signature->length) == 0;
}

bool format_detect(InputBuffer *buffer, Slice head, const char *name, Format *format)
{
    if (head.length == 0) {
        failure(EXIT_USAGE, "\"%s\" is empty", name);
        hint("An export has at least a line that names its columns, or a pair of brackets.");
        return false;
    }
    for (size_t i = 0; i < sizeof(signatures) / sizeof(signatures[0]); i++) {
        if (!has(head, &signatures[i]))
            continue;
        failure(EXIT_USAGE, "\"%s\" is not an export: it is %s", name, signatures[i].what);
        hint("%s", signatures[i].remedy);
        return false;
    }
    if (head.length >= 3 && memcmp(head.bytes, "\xef\xbb\xbf", 3) == 0) {
        input_buffer_skip(buffer, 3);
        head.bytes += 3;
        head.length -= 3;
    }
    head = slice_trim(head);
    if (*format == FORMAT_AUTO)
        *format =
            head.length > 0 && (head.bytes[0] == '{' || head.bytes[0] == '[') ? FORMAT_JSON : FORMAT_CSV;
    return true;
}
