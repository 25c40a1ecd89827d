/*
 * test_slice.c
 *	  Words in pieces of input, which may have any bytes.
 */
#include "unit.h"

#include "read/text/slice.h"

static bool
is_word(const char *bytes, size_t length, const char *word)
{
	char	   *copy = malloc(length);
	bool		is_one;

	memcpy(copy, bytes, length);
	is_one = slice_is_word((Slice) {copy, length}, word);
	free(copy);
	return is_one;
}

static void
test_words_in_any_case(void **state)
{
	(void) state;
	assert_true(is_word("utc", 3, "utc"));
	assert_true(is_word("UtC", 3, "utc"));
	assert_true(is_word("", 0, ""));
	assert_false(is_word("ut", 2, "utc"));
	assert_false(is_word("utcx", 4, "utc"));
	assert_false(is_word("", 0, "utc"));
}

/* Behind the NUL of a word other memory begins. */
static void
test_a_nul_in_the_input_ends_no_word(void **state)
{
	static const char zeros[64] = "utc";
	char	   *word = strdup("utc");

	(void) state;
	for (size_t length = 4; length <= sizeof(zeros); length++)
		assert_false(is_word(zeros, length, word));
	assert_false(is_word(zeros + 3, 1, ""));
	free(word);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words_in_any_case),
		cmocka_unit_test(test_a_nul_in_the_input_ends_no_word),
	};

	return cmocka_run_group_tests_name("slice", tests, NULL, NULL);
}
