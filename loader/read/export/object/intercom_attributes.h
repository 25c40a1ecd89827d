/*
 * intercom_attributes.h: what is kept of a conversation of Intercom's API besides its fields.
 *
 * All members become attributes, but those that became fields and what people wrote to each other. Of two
 * members only what figures may ask for is kept:
 *
 *     source     type, delivered_as
 *     company    id, company_id, name, plan: the plan's name
 */
#ifndef TTR_LOADER_READ_EXPORT_OBJECT_INTERCOM_ATTRIBUTES_H
#define TTR_LOADER_READ_EXPORT_OBJECT_INTERCOM_ATTRIBUTES_H

#include "read/json/reader.h"

void intercom_attributes(JsonReader *reader, Conversation *conversation);

#endif
