/*
 * refused.c: exports that look right but hold no conversations. They are known in order to name the right
 * export.
 */
#include "read/export/shape.h"

#define CONVERSATIONS                                                                                        \
    "Export conversations with their parts by the REST API (GET /conversations/{id}), or the dataset "       \
    "conversation_state by the Reporting Data Export API (POST /export/reporting_data/enqueue)."

static const char *const content_signs[] = {"content_id + content_type", "receipt_id + received_at",
                                            "receipt_id + content_id", NULL};

const Shape shape_content_export = {
    .title = "Intercom's content data export, about the delivery of messages",
    .content = FORMAT_CSV,
    .signs = content_signs,
    .remedy = CONVERSATIONS,
};

static const char *const ticket_signs[] = {
    "ticket_id + ticket_created_at",
    "ticket_id + ticket_last_resolved_at",
    "ticket_id + ticket_state",
    "ticket_id + current_ticket_state_category",
    "id + ticket_state",
    "ticket_time_in_state",
    "ticket id + ticket state",
    NULL,
};

const Shape shape_tickets = {
    .title = "tickets, whose states are not those of conversations",
    .content = FORMAT_CSV,
    .signs = ticket_signs,
    .has_prefixes = true,
    .remedy = CONVERSATIONS,
};

static const char *const other_signs[] = {"sla_id + sla_state", "handling_teammate_id", NULL};

const Shape shape_other_dataset = {
    .title = "another dataset of Intercom's Reporting Data Export API, without the states of conversations",
    .content = FORMAT_CSV,
    .signs = other_signs,
    .has_prefixes = true,
    .remedy = CONVERSATIONS,
};
