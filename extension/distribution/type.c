/*
 * type.c
 *	  The type distribution: its text and binary forms, its order and its hash.
 *
 * Equal multisets have equal bytes (kernel/distribution/format.h).  So this file is simple:
 * it sends, compares and hashes bytes.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "common/shortest_dec.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"

#include "backend.h"
#include "compat.h"
#include "distribution/value.h"
#include "kernel/distribution/text.h"
#include "kernel/multiset/order_key.h"

/* Bytes of a text that an error quotes. */
#define QUOTED_BYTES	40

/* ----------------------------------------------------------------------
 * Text
 * ----------------------------------------------------------------------
 */

static void
refuse_text(TextDefect defect, const char *text, const char *at)
{
	const char *shown = psprintf("%.*s%s", pg_mbcliplen(at, strlen(at), QUOTED_BYTES), at,
								 strlen(at) > QUOTED_BYTES ? "..." : "");
	long		place = pg_mbstrlen_with_len(text, at - text) + 1;

	if (defect == TEXT_IS_MALFORMED)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("malformed distribution literal"),
				 *at == '\0' ? errdetail("It ends too early.") :
				 errdetail("Character %ld cannot be read: \"%s\".", place, shown),
				 errhint("Write values with their counts, as in '{60:3, 3600, 86400:2}'.")));
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 defect == VALUE_OUT_OF_RANGE ? errmsg("value of a distribution is out of range for type double precision") :
			 errmsg("count of a distribution is out of range"),
			 errdetail("It is at character %ld: \"%s\".", place, shown),
			 defect == VALUE_OUT_OF_RANGE ? 0 :
			 errhint("Counts are between 1 and %lld, and so is their sum.", (long long) MOST_VALUES)));
}

/* See kernel/distribution/text.c. */
PG_FUNCTION_INFO_V1(ttr_distribution_in);
Datum
ttr_distribution_in(PG_FUNCTION_ARGS)
{
	const char *text = PG_GETARG_CSTRING(0);
	Host		host = backend_host(CurrentMemoryContext);
	CountTable	table;
	const char *at;
	TextDefect	defect;
	DistributionWriter writer;
	Datum		written;

	count_table_init(&table);
	defect = distribution_parse(text, &table, &host, &at);
	if (defect != TEXT_IS_GOOD)
		refuse_text(defect, text, at);

	distribution_writer_init(&writer, &host);
	distribution_gather(&writer, &table, NULL, NULL, 0);
	count_table_clear(&table, &host);
	written = distribution_written(&writer);
	PG_RETURN_DATUM(written);
}

/* Whatever extra_float_digits is: every value can be read back. */
static void
append_value(StringInfo text, uint64_t key)
{
	char		decimal[DOUBLE_SHORTEST_DECIMAL_LEN];

	if (key == key_of_special[MINUS_INFINITY])
		appendStringInfoString(text, "-Infinity");
	else if (key == key_of_special[PLUS_INFINITY])
		appendStringInfoString(text, "Infinity");
	else if (key == key_of_special[NOT_A_NUMBER])
		appendStringInfoString(text, "NaN");
	else
		appendBinaryStringInfo(text, decimal, double_to_shortest_decimal_bufn(double_of_key(key), decimal));
}

PG_FUNCTION_INFO_V1(ttr_distribution_out);
Datum
ttr_distribution_out(PG_FUNCTION_ARGS)
{
	DistributionReader reader = distribution_open(PG_GETARG_DATUM(0));
	StringInfoData text;
	ValueCount	run;

	initStringInfo(&text);
	appendStringInfoChar(&text, '{');
	while (distribution_reader_next(&reader, &run))
	{
		if (text.len > 1)
			appendStringInfoChar(&text, ',');
		append_value(&text, run.value);
		if (run.count > 1)
			appendStringInfo(&text, ":%llu", (unsigned long long) run.count);
		CHECK_FOR_INTERRUPTS();
	}
	distribution_check(&reader);
	appendStringInfoChar(&text, '}');
	PG_RETURN_CSTRING(text.data);
}

