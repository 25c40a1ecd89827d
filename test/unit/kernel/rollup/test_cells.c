/*
 * test_cells.c
 *	  Cells hold the sums of the rows of their keys, and each value lies in its cell.
 */
#include "unit.h"

#include "kernel/rollup/cells.h"

#define DAYS	5
#define NAMES	3
#define ROWS	400

static const int first[] = {0};
static const int both[] = {0, 1};

/* By day: a sum and a value; by day and name: the value alone. */
static const Grouping groupings[] = {
	{{first, 1}, {first, 1}, {first, 1}},
	{{both, 2}, {NULL, 0}, {first, 1}},
};

static const RollupCell *
cell_of(const RollupCells *cells, int grouping, uint64_t day, uint64_t name, size_t *number)
{
	for (size_t i = 0; i < cells->ncells; i++)
	{
		const RollupCell *cell = cells->cells[i];

		if (cell->grouping == grouping && rollup_cell_key(cell, 0) == day &&
			(grouping == 0 || rollup_cell_key(cell, 1) == name))
		{
			*number = i;
			return cell;
		}
	}
	return NULL;
}

static uint64_t
total_of(const CellValues *dealt, size_t cell)
{
	uint64_t	total = 0;

	for (size_t i = dealt->begins[cell]; i < dealt->begins[cell + 1]; i++)
		total += dealt->values[i];
	return total;
}

static void
add_row(RollupCells *cells, uint64_t day, const uint64_t *names, size_t nnames, int64_t sum, const uint64_t *value, size_t nvalues,
		const Host *host)
{
	RowElements keys[] = {{&day, 1}, {names, nnames}};
	RowElements values = {value, nvalues};
	RollupRow	row = {keys, &sum, &values};

	rollup_cells_add(cells, &row, host);
}

static void
check_random_rows(uint64_t seed)
{
	uint64_t	random = seed;
	int64_t		sums[DAYS] = {0};
	uint64_t	by_day[DAYS] = {0};
	uint64_t	by_name[DAYS][NAMES] = {{0}};
	Held		held;
	Host		host = counting_host(&held);
	RollupCells cells;
	CellValues	dealt;

	rollup_cells_init(&cells, groupings, 2, 1, &host);
	for (int i = 0; i < ROWS; i++)
	{
		uint64_t	day = next_random(&random) % DAYS;
		uint64_t	names[NAMES];
		size_t		nnames = 0;
		int64_t		sum = (int64_t) (next_random(&random) % 9) - 4;
		uint64_t	value[] = {1 + next_random(&random) % 1000, 1 + next_random(&random) % 1000, 1};
		size_t		nvalues = next_random(&random) % 4;
		uint64_t	total = 0;

		for (uint64_t name = 0; name < NAMES; name++)
			if (next_random(&random) % 2)
				names[nnames++] = name;
		add_row(&cells, day, names, nnames, sum, value, nvalues, &host);
		for (size_t n = 0; n < nvalues; n++)
			total += value[n];
		sums[day] += sum;
		by_day[day] += total;
		for (size_t n = 0; n < nnames; n++)
			by_name[day][names[n]] += total;
	}
	dealt = rollup_cells_deal(&cells, 0, &host);
	for (uint64_t day = 0; day < DAYS; day++)
	{
		size_t		number;
		const RollupCell *cell = cell_of(&cells, 0, day, 0, &number);

		if (cell == NULL || rollup_cell_sum(&cells, cell, 0) != sums[day] || total_of(&dealt, number) != by_day[day])
			fail_msg("seed %llu: day %llu is wrong", (unsigned long long) seed, (unsigned long long) day);
		for (uint64_t name = 0; name < NAMES; name++)
			if (cell_of(&cells, 1, day, name, &number) == NULL || total_of(&dealt, number) != by_name[day][name])
				fail_msg("seed %llu: day %llu, name %llu is wrong", (unsigned long long) seed, (unsigned long long) day,
						 (unsigned long long) name);
	}
	host.release(host.context, dealt.values);
	host.release(host.context, dealt.begins);
	rollup_cells_clear(&cells, &host);
	assert_int_equal(held.bytes, 0);
}

static void
test_random_rows(void **state)
{
	(void) state;
	for_each_seed(200, check_random_rows);
}

static void
test_a_row_without_a_key_is_in_no_cell_of_it(void **state)
{
	Held		held;
	Host		host = counting_host(&held);
	RollupCells cells;
	size_t		number;

	(void) state;
	rollup_cells_init(&cells, groupings, 2, 1, &host);
	add_row(&cells, 7, NULL, 0, 1, NULL, 0, &host);
	assert_non_null(cell_of(&cells, 0, 7, 0, &number));
	assert_int_equal(cells.ncells, 1);
	assert_null(rollup_cells_deal(&cells, 0, &host).values);
	rollup_cells_clear(&cells, &host);
}

static void
test_many_cells(void **state)
{
	Held		held;
	Host		host = counting_host(&held);
	RollupCells cells;
	CellValues	dealt;

	(void) state;
	rollup_cells_init(&cells, groupings, 1, 1, &host);
	for (uint64_t day = 0; day < 100000; day++)
		add_row(&cells, day << 40, NULL, 0, 1, &day, 1, &host);
	assert_int_equal(cells.ncells, 100000);
	dealt = rollup_cells_deal(&cells, 0, &host);
	for (size_t i = 0; i < cells.ncells; i++)
		assert_true(dealt.begins[i + 1] == i + 1 && dealt.values[i] << 40 == rollup_cell_key(cells.cells[i], 0));
	host.release(host.context, dealt.values);
	host.release(host.context, dealt.begins);
	rollup_cells_clear(&cells, &host);
	assert_int_equal(held.bytes, 0);
}

static void
test_a_sum_beyond_64_bits_is_noticed(void **state)
{
	Held		held;
	Host		host = counting_host(&held);
	RollupCells cells;

	(void) state;
	rollup_cells_init(&cells, groupings, 1, 1, &host);
	add_row(&cells, 1, NULL, 0, INT64_MAX, NULL, 0, &host);
	assert_false(cells.overflow);
	add_row(&cells, 2, NULL, 0, 1, NULL, 0, &host);
	assert_false(cells.overflow);
	add_row(&cells, 1, NULL, 0, 1, NULL, 0, &host);
	assert_true(cells.overflow);
	rollup_cells_clear(&cells, &host);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_rows),
		cmocka_unit_test(test_a_row_without_a_key_is_in_no_cell_of_it),
		cmocka_unit_test(test_many_cells),
		cmocka_unit_test(test_a_sum_beyond_64_bits_is_noticed),
	};

	return cmocka_run_group_tests_name("rollup cells", tests, NULL, NULL);
}
