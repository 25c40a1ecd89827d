/*
 * input_buffer.h: the part of a source that is in memory.
 *
 *      bytes:  | done | in sight, read ahead | free |
 *              0    begin                   end    capacity
 *
 * Whoever needs more than is in sight asks for it: the bytes from begin on move to the front, and more are
 * read behind them. Nothing shrinks a window but another source; how far it may grow is the framers' affair.
 */
#ifndef TTR_LOADER_READ_SOURCE_INPUT_BUFFER_H
#define TTR_LOADER_READ_SOURCE_INPUT_BUFFER_H

#include "read/source/source.h"
#include "read/text/slice.h"

typedef struct Window {
    Source *source;
    char *bytes;
    size_t begin, end, capacity;
    bool at_end;         /* the source has no more bytes */
    int64_t line;        /* of the byte at begin, counted from 1 */
    int64_t byte_offset; /* of the same, counted from 0 */
} Window;

void window_free(Window *window);

/* Starts on a source; the memory is used again. *head gets the first bytes: WINDOW_HEAD, or all there
 * are, or in a stream that is followed those that come first. */
#define WINDOW_HEAD 512
bool window_open(Window *window, Source *source, Slice *head);

/* What is in sight. */
static inline Slice window_sight(const Window *window)
{
    return (Slice){window->bytes + window->begin, window->end - window->begin};
}

/* Reads at least one more byte behind the window's end, or finds that there is none; false: reading failed.
 */
bool window_read(Window *window);

/* Steps over bytes at the front. Lines are counted by those who know what a line is. */
void window_skip(Window *window, size_t bytes);

#endif
