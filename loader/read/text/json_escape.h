/*
 * json_escape.h: the characters that the escapes of a JSON string stand for.
 */
#ifndef TTR_LOADER_READ_TEXT_JSON_ESCAPE_H
#define TTR_LOADER_READ_TEXT_JSON_ESCAPE_H

#include <stddef.h>

#define CHARACTER_SIZE 4 /* bytes of UTF-8, at most */

/*
 * Decodes one escape of a string that is checked: a character, or both halves of a surrogate pair. *at is
 * behind the backslash, and moves behind the escape. Returns the length of the character, which is never
 * greater than that of the escape: a string may be decoded where it stands.
 */
size_t json_unescape(const char **at, char *to);

#endif
