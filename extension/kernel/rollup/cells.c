/*
 * cells.c
 *	  Sums and values of rows, gathered into the cells of several groupings in one pass.
 *
 * A cell stands for one combination of keys, such as a day and an assignee.  Sums are
 * added where the cell lies.  Values are not: a buffer for each column of each cell
 * would be tens of thousands of buffers, most of them nearly empty, and every row would
 * touch several cold ones.  Instead values are logged in the order of the rows, and dealt
 * out at the end, when the number of values of each cell is known:
 *
 *	  row   day 1, ann, 60 s         log of a column           dealt out
 *	  row   day 1, bob, 90 s   --->  cell 0: 60         --->   cell 0: 60 30
 *	  row   day 1, ann, 30 s         cell 1: 90                cell 1: 90
 *	                                 cell 0: 30
 *
 * A key may have several elements, such as the tags of a conversation: the row is in a
 * cell for each of them.  So may a value, such as the wait for each reply: every one counts.
 */
#include <string.h>

#include "kernel/rollup/cells.h"

#define FIRST_PLACES	64

/* Values between two calls of check_interrupts(). */
#define VALUES_IN_STEP	65536

void
rollup_cells_init(RollupCells *cells, const Grouping *groupings, int ngroupings, int nvalues, const Host *host)
{
	int			most_keys = 0;

	memset(cells, 0, sizeof(*cells));
	cells->groupings = groupings;
	cells->ngroupings = ngroupings;
	cells->nvalues = nvalues;
	cells->tables = host->allocate(host->context, sizeof(CellTable) * (ngroupings + 1));
	memset(cells->tables, 0, sizeof(CellTable) * ngroupings);
	cells->logs = host->allocate(host->context, sizeof(ValueStore) * (nvalues + 1));
	for (int i = 0; i < nvalues; i++)
		value_store_init(&cells->logs[i]);
	for (int i = 0; i < ngroupings; i++)
		if (groupings[i].keys.count > most_keys)
			most_keys = groupings[i].keys.count;
	cells->keys = host->allocate(host->context, sizeof(uint64_t) * (most_keys + 1));
}

void
rollup_cells_clear(RollupCells *cells, const Host *host)
{
	for (int i = 0; i < cells->ngroupings; i++)
		if (cells->tables[i].cells != NULL)
			host->release(host->context, cells->tables[i].cells);
	for (int i = 0; i < cells->nvalues; i++)
		value_store_clear(&cells->logs[i], host);
	for (size_t i = 0; i < cells->ncells; i++)
		host->release(host->context, cells->cells[i]);
	if (cells->cells != NULL)
		host->release(host->context, cells->cells);
	host->release(host->context, cells->tables);
	host->release(host->context, cells->logs);
	host->release(host->context, cells->keys);
}

/* ----------------------------------------------------------------------
 * Cells
 * ----------------------------------------------------------------------
 */

static void
grow_table(RollupCells *cells, CellTable *table, const Host *host)
{
	size_t		places = table->places == 0 ? FIRST_PLACES : table->places * 2;
	CellPlace  *grown = host->allocate(host->context, places * sizeof(CellPlace));

	memset(grown, 0, places * sizeof(CellPlace));
	for (size_t i = 0; i < table->places; i++)
	{
		size_t		place;

		if (table->cells[i].cell == 0)
			continue;
		place = cells->cells[table->cells[i].cell - 1]->hash & (places - 1);
		while (grown[place].cell != 0)
			place = (place + 1) & (places - 1);
		grown[place] = table->cells[i];
	}
	if (table->cells != NULL)
		host->release(host->context, table->cells);
	table->cells = grown;
	table->places = places;
}

static void
grow_cells(RollupCells *cells, const Host *host)
{
	size_t		room = cells->room == 0 ? FIRST_PLACES : cells->room * 2;
	RollupCell **grown = host->allocate(host->context, room * sizeof(RollupCell *));

	if (cells->cells != NULL)
	{
		memcpy(grown, cells->cells, cells->ncells * sizeof(RollupCell *));
		host->release(host->context, cells->cells);
	}
	cells->cells = grown;
	cells->room = room;
}

static uint32_t
add_cell(RollupCells *cells, int grouping, const uint64_t *keys, uint64_t hash, const Host *host)
{
	const Grouping *of = &cells->groupings[grouping];
	size_t		size = sizeof(RollupCell) + sizeof(int64_t) * (of->keys.count + of->sums.count);
	RollupCell *cell = host->allocate(host->context, size);

	if (cells->ncells == cells->room)
		grow_cells(cells, host);
	memset(cell, 0, size);
	cell->hash = hash;
	cell->grouping = grouping;
	memcpy(cell->slots, keys, sizeof(uint64_t) * of->keys.count);
	cells->cells[cells->ncells] = cell;
	return cells->ncells++;
}

/* A finalizer of MurmurHash3 (Austin Appleby, 2011) after each key. */
static uint64_t
hash_keys(const uint64_t *keys, int nkeys)
{
	uint64_t	hash = nkeys;

	for (int i = 0; i < nkeys; i++)
	{
		hash = (hash ^ keys[i]) * UINT64_C(0xFF51AFD7ED558CCD);
		hash ^= hash >> 33;
		hash *= UINT64_C(0xC4CEB9FE1A85EC53);
		hash ^= hash >> 33;
	}
	return hash;
}

