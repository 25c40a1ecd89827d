/*
 * sql.h: the SQL that the loader runs, carried inside the program.
 *
 * Each statement stands in one file, loader/sql/NAME.sql, which says what it does and what its parameters
 * are; the schema's scripts stand in sql/schema/. embed.awk makes C strings of them.
 */
#ifndef TTR_LOADER_SQL_H
#define TTR_LOADER_SQL_H

#include <stddef.h>

typedef struct SchemaScript {
    int version;
    const char *name;
    const char *sql;
} SchemaScript;

extern const SchemaScript schema_scripts[]; /* in the order of their versions; ends with version 0 */

/* The connection. */
extern const char sql_session[];

/* A run, in the order of its statements. */
extern const char sql_stage[];
extern const char sql_stage_tags[];
extern const char sql_copy_plain[];
extern const char sql_copy_whole[];
extern const char sql_analyze_stage[];
extern const char sql_keep_forgotten[];
extern const char sql_choose_joins[];
extern const char sql_take_deletions[];
extern const char sql_list_attributes[];
extern const char sql_add_file[];
extern const char sql_begin_run[];
extern const char sql_add_shape[];
extern const char sql_find_unknown_zone[];
extern const char sql_count_ambiguous[];
extern const char sql_localize[];
extern const char sql_add_tags[];
extern const char sql_name_tags[];
extern const char sql_gather_tags[];
extern const char sql_count_tags[];
extern const char sql_date_export[];
extern const char sql_add_events[];
extern const char sql_add_teammates[];
extern const char sql_fold[];
extern const char sql_settle[];
extern const char sql_find_repeated[];
extern const char sql_deduplicate[];
extern const char sql_take_turns[];
extern const char sql_count_rounds[];
extern const char sql_look_up[];
extern const char sql_begin_round[];
extern const char sql_compare[];
extern const char sql_keep_verdicts[];
extern const char sql_update[];
extern const char sql_insert[];
extern const char sql_keep_newest[];
extern const char sql_count_verdicts[];
extern const char sql_mark_deleted[];
extern const char sql_count_left_out[];
extern const char sql_extend_calendars[];

/* What it says. */
extern const char sql_summary_tables[];
extern const char sql_scope_load[];
extern const char sql_scope_database[];
extern const char sql_group_scope[];
extern const char sql_summarize[];
extern const char sql_reuse_summary[];
extern const char sql_report[];
extern const char sql_ledger[];
extern const char sql_table[];

/* The page. */
extern const char sql_find_unreadable[];

#endif
