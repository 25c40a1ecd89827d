/*
 * cells.h
 *	  Rows in, the cells of several groupings out: see cells.c.
 *
 * The way into rollup/: rollup_cells_add() takes a row.
 */
#ifndef TTR_KERNEL_ROLLUP_CELLS_H
#define TTR_KERNEL_ROLLUP_CELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/host.h"
#include "kernel/multiset/value_store.h"

/* Indexes of columns among the keys, the sums or the values of a row. */
typedef struct ColumnList
{
	const int  *columns;
	int			count;
} ColumnList;

typedef struct Grouping
{
	ColumnList	keys;
	ColumnList	sums;
	ColumnList	values;
} Grouping;

/* A key or the values of a row in one column: usually one element. */
typedef struct RowElements
{
	const uint64_t *elements;
	size_t		count;
} RowElements;

typedef struct RollupRow
{
	RowElements *keys;			/* without any the row is in no cell of the groupings that have the key */
	int64_t    *sums;			/* 0 adds nothing */
	RowElements *values;		/* order keys */
} RollupRow;

typedef struct RollupCell
{
	uint64_t	hash;
	int			grouping;
	int64_t		slots[];		/* the keys of its grouping, and then the sums */
} RollupCell;

/* The number of a cell plus 1, or 0; and half of its hash, so that few other cells are read. */
typedef struct CellPlace
{
	uint32_t	cell;
	uint32_t	half_hash;
} CellPlace;

typedef struct CellTable
{
	CellPlace  *cells;
	size_t		places;			/* a power of 2, or 0 */
	size_t		used;
	uint32_t	last;			/* the cell found last: the next row often has the same day */
} CellTable;

typedef struct RollupCells
{
	const Grouping *groupings;
	int			ngroupings;
	int			nvalues;		/* columns of values */
	bool		overflow;		/* a sum left the range of 64 bits: the cells are not valid */
	CellTable  *tables;			/* one a grouping */
	RollupCell **cells;
	size_t		ncells;
	size_t		room;
	uint64_t   *keys;			/* of the cell that is sought */
	ValueStore *logs;			/* one a column of values: pairs of a cell's number and a value */
} RollupCells;

extern void rollup_cells_init(RollupCells *cells, const Grouping *groupings, int ngroupings, int nvalues,
							  const Host *host);
extern void rollup_cells_clear(RollupCells *cells, const Host *host);

extern void rollup_cells_add(RollupCells *cells, const RollupRow *row, const Host *host);

static inline uint64_t
rollup_cell_key(const RollupCell *cell, int place)
{
	return (uint64_t) cell->slots[place];
}

static inline int64_t
rollup_cell_sum(const RollupCells *cells, const RollupCell *cell, int place)
{
	return cell->slots[cells->groupings[cell->grouping].keys.count + place];
}

/*
 * The values of one column, dealt out to the cells: those of cell i lie from begins[i] to
 * before begins[i + 1], in no order.  The log of the column is empty afterwards.  Both
 * arrays come from the host and belong to the caller; without values they are NULL.
 */
typedef struct CellValues
{
	uint64_t   *values;
	size_t	   *begins;
} CellValues;

extern CellValues rollup_cells_deal(RollupCells *cells, int column, const Host *host);

#endif							/* TTR_KERNEL_ROLLUP_CELLS_H */
