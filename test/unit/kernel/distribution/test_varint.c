/*
 * test_varint.c
 *	  Integers are read back from as few bytes as they need, and never beyond the last byte.
 */
#include "unit.h"

#include "kernel/distribution/varint.h"

static void
test_known_bytes(void **state)
{
	static const struct
	{
		uint64_t	value;
		size_t		size;
		uint8_t		bytes[MOST_VARINT_BYTES];
	} known[] = {
		{0, 1, {0x00}},
		{5, 1, {0x05}},
		{127, 1, {0x7F}},
		{128, 2, {0x80, 0x01}},
		{300, 2, {0xAC, 0x02}},
		{16383, 2, {0xFF, 0x7F}},
		{16384, 3, {0x80, 0x80, 0x01}},
		{UINT64_C(1) << 63, 10, {0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01}},
		{UINT64_MAX, 10, {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01}},
	};

	(void) state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
	{
		uint8_t		bytes[MOST_VARINT_BYTES];

		assert_ptr_equal(write_varint(bytes, known[i].value), bytes + known[i].size);
		assert_memory_equal(bytes, known[i].bytes, known[i].size);
	}
}

/* In memory of exactly their size; with any byte less they are refused. */
static void
check_round_trip(uint64_t value)
{
	uint8_t		written[MOST_VARINT_BYTES];
	size_t		size = write_varint(written, value) - written;

	for (size_t length = 0; length <= size; length++)
	{
		uint8_t    *bytes = malloc(length + (length == 0));
		uint64_t	read = 0;
		const uint8_t *next;

		memcpy(bytes, written, length);
		next = read_varint(bytes, bytes + length, &read);
		if (length < size ? next != NULL : (next != bytes + size || read != value))
			fail_msg("%llu in %zu of its %zu bytes is read as %llu", (unsigned long long) value, length, size,
					 (unsigned long long) read);
		free(bytes);
	}
}

static void
test_round_trip(void **state)
{
	uint64_t	random = 1;

	(void) state;
	for (int bit = 0; bit < 64; bit++)
		for (int i = -2; i <= 2; i++)
			check_round_trip((UINT64_C(1) << bit) + i);
	for (int i = 0; i < 10000; i++)
		check_round_trip(next_random(&random) >> (next_random(&random) % 64));
}

static void
test_refuses_more_than_64_bits(void **state)
{
	static const uint8_t bit_64[] = {0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x02};
	static const uint8_t byte_11[] = {0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x81, 0x00};
	uint64_t	value;

	(void) state;
	assert_null(read_varint(bit_64, bit_64 + sizeof(bit_64), &value));
	assert_null(read_varint(byte_11, byte_11 + sizeof(byte_11), &value));
}

static void
test_signs_alternate(void **state)
{
	static const int64_t in_order[] = {0, -1, 1, -2, 2, -3, 3};

	(void) state;
	for (uint64_t i = 0; i < sizeof(in_order) / sizeof(in_order[0]); i++)
	{
		assert_true(zigzag(in_order[i]) == i);
		assert_true(unzigzag(i) == in_order[i]);
	}
	assert_true(zigzag(INT64_MAX) == UINT64_MAX - 1 && unzigzag(UINT64_MAX - 1) == INT64_MAX);
	assert_true(zigzag(INT64_MIN) == UINT64_MAX && unzigzag(UINT64_MAX) == INT64_MIN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_bytes),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_refuses_more_than_64_bits),
		cmocka_unit_test(test_signs_alternate),
	};

	return cmocka_run_group_tests_name("varint", tests, NULL, NULL);
}
