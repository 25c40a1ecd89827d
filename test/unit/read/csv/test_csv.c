/*
 * test_csv.c
 *	  One record of a CSV file: its fields are what RFC 4180 says, and the same however
 *	  the input arrives.
 *
 * Inputs are copied to memory of exactly their size, so that the address sanitizer sees
 * every byte that is read behind their end.
 */
#include "unit.h"

#include "read/csv/csv.h"
#include "read/csv/separator.h"

/* What csv_frame() says of an input, made readable. */
typedef struct Framed
{
	CsvStatus	status;
	size_t		length;
	size_t		lines;
	size_t		field_count;	/* of a record */
	char		what[400];		/* as in Case */
} Framed;

typedef struct Case
{
	const char *input;
	CsvStatus	status;
	size_t		length;
	size_t		lines;
	const char *what;			/* a record's values, each followed by a bar; a defect's code */
} Case;

/* A record is followed by "rest" where its end must be found. */
static const Case cases[] = {
	/* how a record ends */
	{"a,b\nrest", CSV_RECORD, 4, 1, "a|b|"},
	{"a,b\r\nrest", CSV_RECORD, 5, 1, "a|b|"},
	{"a,b\rrest", CSV_RECORD, 4, 1, "a|b|"},
	{"a,b\n\rrest", CSV_RECORD, 4, 1, "a|b|"},
	{"a,b\r\rrest", CSV_RECORD, 4, 1, "a|b|"},
	{"a,b\r\r\nrest", CSV_RECORD, 4, 1, "a|b|"},
	{"a,b", CSV_RECORD, 3, 0, "a|b|"},
	{"a,b\r", CSV_RECORD, 4, 1, "a|b|"},
	{"\"a\",\"b\"", CSV_RECORD, 7, 0, "a|b|"},

	/* blank lines */
	{"\nrest", CSV_BLANK, 1, 1, ""},
	{"\r\nrest", CSV_BLANK, 2, 1, ""},
	{"\rrest", CSV_BLANK, 1, 1, ""},
	{"\r\rrest", CSV_BLANK, 1, 1, ""},
	{"\r", CSV_BLANK, 1, 1, ""},
	{" \nrest", CSV_RECORD, 2, 1, " |"},

	/* empty fields */
	{",\nrest", CSV_RECORD, 2, 1, "||"},
	{"a,", CSV_RECORD, 2, 0, "a||"},
	{"a,,b\n", CSV_RECORD, 5, 1, "a||b|"},
	{"\"\"\nrest", CSV_RECORD, 3, 1, "|"},
	{"\"\",\"\"", CSV_RECORD, 5, 0, "||"},

	/* blanks are data */
	{" a , b \n", CSV_RECORD, 8, 1, " a | b |"},

	/* what quotes keep */
	{"\"a,b\",c\n", CSV_RECORD, 8, 1, "a,b|c|"},
	{"\"a\nb\",c\nrest", CSV_RECORD, 8, 2, "a\nb|c|"},
	{"\"a\r\nb\",c\r\nrest", CSV_RECORD, 10, 2, "a\r\nb|c|"},
	{"\"a\rb\",c\rrest", CSV_RECORD, 8, 2, "a\rb|c|"},
	{"\"a\n\",\"\r\"\n", CSV_RECORD, 9, 3, "a\n|\r|"},
	{"\"a\n\r\r\nb\"\n", CSV_RECORD, 9, 4, "a\n\r\r\nb|"},
	{"\"\\.\n\\.\"\n", CSV_RECORD, 8, 2, "\\.\n\\.|"},
	{"\\.\nrest", CSV_RECORD, 3, 1, "\\.|"},

	/* doubled quotes */
	{"\"\"\"\"\n", CSV_RECORD, 5, 1, "\"|"},
	{"\"\"\"\"\"\"\n", CSV_RECORD, 7, 1, "\"\"|"},
	{"\"say \"\"hi\"\"\",b\n", CSV_RECORD, 15, 1, "say \"hi\"|b|"},
	{"\"\"\"a\",\"b\"\"\"", CSV_RECORD, 11, 0, "\"a|b\"|"},
	{"\"a\"\"\n\"\"b\"\n", CSV_RECORD, 10, 2, "a\"\n\"b|"},

	/* what breaks the rules costs its first line */
	{"a\"b,c\nrest", CSV_DEFECT, 6, 1, "bare_quote"},
	{"a,b\"\r\nrest", CSV_DEFECT, 6, 1, "bare_quote"},
	{" \"a\"\rrest", CSV_DEFECT, 5, 1, "bare_quote"},
	{"\"a\"b,c\nrest", CSV_DEFECT, 7, 1, "text_after_quote"},
	{"\"a\" ,c\nrest", CSV_DEFECT, 7, 1, "text_after_quote"},
	{"\"a\"\"\"b\nrest", CSV_DEFECT, 7, 1, "text_after_quote"},
	{"\"a\nb\"c\nrest", CSV_DEFECT, 3, 1, "text_after_quote"},
	{"a,\"b\nc\nd\n", CSV_DEFECT, 5, 1, "unterminated_quote"},
	{"a,\"b\r\nc\r\n", CSV_DEFECT, 6, 1, "unterminated_quote"},
	{"a,\"b\"\"", CSV_DEFECT, 6, 1, "unterminated_quote"},
	{"\"", CSV_DEFECT, 1, 1, "unterminated_quote"},
};

