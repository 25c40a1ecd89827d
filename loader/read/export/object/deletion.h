/*
 * deletion.h: a record of the deletion of a conversation.
 *
 *     {"id": "1", "object": "conversation", "deleted": true}                 the API's answer to a deletion
 *     {"type": "conversation", "id": "1", "deleted_at": 1767603600, ...}     GET /conversations/deleted
 *     {"type": "conversation_deleted", "id": "1"}                            a webhook's item
 */
#ifndef TTR_LOADER_READ_EXPORT_OBJECT_DELETION_H
#define TTR_LOADER_READ_EXPORT_OBJECT_DELETION_H

#include "read/json/reader.h"

/* Whether the record is one. */
bool deletion_recognises(const JsonRecord *record);

/* Fills the conversation: its state is deleted; updated_at is the time, where the record has it. */
bool deletion_read(const JsonRecord *record, Conversation *conversation, Defect *problem);

#endif
