/*
 * options.h: what the command line asks for.
 */
#ifndef TTR_LOADER_OPTIONS_H
#define TTR_LOADER_OPTIONS_H

#include "database/connection.h"
#include "read/export/shape.h"

typedef enum Action {
    ACTION_LOAD,
    ACTION_INIT,      /* create or upgrade the schema */
    ACTION_PRINT_SQL, /* print its SQL */
    ACTION_REFRESH,   /* recompute the figures */
    ACTION_SHAPES,    /* print what they are */
    ACTION_HELP,
    ACTION_VERSION,
} Action;

typedef enum When {
    WHEN_TERMINAL,
    WHEN_ALWAYS,
    WHEN_NEVER,
} When;

typedef struct Options {
    Action action;
    ConnectionOptions connection;
    char *const *files;
    int file_count;
    const Shape *shape;      /* NULL: the content tells */
    const char *time_zone;   /* IANA zone of naive times */
    DateFormat dates;        /* how tables may write days */
    const char *encoding;    /* of exports; NULL: UTF-8 */
    const char *exported_at; /* NULL: the newest time in the export */
    const char *admins;      /* file names, or NULL */
    const char *tags;
    const char *report;
    const char *html;
    const char *rejects;
    double max_rejects; /* a count or a percentage; negative: no limit */
    bool max_rejects_is_percent;
    bool follow;
    double every;  /* seconds of a batch that is followed */
    int64_t batch; /* and records */
    bool dry_run;
    bool no_refresh;
    When table;      /* the summary as a table instead of JSON */
    bool brief;      /* the JSON without assignees and tags */
    bool no_summary; /* neither of them */
    When progress;
    Verbosity verbosity;
} Options;

/* Reports what is wrong with the command line; false then. */
bool options_parse(Options *options, int argc, char **argv);

void options_print_help(void);

#endif
