/*
 * memory.h: the memory of yajl, for its parser and its generator.
 *
 * Neither of the two looks whether memory was lacking: allocate() ends the process then.
 */
#ifndef TTR_LOADER_READ_JSON_MEMORY_H
#define TTR_LOADER_READ_JSON_MEMORY_H

#include <yajl/yajl_common.h>

extern yajl_alloc_funcs json_memory; /* yajl_alloc() takes no const one */

#endif
