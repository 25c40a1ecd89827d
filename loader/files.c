/*
 * files.c: the files that the command line names. See files.h.
 */
#include "files.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The next input from a number on, which goes on to the one behind it; NULL behind the last. Exports come
 * first, then the lists that are given. */
static const char *next_input(const Options *options, int *number)
{
    while (*number < options->file_count + LISTS) {
        int i = (*number)++;
        const char *name =
            i < options->file_count ? options->files[i] : options->lists[i - options->file_count];

        if (name != NULL)
            return name;
    }
    return NULL;
}

/* The input "-" is standard input. */
static bool get_status(const char *name, struct stat *status)
{
    return (strcmp(name, "-") == 0 ? fstat(STDIN_FILENO, status) : stat(name, status)) == 0;
}

static bool same_file(const char *a, const char *b)
{
    struct stat status_a, status_b;

    return get_status(a, &status_a) && get_status(b, &status_b) && S_ISREG(status_a.st_mode) &&
           status_a.st_dev == status_b.st_dev && status_a.st_ino == status_b.st_ino;
}

/* An output must be no input, and its name, which the summary prints, must be text. */
static bool check_output(const Options *options, const char *name)
{
    size_t position;
    const char *read;

    if (name == NULL)
        return true;
    if (!slice_is_utf8((Slice){name, strlen(name)}, &position))
        return failure(EXIT_USAGE,
                       "the file name \"%s\" is not UTF-8, and could not be printed in the summary", name);
    for (int number = 0; (read = next_input(options, &number)) != NULL;)
        if (same_file(name, read))
            return failure(EXIT_USAGE, "\"%s\" would be overwritten, and it is to be loaded", name);
    return true;
}

/* errno says why it cannot be opened. */
static bool refuse_input(const char *name)
{
    bool is_missing = errno == ENOENT;
    char folder[PATH_MAX];

    failure(EXIT_USAGE, "could not open \"%s\": %s", name, strerror(errno));
    if (is_missing && name[0] != '/' && getcwd(folder, sizeof(folder)) != NULL)
        hint("ttr-load looks for it in \"%s\"; the name - stands for standard input: ttr-load -d support -",
             folder);
    return false;
}

bool files_check(const Options *options)
{
    bool standard_input = false;
    const char *name;

    for (int number = 0; (name = next_input(options, &number)) != NULL;) {
        if (strcmp(name, "-") == 0 && standard_input)
            return failure(EXIT_USAGE, "standard input is named twice, and can be read once");
        standard_input = standard_input || strcmp(name, "-") == 0;
        if (strcmp(name, "-") != 0 && access(name, R_OK) != 0)
            return refuse_input(name);
    }
    return check_output(options, options->report) && check_output(options, options->html) &&
           check_output(options, options->rejects);
}

int64_t files_size(const Options *options)
{
    int64_t total = 0;
    struct stat status;
    const char *name;

    for (int number = 0; (name = next_input(options, &number)) != NULL;) {
        if (!get_status(name, &status) || !S_ISREG(status.st_mode))
            return -1;
        total += status.st_size;
    }
    return total;
}

/* An output that is written beside its place (output.h) need not stand there yet: then only the names are
 * compared. */
static bool check_distinct(const char *what, const char *a, const char *b)
{
    if (a == NULL || b == NULL || !(same_file(a, b) || (strcmp(a, b) == 0 && access(a, F_OK) != 0)))
        return true;
    return failure(EXIT_USAGE, "the %s cannot both be written to \"%s\"", what, a);
}

bool files_check_outputs(const Options *options)
{
    return check_distinct("report and the rejects", options->report, options->rejects) &&
           check_distinct("report and the page", options->report, options->html) &&
           check_distinct("page and the rejects", options->html, options->rejects);
}
