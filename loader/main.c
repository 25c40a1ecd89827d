/*
 * main.c: ttr-load, which brings exports of conversations into PostgreSQL.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "database/schema.h"
#include "follow.h"
#include "load.h"
#include "terminal/output.h"
#include "terminal/signals.h"

/* What was asked for is what was printed. */
static ExitCode end_print(void)
{
    if (!output_flush_standard())
        failure(EXIT_USAGE, "could not write to standard output: %s", strerror(errno));
    return failure_code();
}

static ExitCode run(const Options *options)
{
    switch (options->action) {
    case ACTION_LOAD:
        return options->follow ? follow(options) : load(options);
    case ACTION_INIT:
        return load_init(options);
    case ACTION_PRINT_SQL:
        schema_print();
        break;
    case ACTION_SHAPES:
        shapes_print();
        break;
    case ACTION_REFRESH:
        return load_refresh(options);
    case ACTION_HELP:
        options_print_help();
        break;
    case ACTION_VERSION:
        puts("ttr-load " TTR_VERSION);
        break;
    }
    return end_print();
}

/* Opens closed standard descriptors on /dev/null, so that no later open() gets their numbers. */
static void open_standard_files(void)
{
    int descriptor;

    do
        descriptor = open("/dev/null", O_RDWR);
    while (descriptor >= 0 && descriptor <= STDERR_FILENO);
    close(descriptor);
}

int main(int argc, char **argv)
{
    Options options;
    ExitCode code;

    open_standard_files();
    if (!options_parse(&options, argc, argv))
        return EXIT_USAGE;
    message_set_verbosity(options.verbosity);
    code = run(&options);
    signals_end_process();
    return code;
}
