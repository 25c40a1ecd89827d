/*
 * list_stage.h: a list of teammates, tags or teams on its way into the temporary table listed_teammate,
 * listed_tag or listed_team.
 */
#ifndef TTR_LOADER_DATABASE_LIST_STAGE_H
#define TTR_LOADER_DATABASE_LIST_STAGE_H

#include "database/copy_in.h"
#include "read/export/list.h"

typedef struct ListStage {
    List list;
    RowStream stream;
    int64_t record_count;
} ListStage;

bool list_stage_begin(ListStage *stage, PGconn *connection, List list);
bool list_stage_add_teammate(ListStage *stage, const Teammate *teammate);
bool list_stage_add_named(ListStage *stage, const Named *named);

/* reason: NULL, or why the list is given up; then the result is false. */
bool list_stage_end(ListStage *stage, const char *reason);

#endif
