/*
 * attributes.c: attributes as a JSON object. See attributes.h.
 */
#include "copy/attributes.h"

#include <stdlib.h>

#include "read/json/memory.h"
#include "terminal/message.h"

#define JSON_KEPT_SIZE ((size_t)1024 * 1024) /* most memory that is kept from record to record */

static void pass_on(void *context, const char *bytes, size_t length)
{
    AttributeWriter *writer = context;

    writer->take(writer->taker, bytes, length);
}

static void write_string(yajl_gen generator, const char *bytes, size_t length)
{
    yajl_gen_string(generator, (const unsigned char *)bytes, length);
}

void attributes_write(AttributeWriter *writer, PieceTaker *take, void *taker)
{
    yajl_gen_reset(writer->generator, NULL);
    writer->take = take;
    writer->taker = taker;

    yajl_gen_map_open(writer->generator);
    for (size_t i = 0; i < writer->kept_count; i++) {
        const Attribute *attribute = &writer->kept[i];

        write_string(writer->generator, attribute->name.bytes, attribute->name.length);
        if (attribute->value.length == 0)
            yajl_gen_null(writer->generator);
        else if (attribute->is_json) /* the generator passes a number on as it is */
            yajl_gen_number(writer->generator, attribute->value.bytes, attribute->value.length);
        else
            write_string(writer->generator, attribute->value.bytes, attribute->value.length);
    }
    yajl_gen_map_close(writer->generator);
}

static void make_room(AttributeWriter *writer, const Conversation *conversation)
{
    size_t length = 0;

    for (size_t i = 0; i < conversation->attribute_count; i++)
        if (conversation->attributes[i].is_json)
            length += FILTERED_SIZE(conversation->attributes[i].value.length);
    if (writer->json_size < length || writer->json_size > JSON_KEPT_SIZE) {
        free(writer->json);
        writer->json = allocate(length + 1);
        writer->json_size = length;
    }
    if (writer->kept_room < conversation->attribute_count) {
        writer->kept_room = conversation->attribute_count;
        writer->kept = reallocate(writer->kept, writer->kept_room * sizeof(Attribute));
    }
}

static void keep_attributes(AttributeWriter *writer, const Conversation *conversation)
{
    char *room;

    make_room(writer, conversation);
    room = writer->json;
    writer->kept_count = conversation->attribute_count;
    for (size_t i = 0; i < writer->kept_count; i++) {
        Attribute attribute = conversation->attributes[i];

        if (attribute.is_json) {
            attribute.value = free_text_filter(writer->free_text, attribute.name, attribute.value, room);
            room += attribute.value.bytes == room ? attribute.value.length : 0;
        } else if (!free_text_keeps(writer->free_text, attribute.name, attribute.value)) {
            attribute.value = NO_SLICE;
        }
        writer->kept[i] = attribute;
    }
}

void attributes_begin(AttributeWriter *writer, const Conversation *conversation)
{
    if (writer->generator == NULL) {
        writer->generator = yajl_gen_alloc(&json_memory);
        yajl_gen_config(writer->generator, yajl_gen_print_callback, pass_on, writer);
    }
    keep_attributes(writer, conversation);
}

void attributes_free(AttributeWriter *writer)
{
    if (writer->generator != NULL)
        yajl_gen_free(writer->generator);
    free(writer->kept);
    free(writer->json);
    *writer = (AttributeWriter){0};
}
