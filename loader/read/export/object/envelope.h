/*
 * envelope.h: a record out of what others have put around it.
 *
 *     {"type": "notification_event", "topic": ..., "data": {"item": {record}}}        a webhook
 *     {"stream": ..., "data": {record}}                                               Airbyte, in files
 *     {"type": "RECORD", "record": {"stream": ..., "data": {record}}}                 Airbyte, in pipes
 *     {"_airbyte_data": {record}}, {"_airbyte_data": "{record}"}                      Airbyte, raw
 *     {"type": "RECORD", "stream": ..., "record": {record}}                           Singer
 *
 * An envelope is parsed like a record. When its members show what it is, the text of the one that holds the
 * record is parsed anew. Besides records these streams have messages that say nothing of any conversation:
 * schemas, states, other streams, notifications of other things. They are no records that are bad.
 */
#ifndef TTR_LOADER_READ_EXPORT_OBJECT_ENVELOPE_H
#define TTR_LOADER_READ_EXPORT_OBJECT_ENVELOPE_H

#include "read/json/reader.h"

/* Reads a record, whatever it stands in; false: *problem says why it must be rejected. */
bool json_read(JsonReader *reader, Slice raw, const JsonScan *scan, Defect *problem);

/* The same of a text that should be an object, and nothing else. The text may be changed later. */
bool json_read_text(JsonReader *reader, Slice text, Defect *problem);

/* Room for a text of that length, which json_read_text() is to read; it lasts until the next one. */
char *json_room(JsonReader *reader, size_t length);

#endif
