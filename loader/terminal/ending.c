/*
 * ending.c: the end of a process that cannot finish what it is doing. See ending.h.
 *
 * A handler may use neither stdio nor memory: the last line is written beforehand, and the files stand in an
 * array of pointers, which are changed one at a time.
 */
#include "terminal/ending.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "terminal/message.h"

/* A run has a report and a page. */
#define MOST_FILES 4

static const char *volatile files[MOST_FILES];
static volatile sig_atomic_t standing = NOTHING_STANDS;
static char committed_line[80];
static const char *nothing_line = "nothing is loaded";

static const char *const advice[] = {
    [NOTHING_STANDS] = "",
    [COMMIT_IS_SENT] = "Running it again is safe.",
    [LOAD_STANDS] = "Recompute the figures when the cause is gone: ttr-load --refresh",
};

static const char *last_line(void)
{
    return standing == LOAD_STANDS ? committed_line
           : standing == COMMIT_IS_SENT
               ? "whether the load was committed is not known: running it again is safe"
               : nothing_line;
}

void ending_note(Standing now, const char *load_id)
{
    standing = now == LOAD_STANDS ? COMMIT_IS_SENT : now;
    if (now == LOAD_STANDS)
        snprintf(committed_line, sizeof(committed_line),
                 "load %s is committed; the figures may be those of before", load_id);
    standing = now;
}

void ending_call_nothing(const char *words)
{
    nothing_line = words;
}

static void put(const char *from, const char *to)
{
    for (int i = 0; i < MOST_FILES; i++)
        if (files[i] == from) {
            files[i] = to;
            return;
        }
}

void ending_remove(const char *path)
{
    put(NULL, path);
}

void ending_keep(const char *path)
{
    put(path, NULL);
}

static void remove_files(void)
{
    for (int i = 0; i < MOST_FILES; i++)
        if (files[i] != NULL)
            unlink(files[i]);
}

void end_without_memory(size_t size)
{
    static const ExitCode codes[] = {
        [NOTHING_STANDS] = EXIT_USAGE,
        [COMMIT_IS_SENT] = EXIT_CONNECTION,
        [LOAD_STANDS] = EXIT_REFRESH_FAILED,
    };

    remove_files();
    if (size > 0)
        failure(codes[standing], "out of memory: could not get %zu bytes", size);
    else
        failure(codes[standing], "out of memory");
    if (standing != NOTHING_STANDS) {
        detail("%s", last_line());
        hint("%s", advice[standing]);
    }
    exit(codes[standing]);
}

static void write_piece(const char *text)
{
    ssize_t written = write(STDERR_FILENO, text, strlen(text));

    (void)written;
}

void end_by_signal(int signal_number)
{
    sigset_t only;

    remove_files();
    write_piece("ttr-load: stopped by a signal: ");
    write_piece(last_line());
    write_piece("\n");
    signal(signal_number, SIG_DFL);
    sigemptyset(&only);
    sigaddset(&only, signal_number);
    sigprocmask(SIG_UNBLOCK, &only, NULL);
    raise(signal_number);
    _exit(128 + signal_number);
}
