/*
 * test_free_text.c
 *	  Attributes keep words of a vendor and of an owner, and lose what people wrote, in
 *	  every style of names and at every depth of JSON.
 */
#include "unit.h"

#include <yajl/yajl_parse.h>

#include "read/record/free_text.h"
#include "read/record/prose.h"

static FreeText filter;

static Slice
slice(const char *text)
{
	return (Slice) {text, strlen(text)};
}

/* The filtered JSON, in memory of just the size that is promised to do; to be freed. */
static char *
filtered(const char *name, const char *json)
{
	size_t		length = strlen(json);
	char	   *copy = malloc(length);
	char	   *room = malloc(FILTERED_SIZE(length));
	char	   *result;
	Slice		kept;

	memcpy(copy, json, length);
	kept = free_text_filter(&filter, slice(name), (Slice) {copy, length}, room);
	result = strndup(kept.bytes, kept.length);
	free(copy);
	free(room);
	return result;
}

static void
check_filter(const char *name, const char *json, const char *expected)
{
	char	   *result = filtered(name, json);

	assert_string_equal(result, expected);
	free(result);
}

static void
check_kept(const char *name, const char *json)
{
	check_filter(name, json, json);
}

/* What was dropped since the last time that this was asked. */
static void
check_dropped(const char *expected)
{
	char	   *names = free_text_dropped(&filter);

	if (expected == NULL)
		assert_null(names);
	else
		assert_string_equal(names, expected);
	free(names);
	free_text_free(&filter);
}

static void
test_names_of_prose(void **state)
{
	static const char *const prose[] = {
		"title", "Title", "TITLE", "Title.1", "note 2", "remarks", "Comments", "source_subject", "source.body",
		"Conversation rating remark", "Last teammate rating remark", "AI Issue summary", "ratingRemark", "AISummary",
		"first-message", "Feedback?", "internal__notes", "page_content", "Beschreibung / description"
	};
	static const char *const others[] = {
		"", "1", "_", "entitlement", "subtitle", "title_id", "context", "footnote", "notebook", "text_count", "Channel",
		"message type", "commented", "somebody", "plan", "priority", "ключ"
	};

	(void) state;
	for (size_t i = 0; i < sizeof(prose) / sizeof(prose[0]); i++)
		if (!is_named_as_prose(slice(prose[i])))
			fail_msg("\"%s\" is not named as prose", prose[i]);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (is_named_as_prose(slice(others[i])))
			fail_msg("\"%s\" is named as prose", others[i]);
}

static void
test_names_of_forms(void **state)
{
	static const char *const typed[] = {
		"custom_plan", "custom_attributes", "custom_attributes.plan", "Custom attribute: Plan", "customAttributes",
		"conversation_custom_attributes_plan", "ticket", "ticket.state", "conversation.ticket", "ticket_attributes",
		"ticket_attributes.plan", "Ticket attributes", "ticketAttributes"
	};
	static const char *const others[] = {
		"", "customer", "customers_plan", "customized", "accustom", "ticket_state", "ticket_id", "tickets", "Ticket type", "plan"
	};

	(void) state;
	for (size_t i = 0; i < sizeof(typed) / sizeof(typed[0]); i++)
		if (!is_named_as_typed(slice(typed[i])))
			fail_msg("\"%s\" is not named as a form's", typed[i]);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (is_named_as_typed(slice(others[i])))
			fail_msg("\"%s\" is named as a form's", others[i]);
}

static void
test_figures(void **state)
{
	static const char *const figures[] = {
		"", " ", "0", "12", "-1.50", "+3e5", "1E-7", " 42 ", "true", "False", "2025-05-01", "2025-05-01T08:00:00Z",
		"2025-05-01 08:00:00.25+02:00", "2025-05-01 08:00",
		"12345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
	};
	static const char *const others[] = {
		"12 eggs", "1.", ".5", "1e", "-", "1-2", "2025-05-01 was bad", "2025-05-01x", "truely", "x",
		"2025-13-01T08:00:00Z", "2025/05/01"
	};

	(void) state;
	for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++)
		if (!is_figure(slice(figures[i])))
			fail_msg("\"%s\" is no figure", figures[i]);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (is_figure(slice(others[i])))
			fail_msg("\"%s\" is a figure", others[i]);
}

#define TEN		"0123456 89"
#define EIGHTY	TEN TEN TEN TEN TEN TEN TEN TEN

