/*
 * attributes.h: attributes as a JSON object, written piece by piece.
 *
 * A value may be as long as a record, and six times as long in JSON. So a long object is never whole in
 * memory: it is written each time its bytes are needed (record.h). Before that, attributes_begin() decides
 * once which texts are kept (free_text.h). It copies JSON from which texts are dropped; the copy is never
 * much longer than the record.
 */
#ifndef TTR_LOADER_COPY_ATTRIBUTES_H
#define TTR_LOADER_COPY_ATTRIBUTES_H

#include <yajl/yajl_gen.h>

#include "read/record/conversation.h"
#include "read/record/free_text.h"

typedef void PieceTaker(void *taker, const char *bytes, size_t length);

typedef struct AttributeWriter {
    FreeText *free_text; /* of the run */
    yajl_gen generator;  /* NULL before the first object */
    Attribute *kept;     /* attributes of a conversation, without the texts that are dropped */
    size_t kept_count, kept_room;
    char *json; /* copies of JSON values from which texts were dropped */
    size_t json_size;
    PieceTaker *take;
    void *taker;
} AttributeWriter;

/* Decides what is kept of a conversation's attributes. */
void attributes_begin(AttributeWriter *writer, const Conversation *conversation);

/* Passes the object to take(), piece by piece. An empty value and a dropped value become null. */
void attributes_write(AttributeWriter *writer, PieceTaker *take, void *taker);

void attributes_free(AttributeWriter *writer);

#endif