/* ----------------------------------------------------------------------
 * Binary
 * ----------------------------------------------------------------------
 */

static bytea *
copy_bytes(const void *bytes, size_t size)
{
	bytea	   *copy = palloc(VARHDRSZ + size);

	SET_VARSIZE(copy, VARHDRSZ + size);
	memcpy(VARDATA(copy), bytes, size);
	return copy;
}

PG_FUNCTION_INFO_V1(ttr_distribution_recv);
Datum
ttr_distribution_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	int			size = message->len - message->cursor;
	const char *bytes = pq_getmsgbytes(message, size);
	Host		host = backend_host(CurrentMemoryContext);
	const char *defect = distribution_defect((const uint8_t *) bytes, size, &host);

	if (defect != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid binary form of a distribution"),
				 errdetail("It %s.", defect)));
	PG_RETURN_BYTEA_P(copy_bytes(bytes, size));
}

PG_FUNCTION_INFO_V1(ttr_distribution_send);
Datum
ttr_distribution_send(PG_FUNCTION_ARGS)
{
	size_t		size;
	const uint8_t *bytes = distribution_bytes(PG_GETARG_DATUM(0), &size);

	PG_RETURN_BYTEA_P(copy_bytes(bytes, size));
}

/* ----------------------------------------------------------------------
 * Order and hash
 * ----------------------------------------------------------------------
 */

/*
 * -1, 0 or 1 by the order of bytes.  That order has no meaning; it lets PostgreSQL find
 * equal distributions by sorting.  Sorting calls this in a memory context that lives as
 * long as the sort, so copies of stored values are freed.
 */
static int
compare(FunctionCallInfo fcinfo)
{
	bytea	   *left = PG_GETARG_BYTEA_PP(0);
	bytea	   *right = PG_GETARG_BYTEA_PP(1);
	size_t		left_size = VARSIZE_ANY_EXHDR(left);
	size_t		right_size = VARSIZE_ANY_EXHDR(right);
	int			order = memcmp(VARDATA_ANY(left), VARDATA_ANY(right), Min(left_size, right_size));

	PG_FREE_IF_COPY(left, 0);
	PG_FREE_IF_COPY(right, 1);
	if (order != 0)
		return order < 0 ? -1 : 1;
	return left_size < right_size ? -1 : left_size > right_size;
}

PG_FUNCTION_INFO_V1(ttr_distribution_compare);
Datum
ttr_distribution_compare(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(compare(fcinfo));
}

PG_FUNCTION_INFO_V1(ttr_distribution_equal);
Datum
ttr_distribution_equal(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) == 0);
}

PG_FUNCTION_INFO_V1(ttr_distribution_not_equal);
Datum
ttr_distribution_not_equal(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) != 0);
}

PG_FUNCTION_INFO_V1(ttr_distribution_less);
Datum
ttr_distribution_less(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) < 0);
}

PG_FUNCTION_INFO_V1(ttr_distribution_less_or_equal);
Datum
ttr_distribution_less_or_equal(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) <= 0);
}

PG_FUNCTION_INFO_V1(ttr_distribution_greater);
Datum
ttr_distribution_greater(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) > 0);
}

PG_FUNCTION_INFO_V1(ttr_distribution_greater_or_equal);
Datum
ttr_distribution_greater_or_equal(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) >= 0);
}

PG_FUNCTION_INFO_V1(ttr_distribution_hash);
Datum
ttr_distribution_hash(PG_FUNCTION_ARGS)
{
	bytea	   *bytes = PG_GETARG_BYTEA_PP(0);
	Datum		hash = hash_any((const unsigned char *) VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes));

	PG_FREE_IF_COPY(bytes, 0);
	return hash;
}

PG_FUNCTION_INFO_V1(ttr_distribution_hash_extended);
Datum
ttr_distribution_hash_extended(PG_FUNCTION_ARGS)
{
	bytea	   *bytes = PG_GETARG_BYTEA_PP(0);
	Datum		hash = hash_any_extended((const unsigned char *) VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes),
										 PG_GETARG_INT64(1));

	PG_FREE_IF_COPY(bytes, 0);
	return hash;
}
