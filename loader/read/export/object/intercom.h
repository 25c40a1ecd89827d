/*
 * intercom.h: a conversation as Intercom's REST API has it, by itself or in a webhook.
 *
 * The way into object/: of each layout one function recognises a parsed record, and another fills the
 * conversation from it; read/reader.c asks them in turn.
 */
#ifndef TTR_LOADER_READ_EXPORT_OBJECT_INTERCOM_H
#define TTR_LOADER_READ_EXPORT_OBJECT_INTERCOM_H

#include "read/json/reader.h"

/* Whether the record that was read is of this shape, told by its content. */
bool intercom_recognises(const JsonRecord *record);

/*
 * Fills the conversation from the record that was read.
 *
 * started_at is first_contact_reply.created_at, else customer_first_reply.created_at, else
 * statistics.first_contact_reply_at, else created_at. first_response_at is the first teammate's reply among
 * the parts, else statistics.first_admin_reply_at. resolved_at is the close among the parts that still holds,
 * else statistics.last_close_at; when closed.
 *
 * The vendor's durations, statistics.time_to_*, leave out of office hours, and are kept as attributes only.
 */
bool intercom_conversation(JsonReader *reader, Conversation *conversation, Defect *problem);

#endif
