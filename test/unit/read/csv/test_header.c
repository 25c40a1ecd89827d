/*
 * test_header.c
 *	  Each column of a table gets a name of its own.
 */
#include "unit.h"

#include "read/csv/header.h"

static void
test_names_of_equal_columns(void **state)
{
	static const char *const expected[] = {"x", "x.1", "x.3", "x.2", "x.1.1", "column 6", "x.4"};
	static const char line[] = "x,x.1,x,x.2,x.1,,x";
	CsvRecord  *record = malloc(sizeof(CsvRecord));
	Defect		problem;
	Header		header;
	char	   *names[7];

	(void) state;
	assert_int_equal(csv_frame((Slice) {line, strlen(line)}, true, ',', record, &problem), CSV_RECORD);
	header_read(&header, record, (Slice) {line, strlen(line)});
	assert_int_equal(header.count, 7);
	header_own_names(&header, names);
	for (int i = 0; i < 7; i++)
	{
		assert_string_equal(names[i], expected[i]);
		free(names[i]);
	}
	header_free(&header);
	free(record);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_of_equal_columns),
	};

	return cmocka_run_group_tests_name("header", tests, NULL, NULL);
}
