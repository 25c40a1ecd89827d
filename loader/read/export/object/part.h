/*
 * part.h: a part of a conversation as a record of its own, in the streams of ETL tools.
 *
 *     {"type": "conversation_part", "id": "11", "part_type": "close", "conversation_id": 1, ...}
 */
#ifndef TTR_LOADER_READ_EXPORT_OBJECT_PART_H
#define TTR_LOADER_READ_EXPORT_OBJECT_PART_H

#include "read/json/reader.h"

/* Fills the conversation with the event alone: nothing is derived from it. */
bool part_conversation(JsonReader *reader, Conversation *conversation, Defect *problem);

#endif