static void
test_texts_by_length_and_lines(void **state)
{
	(void) state;
	assert_false(is_prose(slice(EIGHTY)));
	assert_true(is_prose(slice(EIGHTY "x")));
	assert_true(is_prose(slice("a\nb")));
	assert_true(is_prose(slice("a\rb")));
	assert_true(is_prose(slice("{\"remark\": \"late\"}")));
	assert_true(is_prose(slice("[\"late\"]")));
	check_kept("plan", "\"" EIGHTY "\"");
	check_filter("plan", "\"" EIGHTY "x\"", "null");
	check_filter("plan", "\"a\\nb\"", "null");
	check_filter("plan", "\"a\\u000Db\"", "null");
	check_filter("plan", "\"{\\\"remark\\\": \\\"late\\\"}\"", "null");
	/* What counts is the text, and not how JSON spells it. */
	check_kept("plan", "\"\\u0067old\\/\\\"\\\\\"");
	check_kept("plan", "\"" TEN TEN TEN TEN TEN TEN TEN "\\u0020123456 \\t\"");
	check_filter("plan", "\"" TEN TEN TEN TEN TEN TEN TEN "0123456 \\uD83D\\uDE00\"", "null");
	check_dropped("plan");
}

static void
test_values_that_are_no_text(void **state)
{
	(void) state;
	check_kept("title", "null");
	check_kept("title", "-1.5e3");
	check_kept("title", "true");
	check_kept("title", "\"\"");
	check_kept("title", "\"2025-05-01T08:00:00Z\"");
	check_kept("custom_attributes",
			   "{\"Due\":\"2026-01-09\",\"Seats\":\"12\",\"Paid\": false, \"Gone\" : null,\"Some\":[1, {}, []]}");
	check_dropped(NULL);
}

static void
test_every_depth(void **state)
{
	(void) state;
	check_filter("title", "\"private\"", "null");
	check_filter("conversation_rating", "{\"rating\":4,\"remark\":\"private\",\"type\":\"email\"}",
				 "{\"rating\":4,\"remark\":null,\"type\":\"email\"}");
	check_filter("source", "{ \"subject\" : \"private\" , \"body\":\"<p>private</p>\",\"type\":\"email\" }",
				 "{ \"subject\" : null , \"body\":null,\"type\":\"email\" }");
	check_filter("custom_attributes", "{\"Plan name\":\"private\",\"Zw\\u00f6lf\":[\"private\",7,{\"type\":\"private\"}]}",
				 "{\"Plan name\":null,\"Zw\\u00f6lf\":[null,7,{\"type\":null}]}");
	check_filter("parts", "[[{\"id\":\"1\",\"Body\":\"private\"}],[\"open\"]]", "[[{\"id\":\"1\",\"Body\":null}],[\"open\"]]");
	check_filter("linked", "{\"notes\":[\"private\",{\"kind\":\"private\"}],\"kind\":\"word\"}",
				 "{\"notes\":[null,{\"kind\":null}],\"kind\":\"word\"}");
	check_dropped("title, conversation_rating.remark, source.subject, source.body, custom_attributes.Plan name, "
				  "custom_attributes.Zwölf, custom_attributes.Zwölf.type, parts.Body, linked.notes, linked.notes.kind");
}

static void
test_names_are_read_decoded(void **state)
{
	(void) state;
	check_filter("x", "{\"\\u0074itle\":\"private\",\"a\\\"b\":\"word\"}", "{\"\\u0074itle\":null,\"a\\\"b\":\"word\"}");
	check_dropped("x.title");
}

static void
test_names_stay_whatever_they_say(void **state)
{
	(void) state;
	check_kept("custom_attributes", "{\"What was the matter, in your own words?\":{\"body\":{}}}");
	check_dropped(NULL);
}

static void
test_listed_attributes(void **state)
{
	(void) state;
	free_text_list(&filter, "title");
	free_text_list(&filter, "custom_attributes.plan");
	free_text_list(&filter, "ticket");
	free_text_list(&filter, "notes");
	check_kept("title", "\"" EIGHTY EIGHTY "\\n\"");
	check_filter("custom_attributes", "{\"plan\":\"gold\",\"planet\":\"private\",\"Plan\":\"private\"}",
				 "{\"plan\":\"gold\",\"planet\":null,\"Plan\":null}");
	check_kept("custom_attributes", "{\"plan\":{\"name\":\"gold\",\"tier\":[\"a\\nb\"]}}");
	check_kept("ticket", "{\"ticket_attributes\":{\"summary\":\"kept\"}}");
	check_kept("notes", "[\"kept\",{\"body\":\"kept\"}]");
	check_filter("source", "{\"title\":\"private\"}", "{\"title\":null}");
	check_dropped("custom_attributes.planet, custom_attributes.Plan, source.title");
}

