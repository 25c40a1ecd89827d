/*
 * roll_up.c
 *	  roll_up(query, keys, measures, result): sums and distributions of a query's rows by
 *	  several groupings, in one pass.
 *
 * GROUP BY GROUPING SETS would give the same.  But it calls an aggregate function for each
 * measure of each grouping and each row, and keeps a state for each cell and measure.  Here
 * a row is read once, and costs an addition for each sum and 16 bytes for each value
 * (kernel/rollup/cells.c).  Rows come from the executor without a copy.
 *
 * Memory stays within maintenance_work_mem: cells that would exceed it are written as they
 * are, and new cells begin.  So the same keys may come several times.  The caller adds the
 * sums and merges the distributions, which stay exact; and where rows come in the order of
 * days, few days come twice.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "tcop/dest.h"
#include "utils/arrayaccess.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/tuplestore.h"

#include "backend.h"
#include "compat.h"
#include "distribution/value.h"
#include "kernel/multiset/order_key.h"
#include "kernel/rollup/text_pool.h"
#include "rollup/roll_up.h"

/* They take some 100 MB. */
#define MOST_CELLS_OF_ROW	1000000

/* What one column of a row has: a key, a value, or the elements of its array. */
typedef struct Elements
{
	uint64_t   *elements;
	size_t		room;
} Elements;

/* The receiver of the rows of the executor. */
typedef struct RollUp
{
	DestReceiver receiver;
	ArrayType  *keys;
	ArrayType  *measures;
	TupleDesc	result;
	Tuplestorestate *store;
	Oid			distribution_type;
	MemoryContext context;		/* as long as the call */
	MemoryContext row_context;	/* as long as a row of the query or of the result */
	MemoryContext cell_context; /* as long as the cells */
	RollUpColumns columns;
	RollupRow	row;
	Elements   *elements;		/* one a key, then one a value */
	uint64_t	arrays;			/* read so far */
	RollupCells cells;
	TextPool	texts;
} RollUp;

/* ----------------------------------------------------------------------
 * Rows of the query
 * ----------------------------------------------------------------------
 */

static uint64_t
pooled(RollUp *rollup, Datum value, const Host *host)
{
	text	   *bytes = DatumGetTextPP(value);

	return (uintptr_t) text_pool_find(&rollup->texts, VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes), host);
}

static void
make_room(Elements *elements, size_t count, MemoryContext context)
{
	if (count <= elements->room)
		return;
	if (elements->elements != NULL)
		pfree(elements->elements);
	elements->elements = MemoryContextAllocHuge(context, sizeof(uint64_t) * count);
	elements->room = count;
}

/* Reads each element once, but no NULL. */
static size_t
read_texts(RollUp *rollup, Elements *elements, Datum value, const Host *host)
{
	AnyArrayType *array = DatumGetAnyArrayP(value);
	int			nelements = ArrayGetNItems(AARR_NDIM(array), AARR_DIMS(array));
	array_iter	iterator;
	size_t		count = 0;

	rollup->arrays++;
	make_room(elements, nelements, rollup->context);
	array_iter_setup(&iterator, array);
	for (int i = 0; i < nelements; i++)
	{
		bool		is_null;
		Datum		element = array_iter_next(&iterator, &is_null, i, -1, false, TYPALIGN_INT);
		PooledText *text;

		if (is_null)
			continue;
		text = (PooledText *) (uintptr_t) pooled(rollup, element, host);
		if (text->last_seen == rollup->arrays)
			continue;
		text->last_seen = rollup->arrays;
		elements->elements[count++] = (uintptr_t) text;
	}
	return count;
}

/* Memory is checked after each row: so the cells of a single row have a limit of their own. */
static void
check_cells_of_row(const RollUp *rollup)
{
	for (int i = 0; i < rollup->columns.ngroupings; i++)
	{
		const ColumnList *keys = &rollup->columns.groupings[i].keys;
		size_t		cells = 1;

		for (int k = 0; k < keys->count && cells > 0; k++)
		{
			cells *= rollup->row.keys[keys->columns[k]].count;
			if (cells > MOST_CELLS_OF_ROW)
				ereport(ERROR,
						(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						 errmsg("a row falls into too many cells of roll_up()"),
						 errdetail("In grouping %d it has more than %d combinations of the elements of its arrays.", i + 1,
								   MOST_CELLS_OF_ROW),
						 errhint("Name fewer arrays in one grouping, or shorten them in the query, such as tags[1:100] AS tags.")));
		}
	}
}

