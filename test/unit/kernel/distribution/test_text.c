/*
 * test_text.c
 *	  People may write a distribution in any way the grammar allows; any other text is
 *	  refused, with the place of its defect.
 */
#include "unit.h"

#include <float.h>
#include <math.h>

#include "kernel/distribution/text.h"
#include "kernel/multiset/order_key.h"

#define MOST_RUNS	5

typedef struct TextRun
{
	double		value;
	uint64_t	count;
} TextRun;

static const char *const name_of[] = {"good", "malformed", "a value out of range", "a count out of range"};

/* In memory of exactly its size, so that the sanitizer sees every access beyond it; returns where it stopped. */
static size_t
parse(const char *text, size_t length, TextDefect *defect, CountTable *table, const Host *host)
{
	char	   *copy = malloc(length + 1);
	const char *at = NULL;
	size_t		stopped;

	memcpy(copy, text, length);
	copy[length] = '\0';
	count_table_init(table);
	*defect = distribution_parse(copy, table, host, &at);
	stopped = at - copy;
	free(copy);
	return stopped;
}

/* ----------------------------------------------------------------------
 * Good ones
 * ----------------------------------------------------------------------
 */

/* Each has runs up to a count of 0. */
static const struct
{
	const char *text;
	TextRun		runs[MOST_RUNS];
} good[] = {
	{"{}", {{0, 0}}},
	{" { } ", {{0, 0}}},
	{"{1}", {{1, 1}}},
	{"{60:3, 3600, 86400:2, Infinity}", {{60, 3}, {3600, 1}, {86400, 2}, {INFINITY, 1}}},
	{"{60:3,3600,86400:2,Infinity}", {{60, 3}, {3600, 1}, {86400, 2}, {INFINITY, 1}}},
	{" \t\n\r\f\v{\n60 : 3 ,\t3600\r\n,\f86400\v:\n2 , Infinity } \n", {{60, 3}, {3600, 1}, {86400, 2}, {INFINITY, 1}}},
	{"{Infinity, 86400, 60, 3600, 60:2, 86400}", {{60, 3}, {3600, 1}, {86400, 2}, {INFINITY, 1}}},
	{"{1, 1.0, 1e0, 10E-1, +1, 0.1e+1, 001, 1., 100e-2:1}", {{1, 9}}},
	{"{.5, -.5, 5e-1, -5.e-1:007}", {{0.5, 2}, {-0.5, 8}}},
	{"{0, -0, -0.0, 0e9999:2, 0e-9999}", {{0, 6}}},
	{"{0.1, 0.30000000000000004, 1.7976931348623157e308, -1.7976931348623157e308}",
	{{0.1, 1}, {0.1 + 0.2, 1}, {DBL_MAX, 1}, {-DBL_MAX, 1}}},

	/* Not exact, but not too small either. */
	{"{4.9e-324, 5e-324, 1e-310, 2.2250738585072014e-308}", {{DBL_TRUE_MIN, 2}, {1e-310, 1}, {DBL_MIN, 1}}},
	{"{inf, INF, +inf, Infinity, INFINITY, iNfInItY:2}", {{INFINITY, 7}}},
	{"{-inf, -INFINITY:4}", {{-INFINITY, 5}}},
	{"{nan, NaN, NAN:3}", {{NAN, 5}}},

	{"{1:9223372036854775807}", {{1, INT64_MAX}}},
	{"{1:9223372036854775806, 2}", {{1, INT64_MAX - 1}, {2, 1}}},
	{"{1:000000000000000000000000000000000000000000000001}", {{1, 1}}},
};

