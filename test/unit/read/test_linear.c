/*
 * test_linear.c
 *	  Reading takes time in proportion to the size of its input, whatever the input: four
 *	  times the bytes never take ten times as long.  And a broken record costs no good one.
 *
 * bench/hostile.sh measures the same up to 100 MB.
 */
#include "unit.h"

#include <math.h>
#include <time.h>

#include "read/verdict.h"

#define SMALL	(256 * 1024)
#define LARGE	(4 * SMALL)

static Reader reader;

/* ----------------------------------------------------------------------
 * Time
 * ----------------------------------------------------------------------
 */

#define COLUMNS "conversation_id,user_id,started_at,resolved_at,state,assignee_email\n"
#define LINE	"1,u,2025-05-01T08:00:00Z,,open,a@x\n"

/* An input: its start, one piece over and over, and its end. */
typedef struct HostileShape
{
	const char *what;
	const char *start;
	const char *piece;
	const char *end;
	const char *read_size;		/* most bytes of one read; NULL: as many as there is room for */
} HostileShape;

static const HostileShape shapes[] = {
	{"objects that are never closed", "", "{\"conversation_id\":\"1\",\"x\":\n", "", NULL},
	{"the same in small pieces", "", "{\"x\":\n", "", "4096"},
	{"the same before a string that is never closed", "", "{\"x\":\n", "\"\n", NULL},
	{"the same before a bracket of another kind", "", "{\"x\":\n", "]\n", NULL},
	{"objects with an array that is never closed", "", "{\"x\":[\n", "", NULL},
	{"the same with records between", "", "{\"x\":[\n{\"y\":1},\n", "", NULL},
	{"strings that are never closed", "", "{\"x\":\"y\n", "", NULL},
	{"arrays that are never closed", "", "[\n", "", NULL},
	{"one string without an end", "{\"x\":\"", "y", "", NULL},
	{"one line of another kind", "", "y", "", NULL},
	{"the same in small pieces", "", "y", "", "64"},
	{"nothing but escapes", "{\"x\":\"", "\\\\", "", NULL},
	{"deep nesting in one line", "", "{\"x\":[", "", NULL},
	{"pages that are none", "{\"conversation_id\":\"1\"", ",\"data\":[]", "}", NULL},
	{"blanks before arrays", "{\"x\":1", ",\"data\"          :          []", "}", NULL},
	{"line ends in the string of an array", "[{\"x\":\"", "\n", "", NULL},
	{"empty objects", "", "{}", "", NULL},
	{"bytes 254", "{\"x\":\"", "\xFE", "\"}", NULL},
	{"quotes in CSV", COLUMNS, "\"", "", NULL},
	{"the same in small pieces", COLUMNS, "\"", "", "4096"},
	{"separators in CSV", COLUMNS, ",", "", NULL},
	{"a header of separators", "", ";", "", NULL},
	{"a header without an end, in small pieces", "", "y", "\n", "4096"},
	{"line ends in CSV", COLUMNS, "\r\n", "", NULL},
	{"a quoted field that is never closed", COLUMNS "\"", LINE, "", NULL},
	{"the same in small pieces", COLUMNS "\"", LINE, "", "4096"},
	{"a quote in each line of CSV", COLUMNS, "x,\"\n", "", NULL},
	{"three quotes in each line of CSV", COLUMNS, "\",\"\"\n", "", NULL},
};

static char *
repeat(const HostileShape *shape, size_t size)
{
	size_t		start = strlen(shape->start);
	size_t		piece = strlen(shape->piece);
	size_t		end = strlen(shape->end);
	char	   *input = malloc(size);
	size_t		at = start;

	memcpy(input, shape->start, start);
	for (; at < size - end; at++)
		input[at] = shape->piece[(at - start) % piece];
	memcpy(input + at, shape->end, end);
	return input;
}