static void
read_keys(RollUp *rollup, TupleTableSlot *slot, const Host *host)
{
	bool		has_several = false;

	for (int i = 0; i < rollup->columns.keys.count; i++)
	{
		const QueryColumn *column = &rollup->columns.keys.columns[i];
		Elements   *elements = &rollup->elements[i];
		Datum		value = slot->tts_values[column->index];
		RowElements *key = &rollup->row.keys[i];

		key->count = slot->tts_isnull[column->index] ? 0 : 1;
		if (key->count == 0)
			continue;
		if (column->kind == KEY_TEXTS)
			key->count = read_texts(rollup, elements, value, host);
		else
			elements->elements[0] = column->kind == KEY_TEXT ? pooled(rollup, value, host) : (uint64_t) value;
		key->elements = elements->elements;
		has_several |= key->count > 1;
	}
	if (has_several)
		check_cells_of_row(rollup);
}

static int64_t
integer_of(Datum value, Oid type)
{
	switch (type)
	{
		case BOOLOID:
			return DatumGetBool(value);
		case INT2OID:
			return DatumGetInt16(value);
		case INT4OID:
			return DatumGetInt32(value);
		default:
			return DatumGetInt64(value);
	}
}

/* Reads each element, but no NULL. */
static size_t
read_doubles(RollUp *rollup, Elements *elements, Datum value)
{
	AnyArrayType *array = DatumGetAnyArrayP(value);
	int			nelements = ArrayGetNItems(AARR_NDIM(array), AARR_DIMS(array));
	array_iter	iterator;
	size_t		count = 0;

	make_room(elements, nelements, rollup->context);
	array_iter_setup(&iterator, array);
	for (int i = 0; i < nelements; i++)
	{
		bool		is_null;
		Datum		element = array_iter_next(&iterator, &is_null, i, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE);

		if (!is_null)
			elements->elements[count++] = key_of_double(DatumGetFloat8(element));
	}
	return count;
}

static void
read_values(RollUp *rollup, int column, TupleTableSlot *slot)
{
	const QueryColumn *from = &rollup->columns.values.columns[column];
	Elements   *elements = &rollup->elements[rollup->columns.keys.count + column];
	RowElements *values = &rollup->row.values[column];

	values->count = 0;
	if (slot->tts_isnull[from->index])
		return;
	if (from->type == FLOAT8ARRAYOID)
		values->count = read_doubles(rollup, elements, slot->tts_values[from->index]);
	else
		elements->elements[values->count++] = key_of_double(DatumGetFloat8(slot->tts_values[from->index]));
	values->elements = elements->elements;
}

static void
read_measures(RollUp *rollup, TupleTableSlot *slot)
{
	for (int i = 0; i < rollup->columns.sums.count; i++)
	{
		const QueryColumn *column = &rollup->columns.sums.columns[i];

		rollup->row.sums[i] = slot->tts_isnull[column->index] ? 0 : integer_of(slot->tts_values[column->index], column->type);
	}
	for (int i = 0; i < rollup->columns.values.count; i++)
		read_values(rollup, i, slot);
}

/* ----------------------------------------------------------------------
 * Rows of the result
 * ----------------------------------------------------------------------
 */

static Datum
distribution_of(const uint64_t *keys, size_t count, const Host *host)
{
	DistributionWriter writer;
	CountTable	none;

	count_table_init(&none);
	distribution_writer_init(&writer, host);
	distribution_gather(&writer, &none, NULL, keys, count);
	return distribution_written(&writer);
}

/* The distributions of one column, one for each cell; 0 where a cell has none. */
static Datum *
distributions_of_column(RollUp *rollup, int column, const Host *host)
{
	size_t		ncells = rollup->cells.ncells;
	Datum	   *distributions = MemoryContextAllocHuge(rollup->cell_context, sizeof(Datum) * (ncells + 1));
	CellValues	dealt = rollup_cells_deal(&rollup->cells, column, host);

	memset(distributions, 0, sizeof(Datum) * (ncells + 1));
	if (dealt.values == NULL)
		return distributions;
	for (size_t i = 0; i < ncells; i++)
	{
		size_t		count = dealt.begins[i + 1] - dealt.begins[i];

		if (count > 0)
			distributions[i] = distribution_of(dealt.values + dealt.begins[i], count, host);
	}
	pfree(dealt.values);
	pfree(dealt.begins);
	return distributions;
}