#define CASE_COUNT	(sizeof(cases) / sizeof(cases[0]))

static Framed
frame_by(char separator, const char *input, size_t length, bool at_end)
{
	static CsvRecord record;
	Framed		framed = {.status = CSV_MORE};
	char	   *exact = malloc(length);
	char		scratch[200];
	Defect		problem;
	size_t		written = 0;

	memcpy(exact, input, length);
	framed.status = csv_frame((Slice){exact, length}, at_end, separator, &record, &problem);
	if (framed.status != CSV_MORE)
	{
		framed.length = record.length;
		framed.lines = record.lines;
	}
	if (framed.status == CSV_DEFECT)
		strcpy(framed.what, defect_code(problem.reason));
	if (framed.status == CSV_RECORD)
	{
		framed.field_count = record.field_count;
		for (size_t i = 0; i < record.field_count && i < CSV_MAX_FIELDS; i++)
		{
			Slice		value = csv_value(&record.fields[i], scratch);

			assert_true(written + value.length + 1 < sizeof(framed.what));
			memcpy(framed.what + written, value.bytes, value.length);
			written += value.length;
			framed.what[written++] = '|';
		}
	}
	free(exact);
	return framed;
}

static Framed
frame(const char *input, size_t length, bool at_end)
{
	return frame_by(',', input, length, at_end);
}

static void
test_records(void **state)
{
	(void) state;
	for (size_t i = 0; i < CASE_COUNT; i++)
	{
		const Case *expected = &cases[i];
		Framed		framed = frame(expected->input, strlen(expected->input), true);

		if (framed.status != expected->status || framed.length != expected->length ||
			framed.lines != expected->lines)
			fail_msg("case %zu, \"%s\": status %d, %zu bytes, %zu lines", i, expected->input,
					 framed.status, framed.length, framed.lines);
		if (strcmp(framed.what, expected->what) != 0)
			fail_msg("case %zu, \"%s\": %s", i, expected->input, framed.what);
	}
}

/* The text with commas and the separator exchanged. */
static void
exchange(char separator, const char *text, char *exchanged)
{
	do
		*exchanged++ = *text == ',' ? separator : *text == separator ? ',' : *text;
	while (*text++ != '\0');
}

/* With another separator all is the same, and a comma is data. */
static void
test_records_by_other_separators(void **state)
{
	(void) state;
	for (const char *separator = ";\t"; *separator != '\0'; separator++)
		for (size_t i = 0; i < CASE_COUNT; i++)
		{
			const Case *expected = &cases[i];
			char		input[100], what[400];
			Framed		framed;

			exchange(*separator, expected->input, input);
			exchange(*separator, expected->what, what);
			framed = frame_by(*separator, input, strlen(input), true);
			if (framed.status != expected->status || framed.length != expected->length ||
				framed.lines != expected->lines || strcmp(framed.what, what) != 0)
				fail_msg("case %zu, \"%s\": status %d, %zu bytes, %zu lines, %s", i, input,
						 framed.status, framed.length, framed.lines, framed.what);
		}
}

typedef struct Start
{
	const char *input;
	char		separator;
	size_t		skip;
} Start;