static void
check_good(const char *text, const TextRun *runs)
{
	Held		held;
	Host		host = counting_host(&held);
	CountTable	table;
	TextDefect	defect;
	size_t		stopped = parse(text, strlen(text), &defect, &table, &host);
	size_t		distinct = 0;

	if (defect != TEXT_IS_GOOD || stopped != strlen(text))
		fail_msg("'%s' is %s at %zu", text, name_of[defect], stopped);
	for (; distinct < MOST_RUNS && runs[distinct].count > 0; distinct++)
		if (count_table_count_of(&table, key_of_double(runs[distinct].value)) != runs[distinct].count)
			fail_msg("'%s' has %g %llu times", text, runs[distinct].value,
					 (unsigned long long) count_table_count_of(&table, key_of_double(runs[distinct].value)));
	if (table.distinct != distinct)
		fail_msg("'%s' has %zu values, not %zu", text, table.distinct, distinct);
	count_table_clear(&table, &host);
	assert_int_equal(held.pieces, 0);
}

static void
test_reads_what_the_grammar_allows(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		check_good(good[i].text, good[i].runs);
}

/* With 17 digits every double comes back. */
static void
check_round_trip(uint64_t seed)
{
	uint64_t	random = seed;
	Held		held;
	Host		host = counting_host(&held);
	uint64_t	keys[50];
	char		text[50 * 40 + 2];
	size_t		length = 0;
	TextDefect	defect;
	CountTable	table;

	for (int i = 0; i < 50; i++)
	{
		keys[i] = key_of_double(double_of_key(next_random(&random)));
		length += sprintf(text + length, "%c%.17g:%d", i == 0 ? '{' : ',', double_of_key(keys[i]), i + 1);
	}
	length += sprintf(text + length, "}");
	parse(text, length, &defect, &table, &host);
	assert_int_equal(defect, TEXT_IS_GOOD);
	for (int i = 0; i < 50; i++)
		if (keys[i] != KEY_OF_NAN && count_table_count_of(&table, keys[i]) != i + 1)
			fail_msg("seed %llu: %.17g does not come back", (unsigned long long) seed, double_of_key(keys[i]));
	count_table_clear(&table, &host);
}

static void
test_reads_every_double(void **state)
{
	(void) state;
	for_each_seed(500, check_round_trip);
}

/* ----------------------------------------------------------------------
 * Defects
 * ----------------------------------------------------------------------
 */

