/*
 * intercom.h: a conversation of Intercom's REST API, by itself or in a webhook.
 *
 * The way into object/: each layout has a function that recognises a parsed record, and one that fills the
 * conversation from it. read/reader.c asks one layout after the other.
 */
#ifndef TTR_LOADER_READ_EXPORT_OBJECT_INTERCOM_H
#define TTR_LOADER_READ_EXPORT_OBJECT_INTERCOM_H

#include "read/json/reader.h"

/* Whether the record has the members of this layout. */
bool intercom_recognises(const JsonRecord *record);

/*
 * Fills the conversation from the record.
 *
 * started_at is first_contact_reply.created_at, else customer_first_reply.created_at, else
 * statistics.first_contact_reply_at, else created_at. first_response_at is the first teammate's reply among
 * the parts, else statistics.first_admin_reply_at. resolved_at is the close among the parts that still holds,
 * else statistics.last_close_at; when closed.
 *
 * The vendor's durations, statistics.time_to_*, do not count time out of office hours: they are only kept as
 * attributes.
 */
bool intercom_conversation(JsonReader *reader, Conversation *conversation, Defect *problem);

#endif
