/*
 * attributes.c: attributes as a JSON object. See attributes.h.
 */
#include "attributes.h"

static void pass_on(void *context, const char *bytes, size_t length)
{
    AttributeWriter *writer = context;

    writer->take(writer->taker, bytes, length);
}

static void write_string(yajl_gen generator, const char *bytes, size_t length)
{
    yajl_gen_string(generator, (const unsigned char *)bytes, length);
}

void attributes_write(AttributeWriter *writer, const Conversation *conversation, PieceTaker *take,
                      void *taker)
{
    if (writer->generator == NULL) {
        writer->generator = yajl_gen_alloc(NULL);
        yajl_gen_config(writer->generator, yajl_gen_print_callback, pass_on, writer);
    }
    yajl_gen_reset(writer->generator, NULL);
    writer->take = take;
    writer->taker = taker;

    yajl_gen_map_open(writer->generator);
    for (size_t i = 0; i < conversation->attribute_count; i++) {
        const Attribute *attribute = &conversation->attributes[i];

        write_string(writer->generator, attribute->name.bytes, attribute->name.length);
        if (attribute->is_json) /* what the generator takes for a number, it passes on as it is */
            yajl_gen_number(writer->generator, attribute->value.bytes, attribute->value.length);
        else if (attribute->value.length > 0)
            write_string(writer->generator, attribute->value.bytes, attribute->value.length);
        else
            yajl_gen_null(writer->generator);
    }
    yajl_gen_map_close(writer->generator);
}

static void add_length(void *taker, const char *bytes, size_t length)
{
    size_t *total = taker;

    (void)bytes;
    *total += length;
}

size_t attributes_length(AttributeWriter *writer, const Conversation *conversation)
{
    size_t total = 0;

    attributes_write(writer, conversation, add_length, &total);
    return total;
}

void attributes_free(AttributeWriter *writer)
{
    if (writer->generator != NULL)
        yajl_gen_free(writer->generator);
    *writer = (AttributeWriter){0};
}
