/*
 * roll_up_columns.c
 *	  Finds the columns that roll_up() reads from its query, and those that it fills.
 *
 * Columns are found by their names, and treated by their types:
 *
 *	  named among the keys       integer, boolean, date, timestamp, text   a key
 *	                             text[]                                    a key for each element
 *	  named among the measures   integer, boolean                          summed: bigint
 *	                             double precision                          gathered: distribution
 *	                             double precision[]                        each element gathered
 *
 *	  column of the result       filled with
 *	  grouping                   the place of the grouping in its list, from 1
 *	  dropped from its table     NULL
 *	  any other                  the key or measure of its name, NULL where the grouping lacks it
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/varlena.h"

#include "compat.h"
#include "rollup/roll_up.h"

#define NUMBER_COLUMN	"grouping"

/* ----------------------------------------------------------------------
 * Names
 * ----------------------------------------------------------------------
 */

static List *
names_of(Datum list)
{
	char	   *string = TextDatumGetCString(list);
	List	   *names;

	if (!SplitIdentifierString(pstrdup(string), ',', &names))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid list of columns: \"%s\"", string),
				 errhint("Separate names of columns by commas, such as 'day, assignee'.")));
	return names;
}

static Datum *
elements_of(ArrayType *lists, int *count)
{
	Datum	   *elements;
	bool	   *nulls;

	deconstruct_array(lists, TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, count);
	for (int i = 0; i < *count; i++)
		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("list of columns is null"),
					 errhint("Name the columns of each grouping, such as ARRAY['day', 'day, assignee'].")));
	return elements;
}

static Form_pg_attribute
find_column(TupleDesc query, const char *name)
{
	for (int i = 0; i < query->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(query, i);

		if (strcmp(NameStr(attribute->attname), name) == 0)
			return attribute;
	}
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_COLUMN),
			 errmsg("query has no column \"%s\"", name),
			 errhint("Name it in the query, such as SELECT resolved_on AS \"%s\" FROM ...", name)));
}

/* ----------------------------------------------------------------------
 * Columns of the query
 * ----------------------------------------------------------------------
 */

static QueryColumns
no_columns(int room)
{
	return (QueryColumns) {palloc(sizeof(QueryColumn) * (room + 1)), 0};
}

static int
place_of(const QueryColumns *columns, int index)
{
	for (int i = 0; i < columns->count; i++)
		if (columns->columns[i].index == index)
			return i;
	return -1;
}

static int
add_column(QueryColumns *columns, Form_pg_attribute attribute, KeyKind kind)
{
	int			place = place_of(columns, attribute->attnum - 1);

	if (place >= 0)
		return place;
	columns->columns[columns->count] = (QueryColumn) {attribute->attnum - 1, attribute->atttypid, kind};
	return columns->count++;
}

static int
add_key(RollUpColumns *columns, Form_pg_attribute attribute)
{
	switch (attribute->atttypid)
	{
		case BOOLOID:
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case DATEOID:
		case TIMESTAMPOID:
		case TIMESTAMPTZOID:
			return add_column(&columns->keys, attribute, KEY_BY_VALUE);
		case TEXTOID:
			return add_column(&columns->keys, attribute, KEY_TEXT);
		case TEXTARRAYOID:
			return add_column(&columns->keys, attribute, KEY_TEXTS);
	}
	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("key \"%s\" has a type that is not supported", NameStr(attribute->attname)),
			 errdetail("Keys are integers, booleans, dates, timestamps, text and text[]."),
			 errhint("Convert it in the query, such as \"%s\"::text.", NameStr(attribute->attname))));
}

static bool
is_sum(Form_pg_attribute attribute)
{
	switch (attribute->atttypid)
	{
		case BOOLOID:
		case INT2OID:
		case INT4OID:
		case INT8OID:
			return true;
		case FLOAT8OID:
		case FLOAT8ARRAYOID:
			return false;
	}
	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("measure \"%s\" has a type that is not supported", NameStr(attribute->attname)),
			 errdetail("Integers and booleans are summed, double precision and its arrays are gathered into distributions."),
			 errhint("Convert it in the query, such as \"%s\"::double precision.", NameStr(attribute->attname))));
}

static void
append(ColumnList *list, int column)
{
	((int *) list->columns)[list->count++] = column;
}

static ColumnList
empty_list(int room)
{
	return (ColumnList) {palloc(sizeof(int) * (room + 1)), 0};
}

