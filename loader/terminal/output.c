/*
 * output.c: a file that is moved into its place when it is whole. See output.h.
 */
#include "terminal/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "terminal/ending.h"
#include "terminal/message.h"

bool output_failed(const Output *output)
{
    return failure(output->after_commit ? EXIT_REFRESH_FAILED : EXIT_USAGE,
                   "could not write the %s \"%s\": %s", output->subject, output->name, strerror(errno));
}

/* Opens a file beside its place, with the rights of the file that is there, or of a new one. */
static FILE *open_beside(Output *output, const char *place, mode_t mode)
{
    int descriptor;
    FILE *file;

    output->temporary = format_text("%s.XXXXXX", place);
    ending_remove(output->temporary);
    descriptor = mkstemp(output->temporary);
    if (descriptor < 0)
        return NULL;
    fchmod(descriptor, mode);
    file = fdopen(descriptor, "w");
    if (file == NULL) {
        unlink(output->temporary);
        close(descriptor);
    }
    return file;
}

/* /dev/stdout may be a regular file, which must not be replaced either. */
static bool is_special(const char *name)
{
    return strncmp(name, "/dev/", 5) == 0 || strncmp(name, "/proc/", 6) == 0;
}

bool output_flush_standard(void)
{
    return fflush(stdout) == 0 && !ferror(stdout);
}

bool output_open(Output *output, const char *subject, const char *name)
{
    struct stat status;

    *output = (Output){.subject = subject, .name = name};
    if (name == NULL)
        return true;

    if (stat(name, &status) == 0 && (!S_ISREG(status.st_mode) || is_special(name))) {
        output->file = fopen(name, "we");
    } else if ((output->place = realpath(name, NULL)) != NULL) {
        /* A symbolic link stays one: the file that it points to is replaced. */
        output->file = open_beside(output, output->place, status.st_mode & 07777);
    } else if (errno == ENOENT) {
        mode_t mask = umask(0);

        umask(mask);
        output->place = format_text("%s", name);
        output->file = open_beside(output, name, 0666 & ~mask);
    }
    return output->file != NULL || output_failed(output);
}

bool output_keep(Output *output)
{
    FILE *file = output->file;

    if (file == NULL)
        return true;
    output->file = NULL;
    if (fclose(file) == 0 && (output->temporary == NULL || rename(output->temporary, output->place) == 0))
        return true;
    output_failed(output);
    if (output->temporary != NULL)
        unlink(output->temporary);
    return false;
}

void output_close(Output *output)
{
    if (output->file != NULL) {
        fclose(output->file);
        if (output->temporary != NULL)
            unlink(output->temporary);
    }
    if (output->temporary != NULL)
        ending_keep(output->temporary);
    free(output->temporary);
    free(output->place);
    *output = (Output){0};
}
