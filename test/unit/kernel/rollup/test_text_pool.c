/*
 * test_text_pool.c
 *	  Equal texts are at one address, and different ones are not.
 */
#include "unit.h"

#include "kernel/rollup/text_pool.h"

static void
test_each_text_is_kept_once(void **state)
{
	Held		held;
	Host		host = counting_host(&held);
	TextPool	pool;
	PooledText *texts[5000];

	(void) state;
	text_pool_init(&pool);
	for (int i = 0; i < 5000; i++)
	{
		char		bytes[40];
		int			length = snprintf(bytes, sizeof(bytes), "%0*d", 1 + i % 30, i);

		texts[i] = text_pool_find(&pool, bytes, length, &host);
		assert_true(texts[i]->length == (size_t) length && memcmp(texts[i]->bytes, bytes, length) == 0);
	}
	for (int i = 0; i < 5000; i++)
	{
		char		bytes[40];
		int			length = snprintf(bytes, sizeof(bytes), "%0*d", 1 + i % 30, i);

		assert_ptr_equal(text_pool_find(&pool, bytes, length, &host), texts[i]);
	}
	text_pool_clear(&pool, &host);
	assert_int_equal(held.bytes, 0);
}

static void
test_texts_that_nearly_agree_are_different(void **state)
{
	Held		held;
	Host		host = counting_host(&held);
	TextPool	pool;
	const char	zeros[17] = {0};

	(void) state;
	text_pool_init(&pool);
	for (size_t length = 0; length < sizeof(zeros); length++)
		for (size_t other = 0; other < length; other++)
			assert_ptr_not_equal(text_pool_find(&pool, zeros, length, &host), text_pool_find(&pool, zeros, other, &host));
	assert_int_equal(pool.used, sizeof(zeros));
	text_pool_clear(&pool, &host);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_text_is_kept_once),
		cmocka_unit_test(test_texts_that_nearly_agree_are_different),
	};

	return cmocka_run_group_tests_name("text pool", tests, NULL, NULL);
}