static Grouping
find_grouping(RollUpColumns *columns, Datum keys, Datum measures, TupleDesc query)
{
	List	   *key_names = names_of(keys);
	List	   *measure_names = names_of(measures);
	Grouping	grouping = {empty_list(list_length(key_names)), empty_list(list_length(measure_names)),
	empty_list(list_length(measure_names))};
	ListCell   *cell;

	foreach(cell, key_names)
		append(&grouping.keys, add_key(columns, find_column(query, lfirst(cell))));
	foreach(cell, measure_names)
	{
		Form_pg_attribute attribute = find_column(query, lfirst(cell));

		if (is_sum(attribute))
			append(&grouping.sums, add_column(&columns->sums, attribute, KEY_BY_VALUE));
		else
			append(&grouping.values, add_column(&columns->values, attribute, KEY_BY_VALUE));
	}
	return grouping;
}

/* ----------------------------------------------------------------------
 * Columns of the result
 * ----------------------------------------------------------------------
 */

static int
place_in_list(const ColumnList *list, int column)
{
	for (int i = 0; i < list->count; i++)
		if (list->columns[i] == column)
			return i;
	return -1;
}

static const ColumnList *
list_of(const Grouping *grouping, ResultSource source)
{
	if (source == FROM_KEY)
		return &grouping->keys;
	return source == FROM_SUM ? &grouping->sums : &grouping->values;
}

static void
check_result_type(Form_pg_attribute attribute, Oid expected)
{
	if (attribute->atttypid == expected)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("column \"%s\" of the result has another type than what fills it", NameStr(attribute->attname)),
			 errdetail("It is of type %s, and is filled with %s.", format_type_be(attribute->atttypid), format_type_be(expected)),
			 errhint("Declare it as %s.", format_type_be(expected))));
}

static bool
is_filled_from(ResultColumn *result, ResultSource source, const QueryColumns *columns, int index)
{
	result->source = source;
	result->column = place_of(columns, index);
	return result->column >= 0;
}

static ResultColumn
find_result(const RollUpColumns *columns, Form_pg_attribute attribute, TupleDesc query, Oid distribution_type)
{
	ResultColumn result = {FROM_NUMBER, 0, palloc(sizeof(int) * (columns->ngroupings + 1))};
	int			index;

	if (attribute->attisdropped)
	{
		result.source = FROM_NOTHING;
		return result;
	}
	if (strcmp(NameStr(attribute->attname), NUMBER_COLUMN) == 0)
	{
		check_result_type(attribute, INT4OID);
		return result;
	}
	index = find_column(query, NameStr(attribute->attname))->attnum - 1;
	if (is_filled_from(&result, FROM_KEY, &columns->keys, index))
	{
		const QueryColumn *key = &columns->keys.columns[result.column];

		check_result_type(attribute, key->kind == KEY_TEXTS ? TEXTOID : key->type);
	}
	else if (is_filled_from(&result, FROM_SUM, &columns->sums, index))
		check_result_type(attribute, INT8OID);
	else if (is_filled_from(&result, FROM_VALUES, &columns->values, index))
		check_result_type(attribute, distribution_type);
	else
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("column \"%s\" of the result is neither a key nor a measure", NameStr(attribute->attname)),
				 errhint("Name it among the keys or the measures of a grouping.")));
	for (int i = 0; i < columns->ngroupings; i++)
		result.places[i] = place_in_list(list_of(&columns->groupings[i], result.source), result.column);
	return result;
}

void
roll_up_find_columns(RollUpColumns *columns, ArrayType *keys, ArrayType *measures, TupleDesc query,
					 TupleDesc result, Oid distribution_type)
{
	Datum	   *key_lists = elements_of(keys, &columns->ngroupings);
	int			nmeasures;
	Datum	   *measure_lists = elements_of(measures, &nmeasures);

	if (nmeasures != columns->ngroupings)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("there are %d lists of keys and %d lists of measures", columns->ngroupings, nmeasures),
				 errhint("Give one of each for every grouping, such as ARRAY['day', 'tag'], ARRAY['total', 'total'].")));
	columns->keys = no_columns(query->natts);
	columns->sums = no_columns(query->natts);
	columns->values = no_columns(query->natts);
	columns->groupings = palloc(sizeof(Grouping) * (columns->ngroupings + 1));
	for (int i = 0; i < columns->ngroupings; i++)
		columns->groupings[i] = find_grouping(columns, key_lists[i], measure_lists[i], query);
	columns->nresults = result->natts;
	columns->results = palloc(sizeof(ResultColumn) * (result->natts + 1));
	for (int i = 0; i < result->natts; i++)
		columns->results[i] = find_result(columns, TupleDescAttr(result, i), query, distribution_type);
}
