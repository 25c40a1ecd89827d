/*
 * test_likely_field.c
 *	  Names in an export that look like an assignee, a start or a close, and names that do not.
 */
#include "unit.h"

#include "read/record/likely_field.h"

static void
check_all(const char *const *names, size_t count, bool likely)
{
	for (size_t i = 0; i < count; i++)
		if (looks_like_a_field((Slice){names[i], strlen(names[i])}) != likely)
			fail_msg("\"%s\" %s", names[i], likely ? "looks like a field" : "looks like no field");
}

static void
test_names_that_look_like_a_field(void **state)
{
	static const char *const names[] = {
		"assignee", "assignee_name", "assigned_to", "Assigned To", "assignedTo", "owner", "agent_email",
		"teammate currently assigned", "created_at", "createdAt", "Created at", "start_time", "start date",
		"conversation.started_at", "opened_on", "closed_at", "Closed at (UTC)", "resolved", "date_resolved",
		"ticket_solved_at", "end_time", "completed_at", "last_close_at",
	};

	(void) state;
	check_all(names, sizeof(names) / sizeof(names[0]), true);
}

static void
test_names_that_do_not(void **state)
{
	static const char *const names[] = {
		"", "_", "at", "team_assignee_id", "created_by", "user_created_at", "first_assignment_at", "assigned_at",
		"time_to_close", "time_to_resolution", "first_closed_at", "statistics", "priority", "agent_type",
		"waiting_since", "channel", "custom_attributes", "a closed account was the reason why this customer wrote to us at all",
	};

	(void) state;
	check_all(names, sizeof(names) / sizeof(names[0]), false);
}

static void
test_a_list_has_each_name_once_and_twenty_at_most(void **state)
{
	NameList	list = {0};

	(void) state;
	for (int i = 0; i < 30; i++)
	{
		char		name[16];

		snprintf(name, sizeof(name), "n%d", i);
		name_list_add(&list, (Slice){name, strlen(name)});
		name_list_add(&list, (Slice){name, strlen(name)});
	}
	assert_int_equal(list.count, NAME_LIST_LIMIT);
	assert_string_equal(list.names[1], "n1");
	name_list_free(&list);
	assert_int_equal(list.count, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_that_look_like_a_field),
		cmocka_unit_test(test_names_that_do_not),
		cmocka_unit_test(test_a_list_has_each_name_once_and_twenty_at_most),
	};

	return cmocka_run_group_tests_name("likely_field", tests, NULL, NULL);
}