static void
test_columns(void **state)
{
	(void) state;
	free_text_list(&filter, "custom_attributes.plan");
	assert_true(free_text_keeps(&filter, slice("Channel"), slice("Chat")));
	assert_true(free_text_keeps(&filter, slice("Title"), slice("")));
	assert_true(free_text_keeps(&filter, slice("Title"), slice("12")));
	assert_true(free_text_keeps(&filter, slice("custom_attributes.plan"), slice("gold")));
	assert_true(free_text_keeps(&filter, slice("custom_attributes.plan.name"), slice("gold")));
	assert_false(free_text_keeps(&filter, slice("custom_attributes.plans"), slice("gold")));
	assert_false(free_text_keeps(&filter, slice("custom_region"), slice("private")));
	assert_false(free_text_keeps(&filter, slice("Title"), slice("private")));
	assert_false(free_text_keeps(&filter, slice("Title"), slice("private")));
	assert_false(free_text_keeps(&filter, slice("Channel"), slice(EIGHTY "x")));
	check_dropped("custom_attributes.plans, custom_region, Title, Channel");
}

static void
test_twelve_names_are_remembered(void **state)
{
	(void) state;
	for (int i = 0; i < 26; i++)
	{
		char		name[] = {'a' + i / 2, '_', 'n', 'o', 't', 'e', '\0'};

		check_filter(name, "\"private\"", "null");
	}
	check_dropped("a_note, b_note, c_note, d_note, e_note, f_note, g_note, h_note, i_note, j_note, k_note, l_note and others");
}

/* A random value in text, at most so deep; each text is dropped, and kept under a name that is listed. */
static char *
add_random_value(uint64_t *random, char *to, int depth)
{
	static const char *const scalars[] = {"1", "null", "true", "\"a\"", "\"\\u00e9\\\"\"", "\"a\\\\\"", "\"\"", " \"{\" "};
	uint64_t	kind = next_random(random) % 10;
	int			count = next_random(random) % 4;

	if (kind > 3 || depth == 0)
		return stpcpy(to, scalars[next_random(random) % 8]);
	*to++ = kind < 2 ? '[' : '{';
	for (int i = 0; i < count; i++)
	{
		if (i > 0)
			*to++ = ',';
		if (kind >= 2)
			to += sprintf(to, "%s%d\\\\\"%s:", i % 2 ? "\"k" : " \"\\\"", i, i % 2 ? "" : " ");
		to = add_random_value(random, to, depth - 1);
	}
	*to++ = kind < 2 ? ']' : '}';
	*to = '\0';
	return to;
}

static void
check_random_value(uint64_t seed)
{
	uint64_t	random = seed;
	char		json[65536];
	char	   *result;
	yajl_handle parser = yajl_alloc(NULL, NULL, NULL);

	add_random_value(&random, json, 6);
	result = filtered("custom", json[0] == ' ' ? json + 1 : json);
	if (yajl_parse(parser, (unsigned char *) result, strlen(result)) != yajl_status_ok ||
		yajl_complete_parse(parser) != yajl_status_ok)
		fail_msg("seed %llu: %s became %s", (unsigned long long) seed, json, result);
	if (strstr(result, "\"a") != NULL || strstr(result, "\"{") != NULL || strstr(result, "u00e9") != NULL)
		fail_msg("seed %llu: %s kept a text: %s", (unsigned long long) seed, json, result);
	yajl_free(parser);
	free(result);
	free_text_free(&filter);

	free_text_list(&filter, "custom");
	check_kept("custom", json[0] == ' ' ? json + 1 : json);
	check_dropped(NULL);
}

static void
test_random_values_stay_json(void **state)
{
	(void) state;
	for_each_seed(3000, check_random_value);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_of_prose),
		cmocka_unit_test(test_names_of_forms),
		cmocka_unit_test(test_figures),
		cmocka_unit_test(test_texts_by_length_and_lines),
		cmocka_unit_test(test_values_that_are_no_text),
		cmocka_unit_test(test_every_depth),
		cmocka_unit_test(test_names_are_read_decoded),
		cmocka_unit_test(test_names_stay_whatever_they_say),
		cmocka_unit_test(test_listed_attributes),
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_twelve_names_are_remembered),
		cmocka_unit_test(test_random_values_stay_json),
	};

	return cmocka_run_group_tests_name("free_text", tests, NULL, NULL);
}
