/*
 * text.h: checks that the text of a record is fit for the database, beyond the grammar of JSON.
 */
#ifndef TTR_LOADER_READ_JSON_TEXT_H
#define TTR_LOADER_READ_JSON_TEXT_H

#include "read/json/scan.h"
#include "read/text/defect.h"
#include "read/text/slice.h"

/* scan: the complete scan of this text. */
bool check_json_text(Slice raw, const JsonScan *scan, Defect *problem);

/*
 * Finds the next string, from *from on, whose content has more bytes than limit, and moves *from behind it.
 * False: there is none. check_json_string() must check content that the parser does not get.
 */
bool find_long_string(Slice raw, size_t limit, size_t *from, Slice *content);
bool check_json_string(Slice content, Defect *problem);

#endif