static Datum
key_datum(const RollUp *rollup, int column, uint64_t key)
{
	const PooledText *text = (const PooledText *) (uintptr_t) key;

	if (rollup->columns.keys.columns[column].kind == KEY_BY_VALUE)
		return (Datum) key;
	return PointerGetDatum(cstring_to_text_with_len(text->bytes, text->length));
}

static bool
result_datum(const RollUp *rollup, const ResultColumn *result, size_t number, Datum **distributions, Datum *value)
{
	const RollupCell *cell = rollup->cells.cells[number];
	int			place;

	if (result->source == FROM_NOTHING)
		return false;
	place = result->places[cell->grouping];
	if (result->source == FROM_NUMBER)
		*value = Int32GetDatum(cell->grouping + 1);
	else if (place < 0)
		return false;
	else if (result->source == FROM_KEY)
		*value = key_datum(rollup, result->column, rollup_cell_key(cell, place));
	else if (result->source == FROM_SUM)
		*value = Int64GetDatum(rollup_cell_sum(&rollup->cells, cell, place));
	else
	{
		*value = distributions[result->column][number];
		return *value != 0;
	}
	return true;
}

static void
write_cells(RollUp *rollup)
{
	Host		host = backend_host(rollup->cell_context);
	MemoryContext caller = MemoryContextSwitchTo(rollup->cell_context);
	int			nvalues = rollup->columns.values.count;
	Datum	  **distributions = palloc(sizeof(Datum *) * (nvalues + 1));
	Datum	   *values = palloc(sizeof(Datum) * rollup->columns.nresults);
	bool	   *nulls = palloc(sizeof(bool) * rollup->columns.nresults);

	if (rollup->cells.overflow)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("bigint out of range"),
				 errdetail("A sum of roll_up() leaves the range of bigint."),
				 errhint("Sum smaller numbers, such as amount / 100.")));
	for (int i = 0; i < nvalues; i++)
		distributions[i] = distributions_of_column(rollup, i, &host);
	MemoryContextSwitchTo(rollup->row_context);
	for (size_t number = 0; number < rollup->cells.ncells; number++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < rollup->columns.nresults; i++)
			nulls[i] = !result_datum(rollup, &rollup->columns.results[i], number, distributions, &values[i]);
		tuplestore_putvalues(rollup->store, rollup->result, values, nulls);
		MemoryContextReset(rollup->row_context);
	}
	MemoryContextSwitchTo(caller);
}

/* ----------------------------------------------------------------------
 * Receiver
 * ----------------------------------------------------------------------
 */

static void
begin_cells(RollUp *rollup)
{
	Host		host = backend_host(rollup->cell_context);

	MemoryContextReset(rollup->cell_context);
	rollup_cells_init(&rollup->cells, rollup->columns.groupings, rollup->columns.ngroupings, rollup->columns.values.count,
					  &host);
	text_pool_init(&rollup->texts);
}

static void
start(DestReceiver *receiver, int operation, TupleDesc query)
{
	RollUp	   *rollup = (RollUp *) receiver;
	MemoryContext caller = MemoryContextSwitchTo(rollup->context);
	int			nkeys;
	int			nvalues;

	if (rollup->row.keys != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_SYNTAX_ERROR),
				 errmsg("roll_up() is given more than one query"),
				 errhint("Put the rows of both together: SELECT ... UNION ALL SELECT ...")));
	roll_up_find_columns(&rollup->columns, rollup->keys, rollup->measures, query, rollup->result, rollup->distribution_type);
	nkeys = rollup->columns.keys.count;
	nvalues = rollup->columns.values.count;
	rollup->row.keys = palloc(sizeof(RowElements) * (nkeys + 1));
	rollup->row.sums = palloc(sizeof(int64_t) * (rollup->columns.sums.count + 1));
	rollup->row.values = palloc(sizeof(RowElements) * (nvalues + 1));
	rollup->elements = palloc0(sizeof(Elements) * (nkeys + nvalues + 1));
	for (int i = 0; i < nkeys + nvalues; i++)
		make_room(&rollup->elements[i], 1, rollup->context);
	begin_cells(rollup);
	MemoryContextSwitchTo(caller);
}