static const Start starts[] = {
	{"a,b\n1;2;3", ',', 0},
	{"a;b\n1,2,3", ';', 0},
	{"a\tb\n", '\t', 0},
	{"a", ',', 0},
	{"", ',', 0},
	{"a,b;c\n", ',', 0},
	{"a,b;c;d", ';', 0},
	{"a;b\tc\n", ';', 0},
	{"\"a;b;c\",d\n", ',', 0},
	{"\"a,b,c\";d\n", ';', 0},
	{"\"a\"\"b;c\";d,e,f\n", ',', 0},
	{"\"a;b\n;c\",d\n", ',', 0},
	{"\r\n\na;b\r\n1,2,3", ';', 0},
	{"\"a;b;c", ',', 0},
	{"sep=;\na,b\n", ';', 6},
	{"sep=,\r\na;b\n", ',', 7},
	{"SEP=\t\ra,b\n", '\t', 6},
	{"\"sep=;\"\na,b\n", ';', 8},
	{"sep=;", ';', 5},
	{"sep=|\na;b", ',', 0},
	{"sep=;;\na,b", ';', 0},
	{"sep=\na,b", ',', 0},
	{"\nsep=;\n", ';', 0},
};

/* From every prefix the same is found, or that more is needed. */
static void
test_separators_are_found(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
	{
		const Start *start = &starts[i];

		for (size_t length = 0; length <= strlen(start->input); length++)
		{
			bool		whole = length == strlen(start->input);
			char	   *exact = malloc(length + 1);
			CsvSeparator found;

			memcpy(exact, start->input, length);
			if (!csv_find_separator((Slice){exact, length}, whole, &found))
				assert_false(whole);
			else if (found.byte != start->separator || found.skip != start->skip)
				fail_msg("the first %zu bytes of \"%s\": separator '%c', %zu bytes skipped", length,
						 start->input, found.byte, found.skip);
			free(exact);
		}
	}
}

/* Of a prefix, csv_frame() says what it says of the whole, or that it needs more. */
static void
check_prefix(const char *input, size_t length, const Framed *whole)
{
	Framed		framed = frame(input, length, false);

	if (framed.status == CSV_MORE)
		return;
	if (framed.status != whole->status || strcmp(framed.what, whole->what) != 0)
		fail_msg("the first %zu bytes of \"%s\": status %d, %s; not %d, %s", length, input,
				 framed.status, framed.what, whole->status, whole->what);
	if (framed.status == CSV_DEFECT && framed.length == 0)
		return;					/* a defect, and its line's end is not in sight */
	if (framed.length > length)
		fail_msg("the first %zu bytes of \"%s\": a record of %zu", length, input, framed.length);
	if (framed.length != whole->length || framed.lines != whole->lines)
		fail_msg("the first %zu bytes of \"%s\": %zu bytes, %zu lines", length, input,
				 framed.length, framed.lines);
}

static void
test_every_split_of_the_cases(void **state)
{
	(void) state;
	for (size_t i = 0; i < CASE_COUNT; i++)
	{
		size_t		length = strlen(cases[i].input);
		Framed		whole = frame(cases[i].input, length, true);

		for (size_t prefix = 1; prefix <= length; prefix++)
			check_prefix(cases[i].input, prefix, &whole);
	}
}

/* As soon as a byte follows a record's line end, more input changes nothing. */
static void
test_a_record_in_sight_is_found(void **state)
{
	(void) state;
	for (size_t i = 0; i < CASE_COUNT; i++)
	{
		size_t		length = strlen(cases[i].input);

		if (cases[i].status == CSV_DEFECT || cases[i].length == length)
			continue;
		for (size_t prefix = cases[i].length + 1; prefix <= length; prefix++)
			if (frame(cases[i].input, prefix, false).status != cases[i].status)
				fail_msg("the first %zu bytes of \"%s\": the record is not found", prefix,
						 cases[i].input);
	}
}

