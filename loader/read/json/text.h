/*
 * text.h: what the text of a record must be besides JSON, so that the database can take what is kept of
 * it.
 */
#ifndef TTR_LOADER_READ_JSON_TEXT_H
#define TTR_LOADER_READ_JSON_TEXT_H

#include "read/json/scan.h"
#include "read/text/defect.h"
#include "read/text/slice.h"

/* scan: of this text, complete. */
bool check_json_text(Slice raw, const JsonScan *scan, Defect *problem);

/*
 * The next string from *from on whose content has more bytes than limit: *content is that, and *from moves
 * behind it. False: there is none. The content must be checked by check_json_string() where the parser does
 * not get to see it.
 */
bool find_long_string(Slice raw, size_t limit, size_t *from, Slice *content);
bool check_json_string(Slice content, Defect *problem);

#endif
