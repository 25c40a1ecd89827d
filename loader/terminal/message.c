/*
 * message.c: messages on standard error. See message.h.
 */
#include "terminal/message.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "terminal/ending.h"

static Verbosity level = VERBOSITY_NORMAL;
static ExitCode first_failure = EXIT_LOADED;
static bool status_shown = false;
static bool last_is_shown = false; /* the last failure, warning or note: details and hints belong to it */

void message_set_verbosity(Verbosity verbosity)
{
    level = verbosity;
}

void status_line(const char *text)
{
    if (!status_shown && *text == '\0')
        return;
    /* Back to the first column, and clear the line. */
    fprintf(stderr, "\r\033[K%s", text);
    fflush(stderr);
    status_shown = *text != '\0';
}

void print_text(FILE *stream, const char *text, bool keep_line_ends)
{
    for (; *text != '\0'; text++)
        if ((*text == '\n' && keep_line_ends) || ((unsigned char)*text >= ' ' && *text != '\177'))
            putc(*text, stream);
        else
            fprintf(stream, "\\x%02X", (unsigned char)*text);
}

static void print_message(const char *kind, const char *format, va_list arguments)
{
    char text[2048];

    vsnprintf(text, sizeof(text), format, arguments);
    status_line("");
    fprintf(stderr, "ttr-load: %s", kind);
    print_text(stderr, text, true);
    putc('\n', stderr);
}

/* Kinds of messages differ in the word that opens the line and in the least verbosity that shows it. */
#define PRINT_MESSAGE(kind, least)                                                                           \
    do {                                                                                                     \
        va_list arguments;                                                                                   \
        va_start(arguments, format);                                                                         \
        if (level >= (least))                                                                                \
            print_message(kind, format, arguments);                                                          \
        va_end(arguments);                                                                                   \
    } while (0)

bool failure(ExitCode code, const char *format, ...)
{
    if (first_failure == EXIT_LOADED)
        first_failure = code;
    last_is_shown = true;
    PRINT_MESSAGE("error: ", VERBOSITY_QUIET);
    return false;
}

void detail(const char *format, ...)
{
    if (last_is_shown)
        PRINT_MESSAGE("detail: ", VERBOSITY_QUIET);
}

void hint(const char *format, ...)
{
    if (last_is_shown)
        PRINT_MESSAGE("hint: ", VERBOSITY_QUIET);
}

void warning(const char *format, ...)
{
    last_is_shown = level >= VERBOSITY_NORMAL;
    PRINT_MESSAGE("warning: ", VERBOSITY_NORMAL);
}

void note(const char *format, ...)
{
    last_is_shown = level >= VERBOSITY_NORMAL;
    PRINT_MESSAGE("", VERBOSITY_NORMAL);
}

void verbose(const char *format, ...)
{
    PRINT_MESSAGE("", VERBOSITY_VERBOSE);
}

ExitCode failure_code(void)
{
    return first_failure;
}

void failure_mended(void)
{
    first_failure = EXIT_LOADED;
}

void *reallocate(void *memory, size_t size)
{
    void *result = realloc(memory, size);

    if (result == NULL)
        end_without_memory(size);
    return result;
}

void *allocate(size_t size)
{
    return reallocate(NULL, size);
}

char *format_text(const char *format, ...)
{
    va_list arguments;
    char *text;
    int length;

    va_start(arguments, format);
    length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        end_without_memory(0);

    text = allocate((size_t)length + 1);
    va_start(arguments, format);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    va_end(arguments);
    return text;
}
