/*
 * options.h: what the command line asks for.
 */
#ifndef TTR_LOADER_OPTIONS_H
#define TTR_LOADER_OPTIONS_H

#include "database/connection.h"
#include "read/export/list.h"

typedef enum Action {
    ACTION_LOAD,
    ACTION_INIT,      /* create or upgrade the schema */
    ACTION_PRINT_SQL, /* print its SQL */
    ACTION_REFRESH,   /* recompute the figures */
    ACTION_SHAPES,    /* print the layouts that can be read */
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
    const Shape *shape;       /* NULL: found from the content */
    const char *time_zone;    /* IANA zone of naive times */
    DateFormat dates;         /* how tables may write days */
    const char *encoding;     /* of exports; NULL: UTF-8 */
    const char *exported_at;  /* NULL: the newest time in the export */
    const char *lists[LISTS]; /* file names, or NULL */
    const char *report;
    bool spreadsheet; /* the report has no cell that a spreadsheet would compute */
    const char *html;
    const char *rejects;
    double max_rejects; /* a count or a percentage; negative: no limit */
    bool max_rejects_is_percent;
    bool follow;
    double every;  /* with follow: longest time of a batch, in seconds */
    int64_t batch; /* with follow: most records of a batch */
    bool dry_run;
    bool no_refresh;
    When table;      /* the summary as a table instead of JSON */
    bool brief;      /* the JSON without assignees and tags */
    bool no_summary; /* no summary at all */
    When progress;
    Verbosity verbosity;
} Options;

/* Reads the command line, or reports what is wrong with it and returns false. */
bool options_parse(Options *options, int argc, char **argv);

void options_print_help(void);

#endif
