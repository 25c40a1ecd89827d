/*
 * options.c: what the command line asks for. See options.h.
 *
 * One table says all about an option: how it is spelled, what --help says of it, and what it sets.
 */
#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "option_error.h"
#include "read/source/transcode.h"
#include "read/text/defect.h"
#include "read/text/timestamp.h"

typedef bool OptionSetter(Options *options, const char *argument);

typedef struct OptionSpec {
    char letter;          /* or 0 */
    const char *name;     /* NULL: a heading of the help */
    const char *argument; /* NULL: takes none; "[=WORD]": may be left out */
    OptionSetter *set;
    const char *help;
} OptionSpec;

static bool set_database(Options *options, const char *argument)
{
    options->connection.database = argument;
    return true;
}

static bool set_host(Options *options, const char *argument)
{
    options->connection.host = argument;
    return true;
}

static bool set_port(Options *options, const char *argument)
{
    options->connection.port = argument;
    return true;
}

static bool set_user(Options *options, const char *argument)
{
    options->connection.user = argument;
    return true;
}

static bool set_no_password(Options *options, const char *argument)
{
    (void)argument;
    options->connection.prompt = PROMPT_NEVER;
    return true;
}

static bool set_password(Options *options, const char *argument)
{
    (void)argument;
    options->connection.prompt = PROMPT_ALWAYS;
    return true;
}

static bool set_format(Options *options, const char *argument)
{
    char *names;

    options->shape = shape_named(argument);
    if (options->shape != NULL || strcmp(argument, "auto") == 0)
        return true;
    names = shape_names();
    failure(EXIT_USAGE, "there is no format \"%s\"", argument);
    hint("The formats are %s; for example: --format=csv", names);
    free(names);
    return false;
}

static bool set_time_zone(Options *options, const char *argument)
{
    options->time_zone = argument;
    return true;
}

/* What is UTF-8 needs no decoding. */
static bool set_encoding(Options *options, const char *argument)
{
    options->encoding =
        strcasecmp(argument, "utf-8") == 0 || strcasecmp(argument, "utf8") == 0 ? NULL : argument;
    if (encoding_is_known(argument))
        return true;
    failure(EXIT_USAGE, "--encoding: there is no encoding \"%s\"", argument);
    hint("For example: --encoding=windows-1252 (iconv -l lists all)");
    return false;
}

static bool set_date_format(Options *options, const char *argument)
{
    if (date_format_read(argument, &options->dates))
        return true;
    failure(EXIT_USAGE, "--date-format: \"%s\" is no pattern of a day", argument);
    hint("It names day, month and a year of four digits in their order, for example: "
         "--date-format=MM/DD/YYYY or "
         "--date-format=DD.MM.YYYY");
    return false;
}

static bool set_exported_at(Options *options, const char *argument)
{
    Instant instant;
    Defect problem;

    if (!timestamp_parse((Slice){argument, strlen(argument)}, "--exported-at", &instant, &problem))
        return failure(EXIT_USAGE, "--exported-at: %s", problem.detail);
    if (instant.naive) {
        failure(EXIT_USAGE, "--exported-at needs an offset from UTC");
        hint("For example: --exported-at=2025-06-01T06:00:00Z");
        return false;
    }
    options->exported_at = argument;
    return true;
}

static bool set_admins(Options *options, const char *argument)
{
    options->admins = argument;
    return true;
}

static bool set_tags(Options *options, const char *argument)
{
    options->tags = argument;
    return true;
}

static bool set_report(Options *options, const char *argument)
{
    options->report = argument;
    return true;
}

static bool set_html(Options *options, const char *argument)
{
    options->html = argument;
    return true;
}

static bool set_rejects(Options *options, const char *argument)
{
    options->rejects = argument;
    return true;
}

static bool set_max_rejects(Options *options, const char *argument)
{
    char *end;

    options->max_rejects = strtod(argument, &end);
    options->max_rejects_is_percent = strcmp(end, "%") == 0;
    if (options->max_rejects_is_percent) {
        if (strspn(argument, "0123456789.") == strlen(argument) - 1 && end > argument &&
            options->max_rejects <= 100)
            return true;
    } else if (*argument != '\0' && strspn(argument, "0123456789") == strlen(argument) &&
               strlen(argument) <= 15) {
        return true;
    }
    failure(EXIT_USAGE, "--max-rejects: \"%s\" is neither a count nor a percentage", argument);
    hint("For example: --max-rejects=100 or --max-rejects=0.5%%");
    return false;
}

static bool set_follow(Options *options, const char *argument)
{
    (void)argument;
    options->follow = true;
    return true;
}

