/*
 * json_escape.h: the characters behind the escapes of a JSON string.
 */
#ifndef TTR_LOADER_READ_TEXT_JSON_ESCAPE_H
#define TTR_LOADER_READ_TEXT_JSON_ESCAPE_H

#include <stddef.h>

#define CHARACTER_SIZE 4 /* bytes of UTF-8, at most */

/*
 * Decodes one escape of a valid string: a character, or both halves of a surrogate pair. *at is behind the
 * backslash, and moves behind the escape. Returns the length of the character. It is never longer than the
 * escape, so that a string may be decoded in place.
 */
size_t json_unescape(const char **at, char *to);

#endif