/* Half of the memory is left for writing the cells. */
static bool
is_memory_full(const RollUp *rollup)
{
	return MemoryContextMemAllocated(rollup->cell_context, false) > (Size) maintenance_work_mem * 1024 / 2;
}

static bool
receive(TupleTableSlot *slot, DestReceiver *receiver)
{
	RollUp	   *rollup = (RollUp *) receiver;
	Host		host = backend_host(rollup->cell_context);
	MemoryContext caller;

	slot_getallattrs(slot);
	caller = MemoryContextSwitchTo(rollup->row_context);
	read_keys(rollup, slot, &host);
	read_measures(rollup, slot);
	rollup_cells_add(&rollup->cells, &rollup->row, &host);
	MemoryContextSwitchTo(caller);
	MemoryContextReset(rollup->row_context);
	if (is_memory_full(rollup))
	{
		write_cells(rollup);
		begin_cells(rollup);
	}
	return true;
}

static void
no_more(DestReceiver *receiver)
{
}

static RollUp *
create_roll_up(ArrayType *keys, ArrayType *measures)
{
	RollUp	   *rollup = palloc0(sizeof(RollUp));

	rollup->receiver.receiveSlot = receive;
	rollup->receiver.rStartup = start;
	rollup->receiver.rShutdown = no_more;
	rollup->receiver.rDestroy = no_more;
	rollup->receiver.mydest = DestNone;
	rollup->keys = keys;
	rollup->measures = measures;
	rollup->context = CurrentMemoryContext;
	rollup->row_context = AllocSetContextCreate(CurrentMemoryContext, "row of roll_up", ALLOCSET_DEFAULT_SIZES);
	rollup->cell_context = AllocSetContextCreate(CurrentMemoryContext, "cells of roll_up", ALLOCSET_DEFAULT_SIZES);
	return rollup;
}

/* ----------------------------------------------------------------------
 * SQL
 * ----------------------------------------------------------------------
 */

static void
read_result_type(FunctionCallInfo fcinfo, RollUp *rollup)
{
	ReturnSetInfo *info = (ReturnSetInfo *) fcinfo->resultinfo;
	TupleDesc	result;
	MemoryContext caller;

	if (info == NULL || !IsA(info, ReturnSetInfo) || !(info->allowedModes & SFRM_Materialize))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("roll_up() is called where no set of rows is accepted"),
				 errhint("Call it in FROM: SELECT * FROM ttr.roll_up(...).")));
	if (get_call_result_type(fcinfo, NULL, &result) != TYPEFUNC_COMPOSITE)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("result of roll_up() is not of a composite type"),
				 errhint("Give the type of its rows, such as NULL::daily, where daily is a table or a type with the columns day date, total bigint.")));
	caller = MemoryContextSwitchTo(info->econtext->ecxt_per_query_memory);
	rollup->result = CreateTupleDescCopy(result);
	rollup->store = tuplestore_begin_heap((info->allowedModes & SFRM_Materialize_Random) != 0, false, work_mem);
	MemoryContextSwitchTo(caller);
	info->returnMode = SFRM_Materialize;
	info->setResult = rollup->store;
	info->setDesc = rollup->result;
}

static Oid
distribution_type(FunctionCallInfo fcinfo)
{
	return GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid, CStringGetDatum("distribution"),
						   ObjectIdGetDatum(get_func_namespace(fcinfo->flinfo->fn_oid)));
}

/*
 * The query runs as a part of the calling one, in the same snapshot, and may change
 * nothing.  Memory: maintenance_work_mem, and work_mem for the result.
 */
PG_FUNCTION_INFO_V1(ttr_roll_up);
Datum
ttr_roll_up(PG_FUNCTION_ARGS)
{
	SPIExecuteOptions options = {0};
	RollUp	   *rollup;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("query, keys and measures of roll_up() must not be null")));
	rollup = create_roll_up(PG_GETARG_ARRAYTYPE_P(1), PG_GETARG_ARRAYTYPE_P(2));
	rollup->distribution_type = distribution_type(fcinfo);
	read_result_type(fcinfo, rollup);

	options.read_only = true;
	options.must_return_tuples = true;
	options.dest = &rollup->receiver;
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	if (SPI_execute_extended(text_to_cstring(PG_GETARG_TEXT_PP(0)), &options) < 0)
		elog(ERROR, "SPI_execute_extended failed");
	write_cells(rollup);
	SPI_finish();
	PG_RETURN_NULL();
}