/* Inputs of the bytes that matter, in any order. */
static void
check_random_input(uint64_t seed)
{
	static const char alphabet[] = "ab,,\"\"\"\r\n\n";
	uint64_t	random = seed;
	char		input[41];
	size_t		length = 1 + next_random(&random) % (sizeof(input) - 1);
	size_t		at = 0;

	for (size_t i = 0; i < length; i++)
		input[i] = alphabet[next_random(&random) % (sizeof(alphabet) - 1)];
	input[length] = '\0';

	while (at < length)
	{
		Framed		whole = frame(input + at, length - at, true);

		if (whole.status == CSV_MORE || whole.length == 0 || whole.length > length - at)
			fail_msg("seed %llu: status %d and %zu bytes of \"%s\"", (unsigned long long) seed,
					 whole.status, whole.length, input + at);
		for (size_t prefix = 1; prefix <= length - at; prefix++)
			check_prefix(input + at, prefix, &whole);
		at += whole.length;
	}
}

static void
test_every_split_of_random_inputs(void **state)
{
	(void) state;
	for_each_seed(5000, check_random_input);
}

/* Values that are quoted as RFC 4180 says come back as they were. */
static void
check_random_values(uint64_t seed)
{
	static const char alphabet[] = "abc ,;\"\r\n\\.";
	static const char *const line_ends[] = {"\n", "\r\n", "\r", ""};
	uint64_t	random = seed;
	char		input[400];
	char		expected[200];
	size_t		length = 0;
	size_t		written = 0;
	size_t		fields = 1 + next_random(&random) % 5;
	Framed		framed;

	for (size_t i = 0; i < fields; i++)
	{
		input[length++] = '"';
		for (size_t n = next_random(&random) % 12; n > 0; n--)
		{
			char		c = alphabet[next_random(&random) % (sizeof(alphabet) - 1)];

			if (c == '"')
				input[length++] = c;
			input[length++] = c;
			expected[written++] = c;
		}
		input[length++] = '"';
		input[length++] = ',';
		expected[written++] = '|';
	}
	expected[written] = '\0';
	length--;					/* no comma after the last field */
	strcpy(input + length, line_ends[next_random(&random) % 4]);
	length += strlen(input + length);

	framed = frame(input, length, true);
	if (framed.status != CSV_RECORD || framed.length != length || framed.field_count != fields ||
		strcmp(framed.what, expected) != 0)
		fail_msg("seed %llu: \"%s\" has the fields %s", (unsigned long long) seed, input,
				 framed.what);
}

static void
test_quoted_values_come_back(void **state)
{
	(void) state;
	for_each_seed(5000, check_random_values);
}

static void
test_fields_beyond_the_limit_are_counted(void **state)
{
	static CsvRecord record;
	size_t		commas = CSV_MAX_FIELDS + 1000;
	char	   *input = malloc(commas + 1);
	Defect		problem;

	(void) state;
	memset(input, ',', commas);
	input[commas] = '\n';
	assert_int_equal(csv_frame((Slice){input, commas + 1}, true, ',', &record, &problem), CSV_RECORD);
	assert_int_equal(record.field_count, commas + 1);
	assert_int_equal(record.length, commas + 1);
	free(input);
}

static void
check_line_length(const char *input, bool at_end, size_t expected)
{
	size_t		length = strlen(input);
	char	   *exact = malloc(length + 1);

	memcpy(exact, input, length);
	if (csv_line_length((Slice){exact, length}, at_end) != expected)
		fail_msg("\"%s\": the first line has %zu bytes, not %zu", input,
				 csv_line_length((Slice){exact, length}, at_end), expected);
	free(exact);
}

static void
test_line_length(void **state)
{
	(void) state;
	check_line_length("a\nb", false, 2);
	check_line_length("a\r\nb", false, 3);
	check_line_length("a\rb", false, 2);
	check_line_length("a\"\nb\"", false, 3);
	check_line_length("ab", false, 0);
	check_line_length("ab", true, 2);
	check_line_length("a\r", false, 0);
	check_line_length("a\r", true, 2);
	check_line_length("", false, 0);
	check_line_length("", true, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_records),
		cmocka_unit_test(test_records_by_other_separators),
		cmocka_unit_test(test_separators_are_found),
		cmocka_unit_test(test_every_split_of_the_cases),
		cmocka_unit_test(test_a_record_in_sight_is_found),
		cmocka_unit_test(test_every_split_of_random_inputs),
		cmocka_unit_test(test_quoted_values_come_back),
		cmocka_unit_test(test_fields_beyond_the_limit_are_counted),
		cmocka_unit_test(test_line_length),
	};

	return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