/* The mark is under the place of the defect, as psql would show it. */
static const struct
{
	TextDefect	defect;
	const char *text;
	const char *mark;
} bad[] = {
	{TEXT_IS_MALFORMED, "", "^"},
	{TEXT_IS_MALFORMED, "  ", "  ^"},
	{TEXT_IS_MALFORMED, "1", "^"},
	{TEXT_IS_MALFORMED, " 1, 2", " ^"},
	{TEXT_IS_MALFORMED, "}", "^"},
	{TEXT_IS_MALFORMED, "{", " ^"},
	{TEXT_IS_MALFORMED, "{1", "  ^"},
	{TEXT_IS_MALFORMED, "{1 ", "   ^"},
	{TEXT_IS_MALFORMED, "{,}", " ^"},
	{TEXT_IS_MALFORMED, "{,1}", " ^"},
	{TEXT_IS_MALFORMED, "{1,}", "   ^"},
	{TEXT_IS_MALFORMED, "{1, }", "    ^"},
	{TEXT_IS_MALFORMED, "{1,,2}", "   ^"},
	{TEXT_IS_MALFORMED, "{1,", "   ^"},
	{TEXT_IS_MALFORMED, "{1 2}", "   ^"},
	{TEXT_IS_MALFORMED, "{1;2}", "  ^"},
	{TEXT_IS_MALFORMED, "{}x", "  ^"},
	{TEXT_IS_MALFORMED, "{} {}", "   ^"},
	{TEXT_IS_MALFORMED, "{1}}", "   ^"},
	{TEXT_IS_MALFORMED, "{{1}}", " ^"},
	{TEXT_IS_MALFORMED, "[1]", "^"},

	{TEXT_IS_MALFORMED, "{:}", " ^"},
	{TEXT_IS_MALFORMED, "{:3}", " ^"},
	{TEXT_IS_MALFORMED, "{1:", "   ^"},
	{TEXT_IS_MALFORMED, "{1:}", "   ^"},
	{TEXT_IS_MALFORMED, "{1: }", "    ^"},
	{TEXT_IS_MALFORMED, "{1:2:3}", "    ^"},
	{TEXT_IS_MALFORMED, "{1::2}", "   ^"},
	{TEXT_IS_MALFORMED, "{1:-2}", "   ^"},
	{TEXT_IS_MALFORMED, "{1:+2}", "   ^"},
	{TEXT_IS_MALFORMED, "{1:2.5}", "    ^"},
	{TEXT_IS_MALFORMED, "{1:1e3}", "    ^"},
	{TEXT_IS_MALFORMED, "{1:1x10}", "    ^"},
	{TEXT_IS_MALFORMED, "{1:inf}", "   ^"},

	{TEXT_IS_MALFORMED, "{x}", " ^"},
	{TEXT_IS_MALFORMED, "{1, abc}", "    ^"},
	{TEXT_IS_MALFORMED, "{0x10}", " ^"},
	{TEXT_IS_MALFORMED, "{0x}", "  ^"},
	{TEXT_IS_MALFORMED, "{-0x1p3}", " ^"},
	{TEXT_IS_MALFORMED, "{1e}", " ^"},
	{TEXT_IS_MALFORMED, "{1e+}", " ^"},
	{TEXT_IS_MALFORMED, "{e5}", " ^"},
	{TEXT_IS_MALFORMED, "{.}", " ^"},
	{TEXT_IS_MALFORMED, "{-}", " ^"},
	{TEXT_IS_MALFORMED, "{+-1}", " ^"},
	{TEXT_IS_MALFORMED, "{- 1}", " ^"},
	{TEXT_IS_MALFORMED, "{1.2.3}", " ^"},
	{TEXT_IS_MALFORMED, "{1-2}", " ^"},
	{TEXT_IS_MALFORMED, "{1_000}", "  ^"},
	{TEXT_IS_MALFORMED, "{1h}", "  ^"},
	{TEXT_IS_MALFORMED, "{in}", " ^"},
	{TEXT_IS_MALFORMED, "{infinit}", "    ^"},
	{TEXT_IS_MALFORMED, "{infinityx}", "         ^"},
	{TEXT_IS_MALFORMED, "{--inf}", " ^"},
	{TEXT_IS_MALFORMED, "{-nan}", " ^"},
	{TEXT_IS_MALFORMED, "{nan(1)}", "    ^"},
	{TEXT_IS_MALFORMED, "{null}", " ^"},
	{TEXT_IS_MALFORMED, "{\"1\"}", " ^"},
	{TEXT_IS_MALFORMED, "{\xC2\xA0" "1}", " ^"},	/* a no-break space */

	{VALUE_OUT_OF_RANGE, "{1e400}", " ^"},
	{VALUE_OUT_OF_RANGE, "{1, -1e400:2}", "    ^"},
	{VALUE_OUT_OF_RANGE, "{1e-400}", " ^"},
	{VALUE_OUT_OF_RANGE, "{-1e-400}", " ^"},
	{VALUE_OUT_OF_RANGE, "{1.8e308}", " ^"},
	{VALUE_OUT_OF_RANGE, "{1e99999999999999999999}", " ^"},

	{COUNT_OUT_OF_RANGE, "{1:0}", "   ^"},
	{COUNT_OUT_OF_RANGE, "{1:00}", "   ^"},
	{COUNT_OUT_OF_RANGE, "{1:9223372036854775808}", "   ^"},
	{COUNT_OUT_OF_RANGE, "{1:18446744073709551615}", "   ^"},
	{COUNT_OUT_OF_RANGE, "{1:18446744073709551616}", "   ^"},
	{COUNT_OUT_OF_RANGE, "{1:99999999999999999999999999999999}", "   ^"},
	{COUNT_OUT_OF_RANGE, "{1:9223372036854775807, 1: 1}", "                           ^"},
	{COUNT_OUT_OF_RANGE, "{1, 2:9223372036854775807}", "      ^"},
	{COUNT_OUT_OF_RANGE, "{1:9223372036854775807, nan:9223372036854775807}", "                            ^"},
};

