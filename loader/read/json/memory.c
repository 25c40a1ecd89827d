/*
 * memory.c: the memory of yajl. See memory.h.
 */
#include "read/json/memory.h"

#include <stdlib.h>

#include "terminal/message.h"

static void *get_memory(void *context, size_t size)
{
    (void)context;
    return allocate(size);
}

static void *get_more_memory(void *context, void *memory, size_t size)
{
    (void)context;
    return reallocate(memory, size);
}

static void release_memory(void *context, void *memory)
{
    (void)context;
    free(memory);
}

yajl_alloc_funcs json_memory = {get_memory, get_more_memory, release_memory, NULL};
