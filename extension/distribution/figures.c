/*
 * figures.c
 *	  Figures of a distribution: quantiles, shares, histogram, count, total, mean, lowest
 *	  and highest value.
 *
 * All but total and mean read one block of 512 values for each figure, and not the whole
 * (kernel/distribution/format.h).
 *
 * An empty distribution has a count of 0, and no other figures: they are NULL.
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/float.h"

#include "compat.h"
#include "distribution/value.h"
#include "kernel/distribution/exact_sum.h"
#include "kernel/multiset/order_key.h"
#include "percentile/interpolate.h"

/* ----------------------------------------------------------------------
 * Quantiles
 * ----------------------------------------------------------------------
 */

/* Between two checks for interrupts. */
#define RANKS_AT_ONCE	512

static void
select_from_distribution(const void *state, const uint64_t *ranks, size_t nranks, Datum *selected, const Host *host)
{
	DistributionReader *reader = (DistributionReader *) state;
	uint64_t   *keys = host->allocate(host->context, nranks * sizeof(uint64_t));

	for (size_t done = 0; done < nranks; done += RANKS_AT_ONCE)
	{
		distribution_reader_select(reader, ranks + done, Min(nranks - done, RANKS_AT_ONCE), keys + done);
		distribution_check(reader);
		host->check_interrupts();
	}
	for (size_t i = 0; i < nranks; i++)
		selected[i] = Float8GetDatum(double_of_key(keys[i]));
	host->release(host->context, keys);
}

static const PercentileType distribution_type = {
	FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, select_from_distribution, interpolate_float8
};

/* Error 22003 if p is not between 0 and 1, even where there are no values. */
PG_FUNCTION_INFO_V1(ttr_distribution_quantile);
Datum
ttr_distribution_quantile(PG_FUNCTION_ARGS)
{
	double		p = PG_GETARG_FLOAT8(1);
	DistributionReader reader;

	check_percentile(p);
	reader = distribution_open(PG_GETARG_DATUM(0));
	if (distribution_reader_count(&reader) == 0)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(percentile_of(&distribution_type, &reader, distribution_reader_count(&reader), false, p));
}

PG_FUNCTION_INFO_V1(ttr_distribution_quantile_array);
Datum
ttr_distribution_quantile_array(PG_FUNCTION_ARGS)
{
	DistributionReader reader = distribution_open(PG_GETARG_DATUM(0));

	if (distribution_reader_count(&reader) == 0)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(percentiles_of(&distribution_type, &reader, distribution_reader_count(&reader), false,
								   PG_GETARG_ARRAYTYPE_P(1)));
}

/* The lowest or the highest value; NULL if there are none. */
static Datum
value_at(FunctionCallInfo fcinfo, bool highest)
{
	DistributionReader reader = distribution_open(PG_GETARG_DATUM(0));
	uint64_t	count = distribution_reader_count(&reader);
	uint64_t	rank = highest ? count - 1 : 0;
	uint64_t	key;

	if (count == 0)
		PG_RETURN_NULL();
	distribution_reader_select(&reader, &rank, 1, &key);
	distribution_check(&reader);
	PG_RETURN_FLOAT8(double_of_key(key));
}

PG_FUNCTION_INFO_V1(ttr_distribution_lowest);
Datum
ttr_distribution_lowest(PG_FUNCTION_ARGS)
{
	return value_at(fcinfo, false);
}

PG_FUNCTION_INFO_V1(ttr_distribution_highest);
Datum
ttr_distribution_highest(PG_FUNCTION_ARGS)
{
	return value_at(fcinfo, true);
}

/* ----------------------------------------------------------------------
 * Shares
 * ----------------------------------------------------------------------
 */

PG_FUNCTION_INFO_V1(ttr_distribution_value_count);
Datum
ttr_distribution_value_count(PG_FUNCTION_ARGS)
{
	DistributionReader reader = distribution_open(PG_GETARG_DATUM(0));

	PG_RETURN_INT64(distribution_reader_count(&reader));
}

/* The fraction of values x <= limit, in PostgreSQL's order, where NaN is above infinity. */
PG_FUNCTION_INFO_V1(ttr_distribution_share_within);
Datum
ttr_distribution_share_within(PG_FUNCTION_ARGS)
{
	DistributionReader reader = distribution_open(PG_GETARG_DATUM(0));
	uint64_t	count = distribution_reader_count(&reader);
	uint64_t	within;

	if (count == 0)
		PG_RETURN_NULL();
	within = distribution_reader_count_up_to(&reader, key_of_double(PG_GETARG_FLOAT8(1)));
	distribution_check(&reader);
	PG_RETURN_FLOAT8((double) within / (double) count);
}