/* Seconds of this process. */
static double
processor_time(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

/* The best of three, because other programs disturb the caches. */
static double
time_to_read(const char *input, size_t size)
{
	double		best = HUGE_VAL;

	for (int i = 0; i < 3; i++)
	{
		double		begun = processor_time();
		double		taken;

		read_input(&reader, (Slice) {input, size}, NULL, NULL);
		taken = processor_time() - begun;
		if (taken < best)
			best = taken;
		if (taken > 1)
			break;
	}
	return best;
}

static void
check_times(const char *what, const char *small, size_t small_size, const char *large, size_t large_size)
{
	double		seconds = time_to_read(small, small_size);
	double		more_seconds = time_to_read(large, large_size);

	/* Below a millisecond, what each file takes counts more than its size. */
	if (seconds < 0.001)
		seconds = 0.001;
	if (more_seconds > 10 * seconds)
		fail_msg("%s: %zu bytes take %.4f s, and %zu bytes %.4f s", what, small_size, seconds, large_size, more_seconds);
}

static void
test_four_times_the_bytes(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
	{
		char	   *small = repeat(&shapes[i], SMALL);
		char	   *large = repeat(&shapes[i], LARGE);

		/* A table that is refused by its header would show nothing. */
		if (strstr(shapes[i].start, COLUMNS) != NULL)
			assert_false(read_input(&reader, (Slice) {small, SMALL}, NULL, NULL).failed);
		if (shapes[i].read_size != NULL)
			setenv("TTR_READ_SIZE", shapes[i].read_size, 1);
		check_times(shapes[i].what, small, SMALL, large, LARGE);
		unsetenv("TTR_READ_SIZE");
		free(small);
		free(large);
	}
}

/* A header of many columns, all of one name: each must get a name of its own. */
static char *
header_of(size_t columns, size_t *size)
{
	char	   *header = malloc(sizeof(COLUMNS) + 2 * columns);

	*size = strlen(COLUMNS) - 1;
	memcpy(header, COLUMNS, *size);
	for (size_t i = 6; i < columns; i++)
	{
		memcpy(header + *size, ",x", 2);
		*size += 2;
	}
	header[(*size)++] = '\n';
	return header;
}

static void
test_four_times_the_columns(void **state)
{
	size_t		small_size;
	size_t		large_size;
	char	   *small = header_of(1024, &small_size);
	char	   *large = header_of(4096, &large_size);

	(void) state;
	assert_false(read_input(&reader, (Slice) {large, large_size}, NULL, NULL).failed);
	check_times("columns of one name", small, small_size, large, large_size);
	free(small);
	free(large);
}

/* ----------------------------------------------------------------------
 * Records
 * ----------------------------------------------------------------------
 */

#define GOOD	"{\"conversation_id\":\"1\",\"started_at\":1767603600,\"state\":\"open\"}\n"
#define WITH_COMMA "{\"conversation_id\":\"1\",\"started_at\":1767603600,\"state\":\"open\"},\n"
#define PRETTY	"{\n  \"conversation_id\": \"1\",\n  \"started_at\": 1767603600,\n  \"state\": \"open\",\n  \"x\": [\n    {}\n  ]\n}\n"
#define AT_LINE_STARTS "{\n\"conversation_id\":\"1\",\n\"started_at\":1767603600,\n\"state\":\"open\",\n\"x\":[\n{},\n{}\n]\n}\n"

static const struct
{
	const char *what;
	const char *input;
	int			conversations;
	int			rejects;
} damages[] = {
	{"none", GOOD PRETTY AT_LINE_STARTS GOOD, 4, 0},
	{"one record without an end", "{\"x\":\n" GOOD, 1, 1},
	{"the next one has lines that start with brackets", "{\"x\":\n" AT_LINE_STARTS, 1, 1},
	{"and another follows", "{\"x\":\n" AT_LINE_STARTS GOOD, 2, 1},
	{"two without an end", "{\"x\":\n{\"x\":\n" GOOD PRETTY, 2, 2},
	{"three without an end", "{\"x\":\n{\"x\":\n{\"x\":\n" PRETTY GOOD, 2, 3},
	{"five without an end", "{\"x\":[\n{\"x\":[\n{\"x\":[\n{\"x\":[\n{\"x\":[\n" PRETTY, 1, 5},
	{"records between those without an end",
	"{\"x\":[\n" GOOD "{\"x\":[\n" GOOD "{\"x\":[\n" PRETTY "{\"x\":[\n" AT_LINE_STARTS "{\"x\":[\n" GOOD, 5, 5},
	{"records and commas between those without an end", "{\"x\":[\n" WITH_COMMA "{\"x\":[\n" WITH_COMMA, 2, 4},
	{"strings without an end", "{\"x\":\"\n{\"x\":\"\n" PRETTY AT_LINE_STARTS, 2, 2},
	{"not JSON, but with its brackets", "{\"x\":y,\n\"z\":\n{\"x\":y,\n\"z\":1}}\n" AT_LINE_STARTS GOOD, 2, 2},
	{"a line that is broken in its middle", "{\"x\":]yyyyyyyyyyyyyyyyyy\n" GOOD, 1, 1},
	{"brackets of other kinds", "{\"x\":\n{\"x\":[}\n" PRETTY GOOD, 2, 2},
};

/* The verdicts and the text of rejects are the same in whatever pieces the bytes come. */
static void
test_good_records_behind_damage(void **state)
{
	static const char *const read_sizes[] = {"1000000", "1", "2", "7"};
	uint64_t	trace = 0;

	(void) state;
	for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++)
		for (size_t s = 0; s < sizeof(read_sizes) / sizeof(read_sizes[0]); s++)
		{
			Slice		input = {damages[i].input, strlen(damages[i].input)};
			Verdict		verdict;

			setenv("TTR_READ_SIZE", read_sizes[s], 1);
			verdict = read_input(&reader, input, NULL, NULL);
			if (verdict.conversations != damages[i].conversations || verdict.rejects != damages[i].rejects)
				fail_msg("%s: %d conversations and %d rejects, in reads of %s", damages[i].what,
						 verdict.conversations, verdict.rejects, read_sizes[s]);
			if (s == 0)
				trace = verdict.trace;
			if (verdict.trace != trace)
				fail_msg("%s: other records in reads of %s", damages[i].what, read_sizes[s]);
		}
	unsetenv("TTR_READ_SIZE");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_four_times_the_bytes),
		cmocka_unit_test(test_four_times_the_columns),
		cmocka_unit_test(test_good_records_behind_damage),
	};
	int			failed;

	reader_begin(&reader);
	failed = cmocka_run_group_tests_name("linear", tests, NULL, NULL);
	reader_free(&reader);
	return failed;
}
