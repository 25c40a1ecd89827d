/*
 * fuzz_json.c
 *	  JSON: records in lines, arrays and pages, of any layout.
 */
#include "reading.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	/* Compressed files and archives have a target of their own. */
	if (size > 0 && memchr("\x1f\x28", bytes[0], 2) != NULL)
		return 0;
	require_same_records(bytes, size, &shape_json, is_in_utf8(bytes, size) ? require_own_bytes : NULL);
	return 0;
}
