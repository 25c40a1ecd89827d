/*
 * attributes.h: attributes as a JSON object, written piece by piece.
 *
 * A value may be as long as a record may be, and six times that in JSON. So a long object never stands in
 * memory: it is written as often as somebody needs to see its bytes (record.h). Which texts are kept
 * (free_text.h) is found once, before that; JSON from which some are dropped is copied, and is never much
 * longer than the record.
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
    Attribute *kept;     /* those of a conversation without the texts that are dropped */
    size_t kept_count, kept_room;
    char *json; /* copies of JSON values from which texts were dropped */
    size_t json_size;
    PieceTaker *take;
    void *taker;
} AttributeWriter;

/* Decides what is kept of the conversation's attributes. */
void attributes_begin(AttributeWriter *writer, const Conversation *conversation);

/* Hands the object's pieces to take(). An empty value becomes null, and so does one that is dropped. */
void attributes_write(AttributeWriter *writer, PieceTaker *take, void *taker);

void attributes_free(AttributeWriter *writer);

#endif
