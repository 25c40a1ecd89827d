/*
 * roll_up.h
 *	  Columns that roll_up() reads, and columns that it fills: see roll_up_columns.c.
 *
 * The way into rollup/: SQL calls roll_up() (roll_up.c).
 */
#ifndef TTR_ROLLUP_ROLL_UP_H
#define TTR_ROLLUP_ROLL_UP_H

#include "access/tupdesc.h"
#include "utils/array.h"

#include "kernel/rollup/cells.h"

typedef enum KeyKind
{
	KEY_BY_VALUE,				/* the datum is the key */
	KEY_TEXT,					/* a pooled text is the key */
	KEY_TEXTS					/* each element of an array is a key, as a pooled text */
} KeyKind;

typedef struct QueryColumn
{
	int			index;			/* in the row of the query */
	Oid			type;
	KeyKind		kind;			/* of a key */
} QueryColumn;

/* Columns of one role, each once. */
typedef struct QueryColumns
{
	QueryColumn *columns;
	int			count;
} QueryColumns;

typedef enum ResultSource
{
	FROM_NUMBER,				/* of the grouping */
	FROM_KEY,
	FROM_SUM,
	FROM_VALUES,
	FROM_NOTHING				/* a column that its table has dropped */
} ResultSource;

typedef struct ResultColumn
{
	ResultSource source;
	int			column;			/* among the keys, the sums or the values */
	int		   *places;			/* in the list of each grouping; -1 where the grouping lacks it */
} ResultColumn;

typedef struct RollUpColumns
{
	QueryColumns keys;
	QueryColumns sums;
	QueryColumns values;
	Grouping   *groupings;
	int			ngroupings;
	ResultColumn *results;
	int			nresults;
} RollUpColumns;

/*
 * Finds all columns by their names, in the current memory context.  keys and measures have
 * a list of names for each grouping.  Errors: 22023 for such a list, 42703 for an unknown
 * column, 42804 for one of a type that does not fit.
 */
extern void roll_up_find_columns(RollUpColumns *columns, ArrayType *keys, ArrayType *measures, TupleDesc query,
								 TupleDesc result, Oid distribution_type);

#endif							/* TTR_ROLLUP_ROLL_UP_H */
