/*
 * quantile_interval.c
 *	  Exact confidence intervals of a distribution's quantile and of its share within a
 *	  limit, and of a proportion: quantile_interval, share_interval, proportion_interval.
 *
 * kernel/distribution/quantile_interval.c finds the limits, and doc/quantile_interval.md
 * says what they mean.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "funcapi.h"

#include "backend.h"
#include "compat.h"
#include "distribution/value.h"
#include "kernel/distribution/quantile_interval.h"
#include "kernel/multiset/order_key.h"
#include "percentile/interpolate.h"

/* Usual mistakes: 95, and 0.05 for what may be missed. */
static void
check_confidence(double confidence)
{
	if (!(confidence >= 0.5 && confidence < 1))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("confidence %g is not at least 0.5 and less than 1", confidence),
				 errdetail("It is the share of samples whose interval has the true figure in it."),
				 errhint("For an interval of 95 %% pass 0.95: quantile_interval(d, 0.5, 0.95).")));
}

static Datum
row_of(FunctionCallInfo fcinfo, Datum *values, bool *nulls)
{
	TupleDesc	columns;

	if (get_call_result_type(fcinfo, NULL, &columns) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "result of an interval is not composite");
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(columns), values, nulls));
}

/* The value at a rank counted from 1; NULL where that is none. */
static Datum
value_at_rank(DistributionReader *reader, uint64_t rank, bool *is_null)
{
	uint64_t	index = rank - 1;
	uint64_t	key;

	*is_null = rank == 0 || rank > distribution_reader_count(reader);
	if (*is_null)
		return (Datum) 0;
	distribution_reader_select(reader, &index, 1, &key);
	distribution_check(reader);
	return Float8GetDatum(double_of_key(key));
}

/* Errors 22003: p is not between 0 and 1, or the confidence not between 0.5 and 1. */
PG_FUNCTION_INFO_V1(ttr_quantile_interval);
Datum
ttr_quantile_interval(PG_FUNCTION_ARGS)
{
	double		p = PG_GETARG_FLOAT8(1);
	double		confidence = PG_GETARG_FLOAT8(2);
	Host		host = backend_host(CurrentMemoryContext);
	DistributionReader reader;
	RankInterval ranks;
	Datum		values[3];
	bool		nulls[3] = {false};

	check_percentile(p);
	check_confidence(confidence);
	reader = distribution_open(PG_GETARG_DATUM(0));
	if (distribution_reader_count(&reader) == 0)
		PG_RETURN_NULL();
	ranks = quantile_ranks(distribution_reader_count(&reader), p, confidence, &host);
	values[0] = value_at_rank(&reader, ranks.lower, &nulls[0]);
	values[1] = value_at_rank(&reader, ranks.upper, &nulls[1]);
	values[2] = Float8GetDatum(ranks.coverage);
	return row_of(fcinfo, values, nulls);
}

static Datum
share_row(FunctionCallInfo fcinfo, uint64_t within, uint64_t count, double confidence)
{
	Host		host = backend_host(CurrentMemoryContext);
	ShareInterval limits = share_limits(within, count, confidence, &host);
	Datum		values[2] = {Float8GetDatum(limits.lower), Float8GetDatum(limits.upper)};
	bool		nulls[2] = {false};

	return row_of(fcinfo, values, nulls);
}

PG_FUNCTION_INFO_V1(ttr_share_interval);
Datum
ttr_share_interval(PG_FUNCTION_ARGS)
{
	uint64_t	limit = key_of_double(PG_GETARG_FLOAT8(1));
	double		confidence = PG_GETARG_FLOAT8(2);
	DistributionReader reader;
	uint64_t	within;

	check_confidence(confidence);
	reader = distribution_open(PG_GETARG_DATUM(0));
	if (distribution_reader_count(&reader) == 0)
		PG_RETURN_NULL();
	within = distribution_reader_count_up_to(&reader, limit);
	distribution_check(&reader);
	return share_row(fcinfo, within, distribution_reader_count(&reader), confidence);
}

/* Errors 22003: a count is below 0, or the part above the whole. */
PG_FUNCTION_INFO_V1(ttr_proportion_interval);
Datum
ttr_proportion_interval(PG_FUNCTION_ARGS)
{
	int64		part = PG_GETARG_INT64(0);
	int64		total = PG_GETARG_INT64(1);
	double		confidence = PG_GETARG_FLOAT8(2);

	check_confidence(confidence);
	if (part < 0 || part > total)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("%lld of %lld is no proportion", (long long) part, (long long) total),
				 errdetail("The part is between 0 and the total."),
				 errhint("For 7 of 10 pass both numbers: proportion_interval(7, 10).")));
	if (total == 0)
		PG_RETURN_NULL();
	return share_row(fcinfo, part, total, confidence);
}