static void
test_says_what_is_wrong_and_where(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
	{
		Held		held;
		Host		host = counting_host(&held);
		CountTable	table;
		TextDefect	defect;
		size_t		at = parse(bad[i].text, strlen(bad[i].text), &defect, &table, &host);

		if (defect != bad[i].defect || at != strlen(bad[i].mark) - 1)
			fail_msg("'%s' is %s at %zu, not %s at %zu", bad[i].text, name_of[defect], at, name_of[bad[i].defect],
					 strlen(bad[i].mark) - 1);
		count_table_clear(&table, &host);
		assert_int_equal(held.pieces, 0);
	}
}

/* One more value, without a count, after as many values as there may be. */
static void
test_counts_are_limited_together(void **state)
{
	static const char text[] = "{1:9223372036854775807, 1}";
	Held		held;
	Host		host = counting_host(&held);
	CountTable	table;
	TextDefect	defect;
	size_t		at = parse(text, strlen(text), &defect, &table, &host);

	(void) state;
	assert_int_equal(defect, COUNT_OUT_OF_RANGE);
	assert_uint_in_range(at, strlen("{1:9223372036854775807, "), strlen(text) - 1);
	count_table_clear(&table, &host);
}

/* ----------------------------------------------------------------------
 * Damage
 * ----------------------------------------------------------------------
 */

/* Damaged text is refused at a place within it, or read to its end as other values. */
static void
check_damaged(const char *text, size_t length)
{
	Held		held;
	Host		host = counting_host(&held);
	CountTable	table;
	TextDefect	defect;
	size_t		at = parse(text, length, &defect, &table, &host);

	if (at > length || (defect == TEXT_IS_GOOD && at != strnlen(text, length)))
		fail_msg("'%.*s' is %s at %zu", (int) length, text, name_of[defect], at);
	if (table.total > INT64_MAX)
		fail_msg("'%.*s' has too many values", (int) length, text);
	for (size_t i = 0; i < table.places; i++)
		if (table.runs[i].count != 0 && key_of_double(double_of_key(table.runs[i].value)) != table.runs[i].value)
			fail_msg("'%.*s' has a value that is none", (int) length, text);
	count_table_clear(&table, &host);
	assert_int_equal(held.pieces, 0);
}

static void
damage(const char *text)
{
	size_t		length = strlen(text);
	char	   *copy = malloc(length + 1);

	for (size_t at = 0; at < length; at++)
	{
		check_damaged(text, at);
		memcpy(copy, text, at);
		memcpy(copy + at, text + at + 1, length - at - 1);
		check_damaged(copy, length - 1);
		for (int byte = 0; byte < 256; byte++)
		{
			memcpy(copy, text, length);
			copy[at] = byte;
			check_damaged(copy, length);
			copy[at] = byte;
			memcpy(copy + at + 1, text + at, length - at);
			check_damaged(copy, length + 1);
		}
	}
	free(copy);
}

static void
test_any_damage_to_good_ones(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		damage(good[i].text);
}

/* Bytes of the grammar at random: most of them make no sense, some do. */
static void
check_random_text(uint64_t seed)
{
	static const char bytes[] = "{}:,,  0123456789.eE+-infnanINFINITYx\n";
	uint64_t	random = seed;

	for (int i = 0; i < 1000; i++)
	{
		char		text[24];
		size_t		length = next_random(&random) % sizeof(text);

		for (size_t k = 0; k < length; k++)
			text[k] = bytes[next_random(&random) % (sizeof(bytes) - 1)];
		if (length > 2)
		{
			text[0] = '{';
			text[length - 1] = '}';
		}
		check_damaged(text, length);
	}
}

static void
test_any_bytes(void **state)
{
	(void) state;
	for_each_seed(100, check_random_text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_what_the_grammar_allows),
		cmocka_unit_test(test_reads_every_double),
		cmocka_unit_test(test_says_what_is_wrong_and_where),
		cmocka_unit_test(test_counts_are_limited_together),
		cmocka_unit_test(test_any_damage_to_good_ones),
		cmocka_unit_test(test_any_bytes),
	};

	return cmocka_run_group_tests_name("distribution_text", tests, NULL, NULL);
}
