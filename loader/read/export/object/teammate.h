/*
 * teammate.h: a teammate, as Intercom's API lists them (GET /admins).
 */
#ifndef TTR_LOADER_READ_EXPORT_OBJECT_TEAMMATE_H
#define TTR_LOADER_READ_EXPORT_OBJECT_TEAMMATE_H

#include "read/json/reader.h"

/* Whether the record is a team, whose identifier stands for nobody that a conversation is assigned to. */
bool teammate_is_team(const JsonRecord *record);

/* False: *problem says why it must be rejected. The teammate borrows from the record. */
bool teammate_read(const JsonRecord *record, Teammate *teammate, Defect *problem);

#endif
