/*
 * likely_field.h: names in an export that look like an assignee, a start or a close.
 *
 * A column or a member that becomes no field is kept as an attribute. If it is called "closed at", it is more
 * likely the close under a name of another tool, and people want to know.
 */
#ifndef TTR_LOADER_READ_RECORD_LIKELY_FIELD_H
#define TTR_LOADER_READ_RECORD_LIKELY_FIELD_H

#include <stdint.h>

#include "read/record/name_list.h"

bool looks_like_a_field(Slice name);

/* Attributes that look like fields. */
typedef struct LikelyFields {
    NameList names;
    int noted;           /* how many of the names have been noted */
    uint32_t judged[64]; /* hashes of names that were judged, by their last bits */
} LikelyFields;

/*
 * Adds the name if it looks like a field. Records are many, and their members the same: a name is judged
 * again only if another with the same last bits of the hash came in between. A name with the hash of another
 * is passed over.
 */
void likely_fields_judge(LikelyFields *fields, Slice name, uint32_t hash);

/* Notes the names that are new since the last note: "kept as attribute: ...". */
void likely_fields_note(LikelyFields *fields);

#endif
