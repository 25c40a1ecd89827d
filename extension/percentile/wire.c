/*
 * wire.c
 *	  The state of median() and quantile() as bytes, on its way between processes.
 *
 * In network byte order, and without gaps:
 *
 *	  version        1 byte
 *	  kind of p      1 byte       none, NULL, p, p[]
 *	  p              8 bytes, or the length of p[] as array_send() writes it (4 bytes)
 *	                              and that
 *	  values         their number in 8 bytes, then keys of 8 bytes
 *	  runs           their number in 8 bytes, then pairs of a key and its count, 8 bytes each
 *	  irregular      their number in 8 bytes, then intervals as interval_send() writes them
 *
 * A large group is counted first: workers that aggregate resolution times in whole
 * seconds send a run for each second that occurs, not 8 bytes for each row.  Where
 * values do not repeat counting stops early (count_table.c), and they travel one by one.
 *
 * The reader trusts nothing: counts and lengths may be of another version, or damaged.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/fmgroids.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "backend.h"
#include "compat.h"
#include "percentile/interval_key.h"
#include "percentile/state.h"
#include "percentile/wire.h"

#define WIRE_VERSION	1

StaticAssertDecl(sizeof(Interval) == 16, "an interval is sent as 8, 4 and 4 bytes");

/* ----------------------------------------------------------------------
 * Serialize
 * ----------------------------------------------------------------------
 */

static void
send_argument(StringInfo message, QuantileArgument argument)
{
	pq_sendbyte(message, argument.kind);
	if (argument.kind == SCALAR_ARGUMENT)
		pq_sendfloat8(message, argument.p.scalar);
	else if (argument.kind == ARRAY_ARGUMENT)
	{
		bytea	   *array = OidSendFunctionCall(F_ARRAY_SEND, PointerGetDatum(argument.p.array));

		pq_sendint32(message, VARSIZE(array) - VARHDRSZ);
		pq_sendbytes(message, VARDATA(array), VARSIZE(array) - VARHDRSZ);
		pfree(array);
	}
}

/* Makes room for count parts of size bytes.  No value of PostgreSQL exceeds 1 GB. */
static void
reserve(StringInfo message, uint64_t count, size_t size)
{
	if (count > (MaxAllocSize - 1024 - message->len) / size)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a group is too large to be aggregated in parallel"),
				 errdetail("The values that one worker found for it exceed 1 GB."),
				 errhint("Set max_parallel_workers_per_gather to 0 for this query.")));
	enlargeStringInfo(message, count * size);
}

static void
send_runs(StringInfo message, const CountTable *table)
{
	pq_sendint64(message, table->distinct);
	reserve(message, table->distinct, sizeof(ValueCount));
	for (size_t i = 0; i < table->places; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (table->runs[i].count != 0)
		{
			pq_writeint64(message, table->runs[i].value);
			pq_writeint64(message, table->runs[i].count);
		}
	}
}

static void
send_irregular(StringInfo message, const ValueStore *irregular)
{
	ValueSpan	span;

	pq_sendint64(message, irregular == NULL ? 0 : irregular->count / WORDS_PER_INTERVAL);
	if (irregular == NULL)
		return;
	reserve(message, irregular->count / WORDS_PER_INTERVAL, sizeof(Interval));
	for (span = value_store_first_span(irregular); span.count > 0; span = value_store_next_span(irregular, span))
	{
		const Interval *intervals = (const Interval *) span.values;

		for (size_t i = 0; i < span.count / WORDS_PER_INTERVAL; i++)
		{
			pq_writeint64(message, intervals[i].time);
			pq_writeint32(message, intervals[i].day);
			pq_writeint32(message, intervals[i].month);
		}
		CHECK_FOR_INTERRUPTS();
	}
}

static void
send_keys(StringInfo message, const PercentileState *state)
{
	Host		host = backend_host(CurrentMemoryContext);
	CountedKeys counted;
	uint64_t	count;

	percentile_state_count(state, &counted, &host);
	count = percentile_state_multiset(state).count - counted.table.total;
	pq_sendint64(message, count);
	reserve(message, count, sizeof(uint64_t));
	for (; counted.span.count > 0; counted.span = value_store_next_span(&state->keys, counted.span))
	{
		for (size_t i = counted.done; i < counted.span.count; i++)
			pq_writeint64(message, counted.span.values[i]);
		counted.done = 0;
		CHECK_FOR_INTERRUPTS();
	}
	send_runs(message, &counted.table);
	count_table_clear(&counted.table, &host);
}

PG_FUNCTION_INFO_V1(ttr_quantile_serialize);
Datum
ttr_quantile_serialize(PG_FUNCTION_ARGS)
{
	const PercentileState *state = (const PercentileState *) PG_GETARG_POINTER(0);
	StringInfoData message;

	group_context(fcinfo);
	pq_begintypsend(&message);
	pq_sendbyte(&message, WIRE_VERSION);
	send_argument(&message, state->argument);
	send_keys(&message, state);
	send_irregular(&message, percentile_state_irregular(state));
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

/* ----------------------------------------------------------------------
 * Deserialize
 * ----------------------------------------------------------------------
 */

static void
refuse(const char *what)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
			 errmsg("invalid state of a quantile"),
			 errdetail_internal("It has an invalid %s.", what)));
}

