-- complain if script is sourced in psql, rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION ttr" to load this file. \quit

-- open_seconds

CREATE FUNCTION open_seconds(open_intervals tstzmultirange, as_of timestamptz DEFAULT NULL) RETURNS double precision
  AS 'MODULE_PATHNAME', 'ttr_open_seconds'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION open_seconds(tstzmultirange, timestamptz) IS
  'seconds in the intervals; a running one counts up to as_of, and makes the result NULL without as_of';

-- percentile: support functions

CREATE FUNCTION percentile_transition(internal, double precision) RETURNS internal
  AS 'MODULE_PATHNAME', 'ttr_percentile_float8_transition'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION percentile_transition(internal, double precision) IS
  'aggregate transition function of p95 and percentile';

CREATE FUNCTION percentile_transition(internal, interval) RETURNS internal
  AS 'MODULE_PATHNAME', 'ttr_percentile_interval_transition'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION percentile_transition(internal, interval) IS
  'aggregate transition function of p95 and percentile';

CREATE FUNCTION p95_final_double_precision(internal) RETURNS double precision
  AS 'MODULE_PATHNAME', 'ttr_p95_float8_final'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION p95_final_double_precision(internal) IS
  'aggregate final function of p95';

CREATE FUNCTION p95_final_interval(internal) RETURNS interval
  AS 'MODULE_PATHNAME', 'ttr_p95_interval_final'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION p95_final_interval(internal) IS
  'aggregate final function of p95';

CREATE FUNCTION percentile_final_double_precision(internal, double precision) RETURNS double precision
  AS 'MODULE_PATHNAME', 'ttr_percentile_float8_final'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION percentile_final_double_precision(internal, double precision) IS
  'aggregate final function of percentile';

CREATE FUNCTION percentile_final_interval(internal, double precision) RETURNS interval
  AS 'MODULE_PATHNAME', 'ttr_percentile_interval_final'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION percentile_final_interval(internal, double precision) IS
  'aggregate final function of percentile';

CREATE FUNCTION percentile_final_double_precision(internal, double precision[]) RETURNS double precision[]
  AS 'MODULE_PATHNAME', 'ttr_percentile_float8_array_final'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION percentile_final_double_precision(internal, double precision[]) IS
  'aggregate final function of percentile';

CREATE FUNCTION percentile_final_interval(internal, double precision[]) RETURNS interval[]
  AS 'MODULE_PATHNAME', 'ttr_percentile_interval_array_final'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION percentile_final_interval(internal, double precision[]) IS
  'aggregate final function of percentile';

-- percentile

