/*
 * survival.c
 *	  The share that has not ended by an age, over the ages of the ended and of those that
 *	  are running: survival, survival_quantile, survival_curve.  And the ages themselves.
 *
 * kernel/distribution/survival.c has the estimator, and doc/survival.md what it means.  No
 * count is expanded: the cost is that of reading both distributions once.
 *
 * NULL is a distribution without values on either side: nothing is running, or none ended.
 */
#include "postgres.h"

#include <math.h>

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/tuplestore.h"

#include "backend.h"
#include "compat.h"
#include "distribution/value.h"
#include "kernel/distribution/survival.h"
#include "kernel/multiset/order_key.h"
#include "percentile/interpolate.h"

/* The quantile of 0.975 of the normal distribution, for limits of 95 %. */
#define NORMAL_QUANTILE		1.959963984540054

/* No values, as a distribution has them in bytes. */
static const uint8_t no_values[] = {DISTRIBUTION_VERSION, 0, 0};

/* Both sides and the curve, which points to them. */
typedef struct Estimate
{
	DistributionReader ended;
	DistributionReader running;
	Host		host;
	Survival	survival;
} Estimate;

static DistributionReader
open_argument(FunctionCallInfo fcinfo, int argument)
{
	DistributionReader reader;

	if (!PG_ARGISNULL(argument))
		return distribution_open(PG_GETARG_DATUM(argument));
	distribution_reader_open(&reader, no_values, sizeof(no_values));
	return reader;
}

/* From the first two arguments. */
static void
start_estimate(FunctionCallInfo fcinfo, Estimate *estimate)
{
	estimate->ended = open_argument(fcinfo, 0);
	estimate->running = open_argument(fcinfo, 1);
	if (distribution_reader_count(&estimate->ended) > MOST_VALUES - distribution_reader_count(&estimate->running))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("more than %lld ages are at risk", (long long) MOST_VALUES),
				 errdetail("Both distributions together have that many values.")));
	estimate->host = backend_host(CurrentMemoryContext);
	estimate->survival = survival_start(&estimate->ended, &estimate->running, &estimate->host);
}

static void
check_estimate(const Estimate *estimate)
{
	distribution_check(&estimate->ended);
	distribution_check(&estimate->running);
}

/* Infinite instants and as_of: as doubles are subtracted. */
PG_FUNCTION_INFO_V1(ttr_ages);
Datum
ttr_ages(PG_FUNCTION_ARGS)
{
	Host		host = backend_host(CurrentMemoryContext);
	DistributionReader since = distribution_open(PG_GETARG_DATUM(0));
	DistributionWriter writer;

	distribution_writer_init(&writer, &host);
	distribution_ages(&since, PG_GETARG_FLOAT8(1), &writer);
	distribution_check(&since);
	PG_RETURN_DATUM(distribution_written(&writer));
}

PG_FUNCTION_INFO_V1(ttr_survival);
Datum
ttr_survival(PG_FUNCTION_ARGS)
{
	Estimate	estimate;
	double		share;
	bool		is_known;

	if (PG_ARGISNULL(2))
		PG_RETURN_NULL();
	start_estimate(fcinfo, &estimate);
	is_known = survival_at(&estimate.survival, key_of_double(PG_GETARG_FLOAT8(2)), &share);
	check_estimate(&estimate);
	if (!is_known)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(share);
}

/* Error 22003 if p is not between 0 and 1, even where there are no values. */
PG_FUNCTION_INFO_V1(ttr_survival_quantile);
Datum
ttr_survival_quantile(PG_FUNCTION_ARGS)
{
	Estimate	estimate;
	bool		is_reached;

	if (PG_ARGISNULL(2))
		PG_RETURN_NULL();
	check_percentile(PG_GETARG_FLOAT8(2));
	start_estimate(fcinfo, &estimate);
	is_reached = survival_reach(&estimate.survival, PG_GETARG_FLOAT8(2));
	check_estimate(&estimate);
	if (!is_reached)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(double_of_key(estimate.survival.age));
}

/* ----------------------------------------------------------------------
 * The curve
 * ----------------------------------------------------------------------
 */

/* In the order of the columns of survival_curve(). */
enum
{
	AGE,
	AT_RISK,
	ENDINGS,
	SURVIVAL,
	LOWER,
	UPPER,
	CURVE_COLUMNS
};

/* The columns and the rows outlive the call; what finding the columns takes does not. */
static Tuplestorestate *
start_rows(FunctionCallInfo fcinfo)
{
	ReturnSetInfo *info = (ReturnSetInfo *) fcinfo->resultinfo;
	TupleDesc	columns;
	MemoryContext caller;

	if (info == NULL || !IsA(info, ReturnSetInfo) || !(info->allowedModes & SFRM_Materialize))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("survival_curve() is called where no set of rows is accepted"),
				 errhint("Call it in FROM: SELECT * FROM ttr.survival_curve(ended, running).")));
	if (get_call_result_type(fcinfo, NULL, &columns) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "result of survival_curve() is not composite");
	caller = MemoryContextSwitchTo(info->econtext->ecxt_per_query_memory);
	info->returnMode = SFRM_Materialize;
	info->setDesc = CreateTupleDescCopy(columns);
	info->setResult = tuplestore_begin_heap((info->allowedModes & SFRM_Materialize_Random) != 0, false, work_mem);
	MemoryContextSwitchTo(caller);
	return info->setResult;
}

/* Where nothing is left there is no logarithm, and so there are no limits. */
static void
describe_step(const Survival *survival, Datum *values, bool *nulls)
{
	double		share = survival_share_left(survival);

	values[AGE] = Float8GetDatum(double_of_key(survival->age));
	values[AT_RISK] = Int64GetDatum(survival->at_risk);
	values[ENDINGS] = Int64GetDatum(survival->endings);
	values[SURVIVAL] = Float8GetDatum(share);
	nulls[LOWER] = nulls[UPPER] = survival->left == 0;
	if (survival->left > 0)
	{
		double		reach = exp(NORMAL_QUANTILE * sqrt(survival_variance(survival)));

		values[LOWER] = Float8GetDatum(share / reach);
		values[UPPER] = Float8GetDatum(Min(share * reach, 1));
	}
}

PG_FUNCTION_INFO_V1(ttr_survival_curve);
Datum
ttr_survival_curve(PG_FUNCTION_ARGS)
{
	Estimate	estimate;
	Tuplestorestate *rows = start_rows(fcinfo);
	TupleDesc	columns = ((ReturnSetInfo *) fcinfo->resultinfo)->setDesc;
	Datum		values[CURVE_COLUMNS] = {0};
	bool		nulls[CURVE_COLUMNS] = {false};

	start_estimate(fcinfo, &estimate);
	while (survival_next(&estimate.survival))
	{
		CHECK_FOR_INTERRUPTS();
		describe_step(&estimate.survival, values, nulls);
		tuplestore_putvalues(rows, columns, values, nulls);
	}
	check_estimate(&estimate);
	PG_RETURN_NULL();
}