static void
refuse_bounds(const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("bounds of a histogram must be ascending numbers"),
			 errdetail("%s", detail),
			 errhint("Pass the upper bound of every part but the last: histogram(d, ARRAY[3600, 14400, 86400]).")));
}

/* The keys of the bounds. */
static uint64_t *
read_bounds(ArrayType *bounds, int *nbounds)
{
	Datum	   *values;
	bool	   *nulls;
	uint64_t   *keys;

	if (ARR_NDIM(bounds) > 1)
		refuse_bounds("The array has more than one dimension.");
	deconstruct_array(bounds, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, &values, &nulls, nbounds);
	keys = palloc(*nbounds * sizeof(uint64_t));
	for (int i = 0; i < *nbounds; i++)
	{
		if (nulls[i])
			refuse_bounds("One of them is NULL.");
		keys[i] = key_of_double(DatumGetFloat8(values[i]));
		if (i > 0 && keys[i] <= keys[i - 1])
			refuse_bounds(psprintf("%g comes after %g.", DatumGetFloat8(values[i]), DatumGetFloat8(values[i - 1])));
	}
	return keys;
}

/*
 * The number of values up to the first bound, from there up to the second, and so on, and
 * above the last: one count more than bounds.  Error 22023 for bounds that do not ascend
 * or are NULL.
 */
PG_FUNCTION_INFO_V1(ttr_distribution_histogram);
Datum
ttr_distribution_histogram(PG_FUNCTION_ARGS)
{
	DistributionReader reader = distribution_open(PG_GETARG_DATUM(0));
	int			nbounds;
	uint64_t   *bounds = read_bounds(PG_GETARG_ARRAYTYPE_P(1), &nbounds);
	Datum	   *counts = palloc((nbounds + 1) * sizeof(Datum));
	uint64_t	before = 0;

	for (int i = 0; i < nbounds; i++)
	{
		uint64_t	up_to = distribution_reader_count_up_to(&reader, bounds[i]);

		CHECK_FOR_INTERRUPTS();
		counts[i] = Int64GetDatum(up_to - before);
		before = up_to;
	}
	counts[nbounds] = Int64GetDatum(distribution_reader_count(&reader) - before);
	distribution_check(&reader);
	PG_RETURN_ARRAYTYPE_P(construct_array(counts, nbounds + 1, INT8OID, sizeof(int64), FLOAT8PASSBYVAL,
										  TYPALIGN_DOUBLE));
}

/* ----------------------------------------------------------------------
 * Total and mean
 * ----------------------------------------------------------------------
 */

/* The result of sum() where some values are not finite. */
static double
special_total(const DistributionReader *reader)
{
	const uint64_t *counts = reader->special_counts;

	if (counts[NOT_A_NUMBER] > 0 || (counts[PLUS_INFINITY] > 0 && counts[MINUS_INFINITY] > 0))
		return get_float8_nan();
	return counts[PLUS_INFINITY] > 0 ? get_float8_infinity() : -get_float8_infinity();
}

/* Error 22003 if the total exceeds the largest double, as in sum(). */
static double
total_of(DistributionReader *reader)
{
	bool		finite = distribution_reader_count(reader) == reader->values;
	ExactSum	sum;
	ValueCount	run;
	double		total;

	if (!finite)
		return special_total(reader);
	exact_sum_init(&sum);
	while (distribution_reader_next(reader, &run))
	{
		CHECK_FOR_INTERRUPTS();
		exact_sum_add(&sum, double_of_key(run.value), run.count);
	}
	distribution_check(reader);
	total = exact_sum_round(&sum);
	if (isinf(total))
		float_overflow_error();
	return total;
}

/*
 * The double nearest to the exact sum: it depends on the values alone.  The result of
 * sum() depends on their order, too.
 */
PG_FUNCTION_INFO_V1(ttr_distribution_total);
Datum
ttr_distribution_total(PG_FUNCTION_ARGS)
{
	DistributionReader reader = distribution_open(PG_GETARG_DATUM(0));

	if (distribution_reader_count(&reader) == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(total_of(&reader));
}

PG_FUNCTION_INFO_V1(ttr_distribution_mean);
Datum
ttr_distribution_mean(PG_FUNCTION_ARGS)
{
	DistributionReader reader = distribution_open(PG_GETARG_DATUM(0));
	uint64_t	count = distribution_reader_count(&reader);

	if (count == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(total_of(&reader) / (double) count);
}
