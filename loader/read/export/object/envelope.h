/*
 * envelope.h: takes a record out of its envelopes.
 *
 *     {"type": "notification_event", "topic": ..., "data": {"item": {record}}}        a webhook
 *     {"stream": ..., "data": {record}}                                               Airbyte, in files
 *     {"type": "RECORD", "record": {"stream": ..., "data": {record}}}                 Airbyte, in pipes
 *     {"_airbyte_data": {record}}, {"_airbyte_data": "{record}"}                      Airbyte, raw
 *     {"type": "RECORD", "stream": ..., "record": {record}}                           Singer
 *
 * An envelope is parsed like a record. If its members show that it is an envelope, the text of the member
 * that holds the record is parsed again. These streams also have messages that concern no conversation:
 * schemas, states, other streams, notifications of other things. They are ignored, not rejected.
 */
#ifndef TTR_LOADER_READ_EXPORT_OBJECT_ENVELOPE_H
#define TTR_LOADER_READ_EXPORT_OBJECT_ENVELOPE_H

#include "read/json/reader.h"

/* Reads a record, in envelopes or not; false: *problem has the reason to reject it. */
bool json_read(JsonReader *reader, Slice raw, const JsonScan *scan, Defect *problem);

/* The same for a text that must be exactly one object. The text may be changed. */
bool json_read_text(JsonReader *reader, Slice text, Defect *problem);

/* Room for a text of that length, for json_read_text(). It lasts until the next call. */
char *json_room(JsonReader *reader, size_t length);

#endif