static bool
has_keys(const RollupCell *cell, const uint64_t *keys, int nkeys)
{
	for (int i = 0; i < nkeys; i++)
		if (rollup_cell_key(cell, i) != keys[i])
			return false;
	return true;
}

static uint32_t
find_cell(RollupCells *cells, int grouping, const uint64_t *keys, const Host *host)
{
	CellTable  *table = &cells->tables[grouping];
	int			nkeys = cells->groupings[grouping].keys.count;
	uint64_t	hash;
	size_t		place;

	if (table->used > 0 && has_keys(cells->cells[table->last], keys, nkeys))
		return table->last;
	if (table->used * 2 >= table->places)
		grow_table(cells, table, host);
	hash = hash_keys(keys, nkeys);
	for (place = hash & (table->places - 1); table->cells[place].cell != 0; place = (place + 1) & (table->places - 1))
	{
		table->last = table->cells[place].cell - 1;
		if (table->cells[place].half_hash == hash >> 32 && has_keys(cells->cells[table->last], keys, nkeys))
			return table->last;
	}
	table->last = add_cell(cells, grouping, keys, hash, host);
	table->cells[place] = (CellPlace) {table->last + 1, hash >> 32};
	table->used++;
	return table->last;
}

/* ----------------------------------------------------------------------
 * Rows
 * ----------------------------------------------------------------------
 */

static void
log_values(ValueStore *log, uint32_t cell, const RowElements *values, const Host *host)
{
	for (size_t i = 0; i < values->count; i++)
	{
		if (value_store_is_full(log))
			value_store_grow(log, host);
		value_store_put(log, cell);
		value_store_put(log, values->elements[i]);
	}
}

static void
add_to_cell(RollupCells *cells, uint32_t number, const RollupRow *row, const Host *host)
{
	RollupCell *cell = cells->cells[number];
	const Grouping *of = &cells->groupings[cell->grouping];
	int64_t    *sums = cell->slots + of->keys.count;

	for (int i = 0; i < of->sums.count; i++)
		cells->overflow |= __builtin_add_overflow(sums[i], row->sums[of->sums.columns[i]], &sums[i]);
	for (int i = 0; i < of->values.count; i++)
		log_values(&cells->logs[of->values.columns[i]], number, &row->values[of->values.columns[i]], host);
}

/* Adds a row to the cells of all combinations of its keys from this place on; those before are chosen. */
static void
add_combinations(RollupCells *cells, int grouping, int place, const RollupRow *row, const Host *host)
{
	const ColumnList *columns = &cells->groupings[grouping].keys;
	RowElements key;

	if (place == columns->count)
	{
		add_to_cell(cells, find_cell(cells, grouping, cells->keys, host), row, host);
		return;
	}
	key = row->keys[columns->columns[place]];
	if (key.count > 1)
		host->check_interrupts();
	for (size_t i = 0; i < key.count; i++)
	{
		host_check_at_step(host, i);
		cells->keys[place] = key.elements[i];
		add_combinations(cells, grouping, place + 1, row, host);
	}
}

void
rollup_cells_add(RollupCells *cells, const RollupRow *row, const Host *host)
{
	for (int i = 0; i < cells->ngroupings; i++)
		add_combinations(cells, i, 0, row, host);
}

/* ----------------------------------------------------------------------
 * Values
 * ----------------------------------------------------------------------
 */

/* begins[i + 1] becomes the number of values in the cells up to i. */
static void
find_begins(const RollupCells *cells, const ValueStore *log, size_t *begins)
{
	memset(begins, 0, sizeof(size_t) * (cells->ncells + 1));
	for (ValueSpan span = value_store_first_span(log); span.count > 0; span = value_store_next_span(log, span))
		for (size_t i = 0; i < span.count; i += 2)
			begins[span.values[i] + 1]++;
	for (size_t i = 0; i < cells->ncells; i++)
		begins[i + 1] += begins[i];
}

CellValues
rollup_cells_deal(RollupCells *cells, int column, const Host *host)
{
	ValueStore *log = &cells->logs[column];
	CellValues	dealt = {NULL, NULL};
	size_t	   *next;
	size_t		done = 0;

	if (log->count == 0)
		return dealt;
	dealt.values = host->allocate(host->context, sizeof(uint64_t) * (log->count / 2));
	dealt.begins = host->allocate(host->context, sizeof(size_t) * (cells->ncells + 1));
	next = host->allocate(host->context, sizeof(size_t) * (cells->ncells + 1));
	find_begins(cells, log, dealt.begins);
	memcpy(next, dealt.begins, sizeof(size_t) * (cells->ncells + 1));
	for (ValueSpan span = value_store_first_span(log); span.count > 0; span = value_store_next_span(log, span))
		for (size_t i = 0; i < span.count; i += 2)
		{
			dealt.values[next[span.values[i]]++] = span.values[i + 1];
			if (++done % VALUES_IN_STEP == 0)
				host->check_interrupts();
		}
	host->release(host->context, next);
	value_store_clear(log, host);
	return dealt;
}
