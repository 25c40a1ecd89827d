/*
 * options.c: the command line. See options.h.
 *
 * One table has all of an option: its spelling, its line in --help, and the member of Options that it sets.
 */
#include "options.h"

#include <getopt.h>
#include <stddef.h>
#include <stdio.h>

#include "option_error.h"
#include "option_value.h"

typedef struct OptionSpec {
    char letter;          /* or 0 */
    const char *name;     /* NULL: a heading of the help */
    const char *argument; /* NULL: takes none; "[=WORD]": may be left out */
    enum {
        SETS_TEXT,   /* to the argument */
        SETS_FLAG,   /* to true */
        SETS_CHOICE, /* to the choice */
        SETS_ACTION, /* to the choice, if it goes with the actions before */
        READS_VALUE, /* reads the argument, or reports what is wrong with it */
    } effect;
    size_t member; /* its offset in Options */
    int choice;
    bool (*read)(Options *options, const char *argument);
    const char *help;
} OptionSpec;

#define TEXT(name)           SETS_TEXT, offsetof(Options, name), 0, NULL
#define FLAG(name)           SETS_FLAG, offsetof(Options, name), 0, NULL
#define CHOICE(name, choice) SETS_CHOICE, offsetof(Options, name), choice, NULL
#define DO(action)           SETS_ACTION, 0, action, NULL
#define CHECKED(read)        READS_VALUE, 0, 0, read

static const OptionSpec specs[] = {
    {.help = "Connection, as psql has it (PG* environment variables count too)"},
    {'d', "dbname", "NAME", TEXT(connection.database), "database, URI or conninfo string"},
    {'h', "host", "HOST", TEXT(connection.host), "host, or directory of the socket"},
    {'p', "port", "PORT", TEXT(connection.port), "port"},
    {'U', "username", "ROLE", TEXT(connection.user), "role"},
    {'w', "no-password", NULL, CHOICE(connection.prompt, PROMPT_NEVER), "never ask for a password"},
    {'W', "password", NULL, CHOICE(connection.prompt, PROMPT_ALWAYS), "always ask for one"},
    {.help = "Reading"},
    {0, "format", "FORMAT", CHECKED(read_format), "auto (default: by the content), or a shape's name"},
    {0, "encoding", "NAME", CHECKED(read_encoding),
     "encoding of the exports, such as windows-1252 (default UTF-8)"},
    {0, "timezone", "ZONE", TEXT(time_zone), "zone of times without an offset (default UTC)"},
    {0, "date-format", "FORMAT", CHECKED(read_date_format),
     "days of tables, such as MM/DD/YYYY, beside ISO 8601"},
    {0, "exported-at", "TIME", CHECKED(read_exported_at),
     "when the export was taken (default: its newest time)"},
    {0, "admins", "FILE", TEXT(lists[LIST_TEAMMATES]),
     "who the teammates are: GET /admins of Intercom's API, or a table"},
    {0, "tags", "FILE", TEXT(lists[LIST_TAGS]),
     "what the tags are called: GET /tags of Intercom's API, or a table"},
    {0, "teams", "FILE", TEXT(lists[LIST_TEAMS]),
     "what the teams are called: GET /teams of Intercom's API, or a table"},
    {0, "rejects", "FILE", TEXT(rejects),
     "write rejected records to FILE, also when the load is rolled back"},
    {0, "max-rejects", "N|P%", CHECKED(read_max_rejects),
     "roll back if more are rejected; within the limit, exit 0"},
    {.help = "Loading"},
    {0, "dry-run", NULL, FLAG(dry_run), "do everything, files included, then roll back"},
    {0, "report", "FILE", TEXT(report), "write the closed conversations of this load to FILE, as CSV"},
    {0, "spreadsheet", NULL, FLAG(spreadsheet),
     "with --report: an apostrophe before cells that a spreadsheet would compute"},
    {0, "html", "FILE", TEXT(html), "write the published figures to FILE, as a page to look at"},
    {0, "no-refresh", NULL, FLAG(no_refresh), "leave the published figures as they are"},
    {0, "follow", NULL, FLAG(follow), "load an endless stream of JSON, batch by batch, until a signal"},
    {0, "every", "SECONDS", CHECKED(read_every), "with --follow: longest time of a batch (default 10)"},
    {0, "batch", "N", CHECKED(read_batch), "with --follow: most records of a batch (default 10000)"},
    {.help = "Instead of loading"},
    {0, "init", NULL, DO(ACTION_INIT), "create or upgrade the schema (a load does it, too)"},
    {0, "print-sql", NULL, DO(ACTION_PRINT_SQL), "print the SQL that does so"},
    {0, "refresh", NULL, DO(ACTION_REFRESH), "recompute the published figures"},
    {0, "shapes", NULL, CHOICE(action, ACTION_SHAPES), "show what is read of which export"},
    {'?', "help", NULL, CHOICE(action, ACTION_HELP), "show this"},
    {'V', "version", NULL, CHOICE(action, ACTION_VERSION), "show the version"},
    {.help = "Output"},
    {0, "json", "[=full|brief]", CHECKED(read_json),
     "summary as JSON (default unless on a terminal); brief: totals only"},
    {0, "table", NULL, CHOICE(table, WHEN_ALWAYS), "summary as a table (default on a terminal)"},
    {'q', "quiet", NULL, CHOICE(verbosity, VERBOSITY_QUIET),
     "errors only; the summary if --json or --table asks for it"},
    {'v', "verbose", NULL, CHOICE(verbosity, VERBOSITY_VERBOSE), "phases and their times, too"},
    {0, "progress", "WHEN", CHECKED(read_progress), "auto (default: on a terminal), always, never"},
};

