/*
 * quantile_wire.c
 *	  The state of median() and quantile() as bytes, on its way between processes.
 *
 * In network byte order, and without gaps:
 *
 *	  version        1 byte
 *	  kind of p      1 byte       none, NULL, p, p[]
 *	  p              8 bytes, or the length of p[] as array_send() writes it (4 bytes)
 *	                              and that
 *	  values         8 bytes, and so many keys of 8 bytes
 *	  runs           8 bytes, and so many pairs of a key and its count, 8 bytes each
 *	  irregular      8 bytes, and so many intervals as interval_send() writes them
 *
 * A large group is counted first: workers that aggregate resolution times in whole
 * seconds send a run for each second that occurs, not 8 bytes for each row.  Where
 * values do not repeat that stops early (tally.c), and they travel one by one.
 *
 * The reader trusts nothing: counts and lengths may be of another version, or damaged.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "utils/fmgroids.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "backend.h"
#include "compat.h"
#include "interval_store.h"
#include "percentile_state.h"

#define WIRE_VERSION	1

/* With less, counting takes longer than it saves. */
#define COUNTED_FROM	4096

/* A table for counting may become as large as what it is to replace. */
#define MOST_COUNTING_MEMORY(values)	((values) * sizeof(uint64_t))

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

/* Room for so many parts of so many bytes; PostgreSQL has no value beyond 1 GB. */
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
write_values(StringInfo message, ValueSpan span)
{
	for (size_t i = 0; i < span.count; i++)
		pq_writeint64(message, span.values[i]);
}

static void
send_runs(StringInfo message, const Tally *tally)
{
	pq_sendint64(message, tally->distinct);
	reserve(message, tally->distinct, 2 * sizeof(uint64_t));
	for (size_t i = 0; i < tally->places; i++)
		if (tally->runs[i].count != 0)
		{
			pq_writeint64(message, tally->runs[i].value);
			pq_writeint64(message, tally->runs[i].count);
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
	}
}

/*
 * Counts keys as long as that helps.  Those that it did not help with are in the
 * rest, and from the returned span on.
 */
static ValueSpan
count_keys(const ValueStore *keys, Tally *tally, ValueStore *rest, const Host *host)
{
	ValueSpan	span = value_store_first_span(keys);
	bool		repeats = keys->count >= COUNTED_FROM;

	while (repeats && span.count > 0)
	{
		for (size_t i = 0; i < span.count; i++)
			value_store_add(rest, span.values[i], host);
		repeats = tally_absorb(tally, rest, MOST_COUNTING_MEMORY(keys->count), host);
		span = value_store_next_span(keys, span);
	}
	return span;
}

static void
send_keys(StringInfo message, const PercentileState *state)
{
	Host		host = backend_host(CurrentMemoryContext);
	Tally		tally;
	ValueStore	rest;
	ValueSpan	span;
	uint64_t	count = percentile_state_bag(state).count;

	tally_init(&tally);
	value_store_init(&rest);
	if (state->surplus != NULL)
		tally_merge(&tally, &state->surplus->tally, &host);
	span = count_keys(&state->keys, &tally, &rest, &host);

	count -= tally.total;
	pq_sendint64(message, count);
	reserve(message, count, sizeof(uint64_t));
	for (; span.count > 0; span = value_store_next_span(&state->keys, span))
		write_values(message, span);
	for (span = value_store_first_span(&rest); span.count > 0; span = value_store_next_span(&rest, span))
		write_values(message, span);
	send_runs(message, &tally);

	value_store_clear(&rest, &host);
	tally_clear(&tally, &host);
}

PG_FUNCTION_INFO_V1(ttr_quantile_serialize);
Datum
ttr_quantile_serialize(PG_FUNCTION_ARGS)
{
	const PercentileState *state = (const PercentileState *) PG_GETARG_POINTER(0);
	StringInfoData message;

	if (!AggCheckCallContext(fcinfo, NULL))
		elog(ERROR, "quantile called in non-aggregate context");

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

/* How many parts of this size follow. */
static uint64_t
receive_count(StringInfo message, size_t size)
{
	uint64_t	count = pq_getmsgint64(message);

	if (count > (uint64_t) (message->len - message->cursor) / size)
		refuse("number of values");
	return count;
}

static uint64_t
word_at(const char *bytes)
{
	uint64		word;

	memcpy(&word, bytes, sizeof(word));
	return pg_ntoh64(word);
}

static void
receive_values(StringInfo message, ValueStore *values, const Host *host)
{
	uint64_t	count = receive_count(message, sizeof(uint64_t));
	const char *bytes = pq_getmsgbytes(message, count * sizeof(uint64_t));

	for (uint64_t i = 0; i < count; i++)
		value_store_add(values, word_at(bytes + i * sizeof(uint64_t)), host);
}

static void
receive_runs(StringInfo message, PercentileState *state, const Host *host)
{
	uint64_t	count = receive_count(message, 2 * sizeof(uint64_t));
	Tally	   *tally;

	if (count == 0)
		return;
	tally = &percentile_state_surplus(state, host->context)->tally;
	tally_reserve(tally, count, host);
	for (uint64_t i = 0; i < count; i++)
	{
		uint64_t	value = pq_getmsgint64(message);
		uint64_t	repeats = pq_getmsgint64(message);

		if (repeats == 0 || repeats > PG_INT64_MAX - tally->total)
			refuse("number of repeats");
		tally_add(tally, value, repeats, host);
	}
}

static void
receive_irregular(StringInfo message, PercentileState *state, const Host *host)
{
	uint64_t	count = receive_count(message, sizeof(Interval));
	ValueStore *irregular;

	if (count == 0)
		return;
	irregular = &percentile_state_surplus(state, host->context)->irregular;
	for (uint64_t i = 0; i < count; i++)
	{
		Interval	interval;
		uint64_t	words[WORDS_PER_INTERVAL];

		interval.time = pq_getmsgint64(message);
		interval.day = pq_getmsgint(message, sizeof(int32));
		interval.month = pq_getmsgint(message, sizeof(int32));
		memcpy(words, &interval, sizeof(words));
		for (size_t w = 0; w < WORDS_PER_INTERVAL; w++)
			value_store_add(irregular, words[w], host);
	}
}

/* In the context of the call: combine copies what it needs. */
PG_FUNCTION_INFO_V1(ttr_quantile_deserialize);
Datum
ttr_quantile_deserialize(PG_FUNCTION_ARGS)
{
	bytea	   *bytes = PG_GETARG_BYTEA_PP(0);
	PercentileState *state = percentile_state_create(CurrentMemoryContext);
	Host		host = backend_host(CurrentMemoryContext);
	StringInfoData message = {VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes), 0, 0};

	if (!AggCheckCallContext(fcinfo, NULL))
		elog(ERROR, "quantile called in non-aggregate context");

	if (pq_getmsgbyte(&message) != WIRE_VERSION)
		refuse("version");
	state->argument = receive_argument(&message);
	receive_values(&message, &state->keys, &host);
	receive_runs(&message, state, &host);
	receive_irregular(&message, state, &host);
	pq_getmsgend(&message);
	PG_RETURN_POINTER(state);
}