static QuantileArgument
receive_argument(StringInfo message)
{
	QuantileArgument argument;

	argument.kind = pq_getmsgbyte(message);
	if (argument.kind > ARRAY_ARGUMENT)
		refuse("kind of p");
	if (argument.kind == SCALAR_ARGUMENT)
		argument.p.scalar = pq_getmsgfloat8(message);
	else if (argument.kind == ARRAY_ARGUMENT)
	{
		int			length = pq_getmsgint(message, sizeof(int32));
		StringInfoData array;

		initStringInfo(&array);
		appendBinaryStringInfo(&array, pq_getmsgbytes(message, length), length);
		argument.p.array = DatumGetArrayTypeP(OidReceiveFunctionCall(F_ARRAY_RECV, &array, FLOAT8OID, -1));
		pfree(array.data);
	}
	return argument;
}

static WireSection
receive_section(StringInfo message, size_t size)
{
	WireSection section;

	section.count = pq_getmsgint64(message);
	if (section.count > (uint64) (message->len - message->cursor) / size)
		refuse("number of values");
	section.bytes = pq_getmsgbytes(message, section.count * size);
	return section;
}

/* The state lives as long as the call, as its argument does: combining copies what it needs. */
PG_FUNCTION_INFO_V1(ttr_quantile_deserialize);
Datum
ttr_quantile_deserialize(PG_FUNCTION_ARGS)
{
	bytea	   *bytes = PG_GETARG_BYTEA_PP(0);
	StringInfoData message = {VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes), 0, 0};
	WireState  *state = palloc(sizeof(WireState));

	group_context(fcinfo);
	if (pq_getmsgbyte(&message) != WIRE_VERSION)
		refuse("version");
	state->argument = receive_argument(&message);
	state->values = receive_section(&message, sizeof(uint64_t));
	state->runs = receive_section(&message, sizeof(ValueCount));
	state->irregular = receive_section(&message, sizeof(Interval));
	pq_getmsgend(&message);
	PG_RETURN_POINTER(state);
}

/* ----------------------------------------------------------------------
 * Combine
 * ----------------------------------------------------------------------
 */

static inline uint64_t
word_at(const char *bytes)
{
	uint64		word;

	memcpy(&word, bytes, sizeof(word));
	return pg_ntoh64(word);
}

static inline int32
half_word_at(const char *bytes)
{
	uint32		half_word;

	memcpy(&half_word, bytes, sizeof(half_word));
	return (int32) pg_ntoh32(half_word);
}

/* Not into the count table: to look up each run would take longer than to select from twice as many. */
static void
add_runs(PercentileState *state, WireSection runs, MemoryContext context)
{
	ReceivedRuns *received = &percentile_state_overflow(state, context)->received;
	Size		size = (received->count + runs.count) * sizeof(ValueCount);

	received->runs = received->runs == NULL ? MemoryContextAllocHuge(context, size) :
		repalloc_huge(received->runs, size);
	for (uint64_t i = 0; i < runs.count; i++)
	{
		ValueCount	run;

		CHECK_FOR_INTERRUPTS();
		run.value = word_at(runs.bytes + i * sizeof(ValueCount));
		run.count = word_at(runs.bytes + i * sizeof(ValueCount) + sizeof(uint64_t));
		if (run.count == 0 || run.count > PG_INT64_MAX - received->total)
			refuse("number of repeats");
		received->runs[received->count++] = run;
		received->total += run.count;
		received->lowest = Min(received->lowest, run.value);
		received->highest = Max(received->highest, run.value);
	}
}

static void
add_irregular(FunctionCallInfo fcinfo, PercentileState *state, WireSection irregular)
{
	for (uint64_t i = 0; i < irregular.count; i++)
	{
		const char *bytes = irregular.bytes + i * sizeof(Interval);
		Interval	interval;

		CHECK_FOR_INTERRUPTS();
		interval.time = word_at(bytes);
		interval.day = half_word_at(bytes + sizeof(int64));
		interval.month = half_word_at(bytes + sizeof(int64) + sizeof(int32));
		percentile_state_keep_interval(fcinfo, state, &interval);
	}
}

void
percentile_state_add_wire(FunctionCallInfo fcinfo, PercentileState *state, const WireState *from)
{
	for (uint64_t i = 0; i < from->values.count; i++)
		percentile_state_add(fcinfo, state, word_at(from->values.bytes + i * sizeof(uint64_t)));
	if (from->runs.count > 0)
		add_runs(state, from->runs, group_context(fcinfo));
	add_irregular(fcinfo, state, from->irregular);
}