/* Code of the first long option: above all letters. */
#define FIRST_CODE 1000

#define SPEC_COUNT ((int)(sizeof(specs) / sizeof(specs[0])))

static int argument_kind(const OptionSpec *spec)
{
    if (spec->argument == NULL)
        return no_argument;
    return *spec->argument == '[' ? optional_argument : required_argument;
}

void options_print_help(void)
{
    puts("ttr-load reads exports of conversations into PostgreSQL and prints how long they took to resolve.\n"
         "\n"
         "Usage: ttr-load [OPTION]... FILE...        FILE is - for standard input\n"
         "FILE is CSV, JSON or NDJSON, or what Intercom's API or reports gave\n"
         "(--shapes lists them); plain, gzip, zstd or tar.");
    for (int i = 0; i < SPEC_COUNT; i++) {
        const OptionSpec *spec = &specs[i];
        char spelling[64];

        if (spec->name == NULL) {
            printf("\n%s:\n", spec->help);
            continue;
        }
        snprintf(spelling, sizeof(spelling), "%c%c%s--%s%s%s", spec->letter ? '-' : ' ',
                 spec->letter ? spec->letter : ' ', spec->letter ? ", " : "  ", spec->name,
                 argument_kind(spec) == required_argument ? "=" : "", spec->argument ? spec->argument : "");
        printf("  %-24s %s\n", spelling, spec->help);
    }
    puts("\n"
         "Exit codes: 0 loaded, 1 usage or file, 2 no connection, 3 rolled back, 4 loaded with rejects,\n"
         "5 loaded but not refreshed, 6 another load is running, 128+n signal n.\n"
         "\n"
         "Examples:\n"
         "  ttr-load -d support export.csv\n"
         "  ttr-load -d support --timezone=Europe/Berlin --report=closed.csv may.csv june.csv\n"
         "  curl -sf https://example.org/conversations.json.gz | ttr-load -d postgresql://loader@db/support "
         "-");
}

/* Writes the table in getopt's two notations. The code of an option is its place. */
static void build_getopt(struct option *long_options, char *letters)
{
    *letters++ = ':';
    for (int i = 0; i < SPEC_COUNT; i++) {
        if (specs[i].name == NULL)
            continue;
        *long_options++ = (struct option){specs[i].name, argument_kind(&specs[i]), NULL, FIRST_CODE + i};
        if (specs[i].letter && specs[i].letter != '?') {
            *letters++ = specs[i].letter;
            if (specs[i].argument)
                *letters++ = ':';
        }
    }
    *long_options = (struct option){0};
    *letters = '\0';
}

static const OptionSpec *find_spec(int code)
{
    for (int i = 0; i < SPEC_COUNT; i++)
        if (code == FIRST_CODE + i || (specs[i].letter && code == specs[i].letter))
            return &specs[i];
    return NULL;
}

/* --print-sql goes with --init, and then only prints. */
static bool set_action(Options *options, Action action)
{
    if (options->action != ACTION_LOAD && (options->action == ACTION_REFRESH || action == ACTION_REFRESH))
        return failure(EXIT_USAGE, "--refresh cannot be combined with --init or --print-sql");
    if (options->action < action)
        options->action = action;
    return true;
}

