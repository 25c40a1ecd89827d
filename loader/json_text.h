/*
 * json_text.h: what the text of a record must be besides JSON, so that the database can take what is kept of
 * it.
 */
#ifndef TTR_LOADER_JSON_TEXT_H
#define TTR_LOADER_JSON_TEXT_H

#include "defect.h"
#include "json_scan.h"
#include "text.h"

/* scan: of this text, complete. */
bool check_json_text(Slice raw, const JsonScan *scan, Defect *problem);

#endif
