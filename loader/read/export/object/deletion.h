/*
 * deletion.h: a record that says nothing but that a conversation was deleted.
 *
 *     {"id": "1", "object": "conversation", "deleted": true}                 the API's answer to a deletion
 *     {"type": "conversation", "id": "1", "deleted_at": 1767603600, ...}     GET /conversations/deleted
 *     {"type": "conversation_deleted", "id": "1"}                            a webhook's item
 */
#ifndef TTR_LOADER_READ_EXPORT_OBJECT_DELETION_H
#define TTR_LOADER_READ_EXPORT_OBJECT_DELETION_H

#include "read/json/reader.h"

/* Whether the record that was read is one. */
bool deletion_recognises(const JsonRecord *record);

/* Fills the conversation: its state is deleted, since updated_at, where the record says when. */
bool deletion_read(const JsonRecord *record, Conversation *conversation, Defect *problem);

#endif