static bool set_every(Options *options, const char *argument)
{
    char *end;

    options->every = strtod(argument, &end);
    if (end > argument && *end == '\0' && options->every > 0 && options->every <= 86400)
        return true;
    failure(EXIT_USAGE, "--every: \"%s\" is no number of seconds up to 86400", argument);
    hint("For example: --every=10");
    return false;
}

static bool set_batch(Options *options, const char *argument)
{
    options->batch = atoll(argument);
    if (*argument != '\0' && strspn(argument, "0123456789") == strlen(argument) && strlen(argument) <= 12 &&
        options->batch > 0)
        return true;
    failure(EXIT_USAGE, "--batch: \"%s\" is no number of records", argument);
    hint("For example: --batch=1000");
    return false;
}

static bool set_dry_run(Options *options, const char *argument)
{
    (void)argument;
    options->dry_run = true;
    return true;
}

static bool set_no_refresh(Options *options, const char *argument)
{
    (void)argument;
    options->no_refresh = true;
    return true;
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

static bool set_init(Options *options, const char *argument)
{
    (void)argument;
    return set_action(options, ACTION_INIT);
}

static bool set_print_sql(Options *options, const char *argument)
{
    (void)argument;
    return set_action(options, ACTION_PRINT_SQL);
}

static bool set_refresh(Options *options, const char *argument)
{
    (void)argument;
    return set_action(options, ACTION_REFRESH);
}

static bool set_json(Options *options, const char *argument)
{
    options->table = WHEN_NEVER;
    options->brief = argument != NULL && strcmp(argument, "brief") == 0;
    if (argument == NULL || options->brief || strcmp(argument, "full") == 0)
        return true;
    failure(EXIT_USAGE, "--json: \"%s\" is neither full nor brief", argument);
    hint("For example: --json=brief");
    return false;
}

static bool set_table(Options *options, const char *argument)
{
    (void)argument;
    options->table = WHEN_ALWAYS;
    return true;
}

static bool set_quiet(Options *options, const char *argument)
{
    (void)argument;
    options->verbosity = VERBOSITY_QUIET;
    return true;
}

static bool set_verbose(Options *options, const char *argument)
{
    (void)argument;
    options->verbosity = VERBOSITY_VERBOSE;
    return true;
}

static bool set_progress(Options *options, const char *argument)
{
    static const char *const words[] = {"auto", "always", "never"};

    for (int i = 0; i < 3; i++)
        if (strcmp(argument, words[i]) == 0) {
            options->progress = (When)i;
            return true;
        }
    return failure(EXIT_USAGE, "--progress: \"%s\" is none of auto, always and never", argument);
}

static bool set_shapes(Options *options, const char *argument)
{
    (void)argument;
    options->action = ACTION_SHAPES;
    return true;
}

static bool set_help(Options *options, const char *argument)
{
    (void)argument;
    options->action = ACTION_HELP;
    return true;
}

static bool set_version(Options *options, const char *argument)
{
    (void)argument;
    options->action = ACTION_VERSION;
    return true;
}

static const OptionSpec specs[] = {
    {0, NULL, NULL, NULL, "Connection, as psql has it (PG* environment variables count too)"},
    {'d', "dbname", "NAME", set_database, "database, URI or conninfo string"},
    {'h', "host", "HOST", set_host, "host, or directory of the socket"},
    {'p', "port", "PORT", set_port, "port"},
    {'U', "username", "ROLE", set_user, "role"},
    {'w', "no-password", NULL, set_no_password, "never ask for a password"},
    {'W', "password", NULL, set_password, "always ask for one"},
    {0, NULL, NULL, NULL, "Reading"},
    {0, "format", "FORMAT", set_format, "auto (default: the content tells), or a shape's name"},
    {0, "encoding", "NAME", set_encoding, "encoding of the exports, such as windows-1252 (default UTF-8)"},
    {0, "timezone", "ZONE", set_time_zone, "zone of times without an offset (default UTC)"},
    {0, "date-format", "FORMAT", set_date_format, "days of tables, such as MM/DD/YYYY, beside ISO 8601"},
    {0, "exported-at", "TIME", set_exported_at, "when the export was taken (default: its newest time)"},
    {0, "admins", "FILE", set_admins, "who the teammates are: GET /admins of Intercom's API, or a table"},
    {0, "tags", "FILE", set_tags, "what the tags are called: GET /tags of Intercom's API, or a table"},
    {0, "rejects", "FILE", set_rejects, "write rejected records to FILE, also when the load is rolled back"},
    {0, "max-rejects", "N|P%", set_max_rejects, "roll back if more are rejected; within the limit, exit 0"},
    {0, NULL, NULL, NULL, "Loading"},
    {0, "dry-run", NULL, set_dry_run, "do everything, files included, then roll back"},
    {0, "report", "FILE", set_report, "write the closed conversations of this load to FILE, as CSV"},
    {0, "html", "FILE", set_html, "write the published figures to FILE, as a page to look at"},
    {0, "no-refresh", NULL, set_no_refresh, "leave the published figures as they are"},
    {0, "follow", NULL, set_follow, "load an endless stream of JSON, batch by batch, until a signal"},
    {0, "every", "SECONDS", set_every, "with --follow: longest time of a batch (default 10)"},
    {0, "batch", "N", set_batch, "with --follow: most records of a batch (default 10000)"},
    {0, NULL, NULL, NULL, "Instead of loading"},
    {0, "init", NULL, set_init, "create or upgrade the schema (a load does it, too)"},
    {0, "print-sql", NULL, set_print_sql, "print the SQL that does so"},
    {0, "refresh", NULL, set_refresh, "recompute the published figures"},
    {0, "shapes", NULL, set_shapes, "show what is read of which export"},
    {'?', "help", NULL, set_help, "show this"},
    {'V', "version", NULL, set_version, "show the version"},
    {0, NULL, NULL, NULL, "Output"},
    {0, "json", "[=full|brief]", set_json,
     "summary as JSON (default unless on a terminal); brief: totals only"},
    {0, "table", NULL, set_table, "summary as a table (default on a terminal)"},
    {'q', "quiet", NULL, set_quiet, "errors only; the summary if --json or --table asks for it"},
    {'v', "verbose", NULL, set_verbose, "phases and their times, too"},
    {0, "progress", "WHEN", set_progress, "auto (default: on a terminal), always, never"},
};

/* Above all letters. */
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

/* getopt's two notations, from the table; an option is known by its place. */
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

static bool see_help(void)
{
    hint("ttr-load --help lists the options.");
    return false;
}

/* What is asked for by name is shown all the same. */
static void be_quiet(Options *options)
{
    options->no_summary = options->table == WHEN_TERMINAL;
    if (options->progress == WHEN_TERMINAL)
        options->progress = WHEN_NEVER;
}

bool options_parse(Options *options, int argc, char **argv)
{
    struct option long_options[SPEC_COUNT + 1];
    char letters[2 * SPEC_COUNT + 2];
    int code;

    *options = (Options){
        .time_zone = "UTC", .max_rejects = -1, .every = 10, .batch = 10000, .verbosity = VERBOSITY_NORMAL};
    build_getopt(long_options, letters);
    opterr = 0;
    while (optopt = 0, (code = getopt_long(argc, argv, letters, long_options, NULL)) != -1) {
        const OptionSpec *spec = find_spec(code);

        /* -? is not among getopt's letters: it says '?' for what it does not know, and optopt what that was.
         */
        if (code == '?' && optopt != '?') {
            if (optopt == 0 || optopt >= FIRST_CODE)
                return report_bad_option(argv[optind - 1], long_options);
            failure(EXIT_USAGE, "there is no option -%c", optopt);
            return see_help();
        }
        if (code == ':') {
            failure(EXIT_USAGE, "the option %s needs a value", argv[optind - 1]);
            return see_help();
        }
        if (!spec->set(options, optarg))
            return false;
        if (options->action >= ACTION_SHAPES)
            return true;
    }

    if (options->verbosity == VERBOSITY_QUIET)
        be_quiet(options);
    options->files = argv + optind;
    options->file_count = argc - optind;
    if (options->action == ACTION_LOAD && options->file_count == 0 && options->admins == NULL &&
        options->tags == NULL) {
        failure(EXIT_USAGE, "no file to load");
        return see_help();
    }
    if (options->action != ACTION_LOAD &&
        (options->dry_run || options->admins != NULL || options->tags != NULL || options->report != NULL ||
         options->rejects != NULL))
        return failure(EXIT_USAGE,
                       "--dry-run, --admins, --tags, --report and --rejects go with loading only");
    if (options->html != NULL && ((options->action != ACTION_LOAD && options->action != ACTION_REFRESH) ||
                                  options->dry_run || options->follow)) {
        failure(EXIT_USAGE,
                "--html goes with loading or --refresh, and neither with --dry-run nor with --follow");
        hint("For example: ttr-load -d support --refresh --html=figures.html");
        return false;
    }
    if (options->follow && (options->action != ACTION_LOAD || options->file_count != 1 || options->dry_run ||
                            options->admins != NULL || options->tags != NULL || options->report != NULL ||
                            (options->shape != NULL && options->shape->content == FORMAT_CSV))) {
        failure(EXIT_USAGE,
                "--follow takes one stream of JSON, and none of --dry-run, --admins, --tags and --report");
        hint("For example: webhooks | ttr-load --follow --every=10 -d support -");
        return false;
    }
    if (options->action != ACTION_LOAD && options->file_count > 0)
        return failure(EXIT_USAGE, "\"%s\" is not loaded: --init, --print-sql and --refresh take no file",
                       options->files[0]);
    return true;
}