CREATE AGGREGATE p95(ORDER BY double precision) (
  SFUNC = percentile_transition,
  STYPE = internal,
  SSPACE = 200,
  FINALFUNC = p95_final_double_precision,
  FINALFUNC_MODIFY = READ_ONLY,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE p95(ORDER BY double precision) IS
  'exact 95th percentile, interpolated like percentile_cont(0.95)';

CREATE AGGREGATE p95(ORDER BY interval) (
  SFUNC = percentile_transition,
  STYPE = internal,
  SSPACE = 200,
  FINALFUNC = p95_final_interval,
  FINALFUNC_MODIFY = READ_ONLY,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE p95(ORDER BY interval) IS
  'exact 95th percentile, interpolated like percentile_cont(0.95)';

CREATE AGGREGATE percentile(p double precision ORDER BY double precision) (
  SFUNC = percentile_transition,
  STYPE = internal,
  SSPACE = 200,
  FINALFUNC = percentile_final_double_precision,
  FINALFUNC_MODIFY = READ_ONLY,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE percentile(double precision ORDER BY double precision) IS
  'exact percentile, p between 0 and 1, interpolated like percentile_cont(p)';

CREATE AGGREGATE percentile(p double precision ORDER BY interval) (
  SFUNC = percentile_transition,
  STYPE = internal,
  SSPACE = 200,
  FINALFUNC = percentile_final_interval,
  FINALFUNC_MODIFY = READ_ONLY,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE percentile(double precision ORDER BY interval) IS
  'exact percentile, p between 0 and 1, interpolated like percentile_cont(p)';

CREATE AGGREGATE percentile(p double precision[] ORDER BY double precision) (
  SFUNC = percentile_transition,
  STYPE = internal,
  SSPACE = 200,
  FINALFUNC = percentile_final_double_precision,
  FINALFUNC_MODIFY = READ_ONLY,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE percentile(double precision[] ORDER BY double precision) IS
  'several exact percentiles at once, interpolated like percentile_cont(p[])';

CREATE AGGREGATE percentile(p double precision[] ORDER BY interval) (
  SFUNC = percentile_transition,
  STYPE = internal,
  SSPACE = 200,
  FINALFUNC = percentile_final_interval,
  FINALFUNC_MODIFY = READ_ONLY,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE percentile(double precision[] ORDER BY interval) IS
  'several exact percentiles at once, interpolated like percentile_cont(p[])';

-- quantile: support functions

CREATE FUNCTION quantile_transition(internal, double precision) RETURNS internal
  AS 'MODULE_PATHNAME', 'ttr_median_float8_transition'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION quantile_transition(internal, double precision) IS
  'aggregate transition function of median';

CREATE FUNCTION quantile_transition(internal, interval) RETURNS internal
  AS 'MODULE_PATHNAME', 'ttr_median_interval_transition'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION quantile_transition(internal, interval) IS
  'aggregate transition function of median';

CREATE FUNCTION quantile_transition(internal, double precision, double precision) RETURNS internal
  AS 'MODULE_PATHNAME', 'ttr_quantile_float8_transition'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION quantile_transition(internal, double precision, double precision) IS
  'aggregate transition function of quantile';

CREATE FUNCTION quantile_transition(internal, interval, double precision) RETURNS internal
  AS 'MODULE_PATHNAME', 'ttr_quantile_interval_transition'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION quantile_transition(internal, interval, double precision) IS
  'aggregate transition function of quantile';

CREATE FUNCTION quantile_transition(internal, double precision, double precision[]) RETURNS internal
  AS 'MODULE_PATHNAME', 'ttr_quantile_float8_array_transition'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION quantile_transition(internal, double precision, double precision[]) IS
  'aggregate transition function of quantile';

CREATE FUNCTION quantile_transition(internal, interval, double precision[]) RETURNS internal
  AS 'MODULE_PATHNAME', 'ttr_quantile_interval_array_transition'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION quantile_transition(internal, interval, double precision[]) IS
  'aggregate transition function of quantile';

CREATE FUNCTION quantile_combine(internal, internal) RETURNS internal
  AS 'MODULE_PATHNAME', 'ttr_quantile_combine'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION quantile_combine(internal, internal) IS
  'aggregate combine function of median and quantile';

CREATE FUNCTION quantile_serialize(internal) RETURNS bytea
  AS 'MODULE_PATHNAME', 'ttr_quantile_serialize'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION quantile_serialize(internal) IS
  'aggregate serialization function of median and quantile';

CREATE FUNCTION quantile_deserialize(bytea, internal) RETURNS internal
  AS 'MODULE_PATHNAME', 'ttr_quantile_deserialize'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION quantile_deserialize(bytea, internal) IS
  'aggregate deserialization function of median and quantile';

CREATE FUNCTION quantile_final_double_precision(internal) RETURNS double precision
  AS 'MODULE_PATHNAME', 'ttr_quantile_float8_final'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION quantile_final_double_precision(internal) IS
  'aggregate final function of median and quantile';

CREATE FUNCTION quantile_final_interval(internal) RETURNS interval
  AS 'MODULE_PATHNAME', 'ttr_quantile_interval_final'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION quantile_final_interval(internal) IS
  'aggregate final function of median and quantile';

CREATE FUNCTION quantile_array_final_double_precision(internal) RETURNS double precision[]
  AS 'MODULE_PATHNAME', 'ttr_quantile_float8_array_final'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION quantile_array_final_double_precision(internal) IS
  'aggregate final function of quantile';

CREATE FUNCTION quantile_array_final_interval(internal) RETURNS interval[]
  AS 'MODULE_PATHNAME', 'ttr_quantile_interval_array_final'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION quantile_array_final_interval(internal) IS
  'aggregate final function of quantile';

-- quantile: support functions in a window

CREATE FUNCTION quantile_window_add(internal, double precision) RETURNS internal
  AS 'MODULE_PATHNAME', 'ttr_median_window_add'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION quantile_window_add(internal, double precision) IS
  'aggregate transition function of median in a window';

CREATE FUNCTION quantile_window_add(internal, double precision, double precision) RETURNS internal
  AS 'MODULE_PATHNAME', 'ttr_quantile_window_add'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION quantile_window_add(internal, double precision, double precision) IS
  'aggregate transition function of quantile in a window';

CREATE FUNCTION quantile_window_add(internal, double precision, double precision[]) RETURNS internal
  AS 'MODULE_PATHNAME', 'ttr_quantile_array_window_add'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION quantile_window_add(internal, double precision, double precision[]) IS
  'aggregate transition function of quantile in a window';

CREATE FUNCTION quantile_window_remove(internal, double precision) RETURNS internal
  AS 'MODULE_PATHNAME', 'ttr_quantile_window_remove'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION quantile_window_remove(internal, double precision) IS
  'aggregate inverse transition function of median in a window';

CREATE FUNCTION quantile_window_remove(internal, double precision, double precision) RETURNS internal
  AS 'MODULE_PATHNAME', 'ttr_quantile_window_remove'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION quantile_window_remove(internal, double precision, double precision) IS
  'aggregate inverse transition function of quantile in a window';

CREATE FUNCTION quantile_window_remove(internal, double precision, double precision[]) RETURNS internal
  AS 'MODULE_PATHNAME', 'ttr_quantile_window_remove'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION quantile_window_remove(internal, double precision, double precision[]) IS
  'aggregate inverse transition function of quantile in a window';

CREATE FUNCTION quantile_window_final(internal) RETURNS double precision
  AS 'MODULE_PATHNAME', 'ttr_quantile_window_final'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION quantile_window_final(internal) IS
  'aggregate final function of median and quantile in a window';

CREATE FUNCTION quantile_array_window_final(internal) RETURNS double precision[]
  AS 'MODULE_PATHNAME', 'ttr_quantile_array_window_final'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION quantile_array_window_final(internal) IS
  'aggregate final function of quantile in a window';

-- quantile

CREATE AGGREGATE median(double precision) (
  SFUNC = quantile_transition,
  STYPE = internal,
  SSPACE = 200,
  FINALFUNC = quantile_final_double_precision,
  FINALFUNC_MODIFY = SHAREABLE,
  COMBINEFUNC = quantile_combine,
  SERIALFUNC = quantile_serialize,
  DESERIALFUNC = quantile_deserialize,
  MSFUNC = quantile_window_add,
  MINVFUNC = quantile_window_remove,
  MSTYPE = internal,
  MSSPACE = 200,
  MFINALFUNC = quantile_window_final,
  MFINALFUNC_MODIFY = READ_ONLY,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE median(double precision) IS
  'exact median, interpolated like percentile_cont(0.5)';

CREATE AGGREGATE median(interval) (
  SFUNC = quantile_transition,
  STYPE = internal,
  SSPACE = 200,
  FINALFUNC = quantile_final_interval,
  FINALFUNC_MODIFY = SHAREABLE,
  COMBINEFUNC = quantile_combine,
  SERIALFUNC = quantile_serialize,
  DESERIALFUNC = quantile_deserialize,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE median(interval) IS
  'exact median, interpolated like percentile_cont(0.5)';

CREATE AGGREGATE quantile(double precision, double precision) (
  SFUNC = quantile_transition,
  STYPE = internal,
  SSPACE = 200,
  FINALFUNC = quantile_final_double_precision,
  FINALFUNC_MODIFY = SHAREABLE,
  COMBINEFUNC = quantile_combine,
  SERIALFUNC = quantile_serialize,
  DESERIALFUNC = quantile_deserialize,
  MSFUNC = quantile_window_add,
  MINVFUNC = quantile_window_remove,
  MSTYPE = internal,
  MSSPACE = 200,
  MFINALFUNC = quantile_window_final,
  MFINALFUNC_MODIFY = READ_ONLY,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE quantile(double precision, double precision) IS
  'exact quantile, p between 0 and 1, interpolated like percentile_cont(p)';

CREATE AGGREGATE quantile(interval, double precision) (
  SFUNC = quantile_transition,
  STYPE = internal,
  SSPACE = 200,
  FINALFUNC = quantile_final_interval,
  FINALFUNC_MODIFY = SHAREABLE,
  COMBINEFUNC = quantile_combine,
  SERIALFUNC = quantile_serialize,
  DESERIALFUNC = quantile_deserialize,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE quantile(interval, double precision) IS
  'exact quantile, p between 0 and 1, interpolated like percentile_cont(p)';

CREATE AGGREGATE quantile(double precision, double precision[]) (
  SFUNC = quantile_transition,
  STYPE = internal,
  SSPACE = 200,
  FINALFUNC = quantile_array_final_double_precision,
  FINALFUNC_MODIFY = SHAREABLE,
  COMBINEFUNC = quantile_combine,
  SERIALFUNC = quantile_serialize,
  DESERIALFUNC = quantile_deserialize,
  MSFUNC = quantile_window_add,
  MINVFUNC = quantile_window_remove,
  MSTYPE = internal,
  MSSPACE = 200,
  MFINALFUNC = quantile_array_window_final,
  MFINALFUNC_MODIFY = READ_ONLY,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE quantile(double precision, double precision[]) IS
  'several exact quantiles at once, interpolated like percentile_cont(p[])';

CREATE AGGREGATE quantile(interval, double precision[]) (
  SFUNC = quantile_transition,
  STYPE = internal,
  SSPACE = 200,
  FINALFUNC = quantile_array_final_interval,
  FINALFUNC_MODIFY = SHAREABLE,
  COMBINEFUNC = quantile_combine,
  SERIALFUNC = quantile_serialize,
  DESERIALFUNC = quantile_deserialize,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE quantile(interval, double precision[]) IS
  'several exact quantiles at once, interpolated like percentile_cont(p[])';