static bool apply(const OptionSpec *spec, Options *options, const char *argument)
{
    char *member = (char *)options + spec->member;

    switch (spec->effect) {
    case SETS_TEXT:
        *(const char **)member = argument;
        break;
    case SETS_FLAG:
        *(bool *)member = true;
        break;
    case SETS_CHOICE:
        *(int *)member = spec->choice;
        break;
    case SETS_ACTION:
        return set_action(options, (Action)spec->choice);
    case READS_VALUE:
        return spec->read(options, argument);
    }
    return true;
}

/* Reads the options up to the first one that needs nothing else, such as --help. */
static bool read_options(Options *options, int argc, char **argv)
{
    struct option long_options[SPEC_COUNT + 1];
    char letters[2 * SPEC_COUNT + 2];

    build_getopt(long_options, letters);
    opterr = 0;
    while (options->action < ACTION_SHAPES) {
        int code;

        optopt = 0;
        code = getopt_long(argc, argv, letters, long_options, NULL);
        if (code == -1)
            break;
        /* getopt_long() returns '?' for an unknown option, with its letter in optopt, and for -?, which is
         * none of its letters. */
        if (code == ':' || (code == '?' && optopt != '?'))
            return report_bad_option(code, argv[optind - 1], long_options);
        if (!apply(find_spec(code), options, optarg))
            return false;
    }
    return true;
}

/* Leaves out the summary and the progress line, unless an option asks for them. */
static void be_quiet(Options *options)
{
    options->no_summary = options->table == WHEN_TERMINAL;
    if (options->progress == WHEN_TERMINAL)
        options->progress = WHEN_NEVER;
}

static bool has_lists(const Options *options)
{
    for (List list = LIST_NONE + 1; list < LISTS; list++)
        if (options->lists[list] != NULL)
            return true;
    return false;
}

static bool can_write_page(const Options *options)
{
    return (options->action == ACTION_LOAD || options->action == ACTION_REFRESH) && !options->dry_run &&
           !options->follow;
}

static bool can_follow(const Options *options)
{
    bool is_table = options->shape != NULL && options->shape->content == FORMAT_CSV;

    return options->action == ACTION_LOAD && options->file_count == 1 && !is_table && !options->dry_run &&
           !has_lists(options) && options->report == NULL;
}

static bool refuse(const char *message, const char *advice)
{
    failure(EXIT_USAGE, "%s", message);
    hint("%s", advice);
    return false;
}

/* Checks that the options go together, and with the files. */
static bool check_together(const Options *options)
{
    bool loads = options->action == ACTION_LOAD;

    if (loads && options->file_count == 0 && !has_lists(options))
        return refuse("no file to load", "ttr-load --help lists the options.");
    if (!loads &&
        (options->dry_run || has_lists(options) || options->report != NULL || options->rejects != NULL))
        return failure(EXIT_USAGE,
                       "--dry-run, --admins, --tags, --teams, --report and --rejects go with loading only");
    if (options->spreadsheet && options->report == NULL)
        return refuse("--spreadsheet goes with --report",
                      "For example: ttr-load -d support --report=closed.csv --spreadsheet may.csv");
    if (options->html != NULL && !can_write_page(options))
        return refuse("--html goes with loading or --refresh, and neither with --dry-run nor with --follow",
                      "For example: ttr-load -d support --refresh --html=figures.html");
    if (options->follow && !can_follow(options))
        return refuse(
            "--follow takes one stream of JSON, and none of --dry-run, --admins, --tags, --teams and "
            "--report",
            "For example: webhooks | ttr-load --follow --every=10 -d support -");
    if (!loads && options->file_count > 0)
        return failure(EXIT_USAGE, "\"%s\" is not loaded: --init, --print-sql and --refresh take no file",
                       options->files[0]);
    return true;
}

bool options_parse(Options *options, int argc, char **argv)
{
    *options = (Options){
        .time_zone = "UTC", .max_rejects = -1, .every = 10, .batch = 10000, .verbosity = VERBOSITY_NORMAL};
    if (!read_options(options, argc, argv))
        return false;
    if (options->verbosity == VERBOSITY_QUIET)
        be_quiet(options);
    options->connection.outlives_server = options->follow;
    options->files = argv + optind;
    options->file_count = argc - optind;
    return options->action >= ACTION_SHAPES || check_together(options);
}
