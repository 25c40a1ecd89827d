/*
 * input_file.h: the bytes of a file, a pipe or standard input, as they are.
 */
#ifndef TTR_LOADER_READ_SOURCE_INPUT_FILE_H
#define TTR_LOADER_READ_SOURCE_INPUT_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct InputFile {
    const char *name; /* as given; "-" is standard input */
    int descriptor;   /* -1: closed */
    int64_t bytes_read;
    size_t read_size; /* most bytes of one read() */
    bool followed;    /* an endless stream: wait for input, at most until deadline */
    double deadline;  /* in seconds of clock_seconds(); 0: none */
    bool within;      /* what was read last has the start of a record, and not its end */
    double stopped;   /* when a signal to stop was seen first; 0: it was not */
    bool idle;        /* the last read failed only because the deadline passed or a signal asked to stop */
} InputFile;

/* Seconds on a clock that nobody sets back. */
double clock_seconds(void);

/* Reports what cannot be read: a missing file, a directory. */
bool input_file_open(InputFile *file, const char *name);
void input_file_close(InputFile *file);

/* As a ByteReader (peek.h). */
bool input_file_read(void *file, char *buffer, size_t capacity, size_t *length);

#endif
