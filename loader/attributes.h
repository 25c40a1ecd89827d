/*
 * attributes.h: attributes as a JSON object, written piece by piece.
 *
 * A value may be as long as a record may be, and six times that in JSON. So the object never stands in
 * memory: it is written once to learn its length, which COPY wants to know first, and once more to send it.
 */
#ifndef TTR_LOADER_ATTRIBUTES_H
#define TTR_LOADER_ATTRIBUTES_H

#include <yajl/yajl_gen.h>

#include "record.h"

typedef void PieceTaker(void *taker, const char *bytes, size_t length);

typedef struct AttributeWriter {
    yajl_gen generator; /* NULL before the first object */
    PieceTaker *take;
    void *taker;
} AttributeWriter;

/* Length of the object in bytes. */
size_t attributes_length(AttributeWriter *writer, const Conversation *conversation);

/* Hands the object's pieces to take(). An empty value becomes null. */
void attributes_write(AttributeWriter *writer, const Conversation *conversation, PieceTaker *take,
                      void *taker);

void attributes_free(AttributeWriter *writer);

#endif
