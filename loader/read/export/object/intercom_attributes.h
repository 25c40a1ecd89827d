/*
 * intercom_attributes.h: the attributes of a conversation of Intercom's API.
 *
 * All members become attributes, except those that became fields and those that people wrote. Two members
 * keep only what figures may be divided by:
 *
 *     source     type, delivered_as
 *     company    id, company_id, name, plan: the plan's name
 */
#ifndef TTR_LOADER_READ_EXPORT_OBJECT_INTERCOM_ATTRIBUTES_H
#define TTR_LOADER_READ_EXPORT_OBJECT_INTERCOM_ATTRIBUTES_H

#include "read/json/reader.h"

void intercom_attributes(JsonReader *reader, Conversation *conversation);

#endif
