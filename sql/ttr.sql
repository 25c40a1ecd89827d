-- complain if script is sourced in psql, rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION ttr" to load this file. \quit

-- open_seconds

CREATE FUNCTION open_seconds(open_intervals tstzmultirange, as_of timestamptz DEFAULT NULL) RETURNS double precision
  AS 'MODULE_PATHNAME', 'ttr_open_seconds'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION open_seconds(tstzmultirange, timestamptz) IS
  'seconds in the intervals; a running one counts up to as_of, and makes the result NULL without as_of';

-- longest_seconds

CREATE FUNCTION longest_seconds(open_intervals tstzmultirange, as_of timestamptz DEFAULT NULL) RETURNS double precision
  AS 'MODULE_PATHNAME', 'ttr_longest_seconds'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION longest_seconds(tstzmultirange, timestamptz) IS
  'seconds of the longest interval; a running one counts up to as_of, and makes the result NULL without as_of';

-- each_seconds

CREATE FUNCTION each_seconds(open_intervals tstzmultirange, as_of timestamptz DEFAULT NULL) RETURNS double precision[]
  AS 'MODULE_PATHNAME', 'ttr_each_seconds'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION each_seconds(tstzmultirange, timestamptz) IS
  'seconds of each interval, in order; a running one counts up to as_of, and is NULL without as_of';

-- open_since

CREATE FUNCTION open_since(open_intervals tstzmultirange) RETURNS timestamptz
  AS 'MODULE_PATHNAME', 'ttr_open_since'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION open_since(tstzmultirange) IS
  'start of the running interval, as much earlier as the others are long: open time at any later instant is that instant less this one; '
  'NULL where nothing runs';

-- backlog_changes

CREATE FUNCTION backlog_changes(opened_at timestamptz, closed_at timestamptz, unresolved tstzmultirange, snoozed tstzmultirange,
                                late_from timestamptz, zone text) RETURNS text[]
  AS 'MODULE_PATHNAME', 'ttr_backlog_changes'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION backlog_changes(timestamptz, timestamptz, tstzmultirange, tstzmultirange, timestamptz, text) IS
  'days on which a conversation enters the backlog, leaves it, and changes in it, such as ''closed 2025-05-03''; NULL without a zone, or '
  'without opened_at and unresolved';

-- percentile: support functions

CREATE FUNCTION percentile_transition(internal, double precision) RETURNS internal
  AS 'MODULE_PATHNAME', 'ttr_percentile_float8_transition'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION percentile_transition(internal, double precision) IS
  'aggregate transition function of p95, percentile and distribution';

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
  'aggregate combine function of median, quantile and distribution';

CREATE FUNCTION quantile_serialize(internal) RETURNS bytea
  AS 'MODULE_PATHNAME', 'ttr_quantile_serialize'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION quantile_serialize(internal) IS
  'aggregate serialization function of median, quantile and distribution';

CREATE FUNCTION quantile_deserialize(bytea, internal) RETURNS internal
  AS 'MODULE_PATHNAME', 'ttr_quantile_deserialize'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION quantile_deserialize(bytea, internal) IS
  'aggregate deserialization function of median, quantile and distribution';

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
  AS 'MODULE_PATHNAME', 'ttr_quantile_float8_final'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION quantile_array_final_double_precision(internal) IS
  'aggregate final function of quantile';

CREATE FUNCTION quantile_array_final_interval(internal) RETURNS interval[]
  AS 'MODULE_PATHNAME', 'ttr_quantile_interval_final'
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
  AS 'MODULE_PATHNAME', 'ttr_quantile_window_final'
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

-- distribution: the type

CREATE TYPE distribution;

CREATE FUNCTION distribution_in(cstring) RETURNS distribution
  AS 'MODULE_PATHNAME', 'ttr_distribution_in'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_in(cstring) IS
  'I/O';

CREATE FUNCTION distribution_out(distribution) RETURNS cstring
  AS 'MODULE_PATHNAME', 'ttr_distribution_out'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_out(distribution) IS
  'I/O';

CREATE FUNCTION distribution_recv(internal) RETURNS distribution
  AS 'MODULE_PATHNAME', 'ttr_distribution_recv'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_recv(internal) IS
  'I/O';

CREATE FUNCTION distribution_send(distribution) RETURNS bytea
  AS 'MODULE_PATHNAME', 'ttr_distribution_send'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_send(distribution) IS
  'I/O';

CREATE TYPE distribution (
  INPUT = distribution_in,
  OUTPUT = distribution_out,
  RECEIVE = distribution_recv,
  SEND = distribution_send,
  INTERNALLENGTH = VARIABLE,
  ALIGNMENT = int4,
  STORAGE = external
);
COMMENT ON TYPE distribution IS
  'exact multiset of double precision values: {60:3,3600} has 60 three times and 3600 once';

-- distribution: an order without meaning, by which equal distributions are found

CREATE FUNCTION distribution_equal(distribution, distribution) RETURNS boolean
  AS 'MODULE_PATHNAME', 'ttr_distribution_equal'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_equal(distribution, distribution) IS
  'implementation of = operator';

CREATE FUNCTION distribution_not_equal(distribution, distribution) RETURNS boolean
  AS 'MODULE_PATHNAME', 'ttr_distribution_not_equal'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_not_equal(distribution, distribution) IS
  'implementation of <> operator';

CREATE FUNCTION distribution_less(distribution, distribution) RETURNS boolean
  AS 'MODULE_PATHNAME', 'ttr_distribution_less'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_less(distribution, distribution) IS
  'implementation of < operator';

CREATE FUNCTION distribution_less_or_equal(distribution, distribution) RETURNS boolean
  AS 'MODULE_PATHNAME', 'ttr_distribution_less_or_equal'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_less_or_equal(distribution, distribution) IS
  'implementation of <= operator';

CREATE FUNCTION distribution_greater(distribution, distribution) RETURNS boolean
  AS 'MODULE_PATHNAME', 'ttr_distribution_greater'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_greater(distribution, distribution) IS
  'implementation of > operator';

CREATE FUNCTION distribution_greater_or_equal(distribution, distribution) RETURNS boolean
  AS 'MODULE_PATHNAME', 'ttr_distribution_greater_or_equal'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_greater_or_equal(distribution, distribution) IS
  'implementation of >= operator';

CREATE FUNCTION distribution_compare(distribution, distribution) RETURNS integer
  AS 'MODULE_PATHNAME', 'ttr_distribution_compare'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_compare(distribution, distribution) IS
  'less, equal, greater: -1, 0, 1 by the bytes of the distributions';

CREATE FUNCTION distribution_hash(distribution) RETURNS integer
  AS 'MODULE_PATHNAME', 'ttr_distribution_hash'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_hash(distribution) IS
  'hash';

CREATE FUNCTION distribution_hash_extended(distribution, bigint) RETURNS bigint
  AS 'MODULE_PATHNAME', 'ttr_distribution_hash_extended'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_hash_extended(distribution, bigint) IS
  'hash';

CREATE OPERATOR = (
  LEFTARG = distribution,
  RIGHTARG = distribution,
  FUNCTION = distribution_equal,
  COMMUTATOR = =,
  NEGATOR = <>,
  RESTRICT = eqsel,
  JOIN = eqjoinsel,
  HASHES,
  MERGES
);
COMMENT ON OPERATOR = (distribution, distribution) IS
  'equal';

CREATE OPERATOR <> (
  LEFTARG = distribution,
  RIGHTARG = distribution,
  FUNCTION = distribution_not_equal,
  COMMUTATOR = <>,
  NEGATOR = =,
  RESTRICT = neqsel,
  JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (distribution, distribution) IS
  'not equal';

CREATE OPERATOR < (
  LEFTARG = distribution,
  RIGHTARG = distribution,
  FUNCTION = distribution_less,
  COMMUTATOR = >,
  NEGATOR = >=,
  RESTRICT = scalarltsel,
  JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (distribution, distribution) IS
  'less than';

CREATE OPERATOR <= (
  LEFTARG = distribution,
  RIGHTARG = distribution,
  FUNCTION = distribution_less_or_equal,
  COMMUTATOR = >=,
  NEGATOR = >,
  RESTRICT = scalarlesel,
  JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (distribution, distribution) IS
  'less than or equal';

CREATE OPERATOR > (
  LEFTARG = distribution,
  RIGHTARG = distribution,
  FUNCTION = distribution_greater,
  COMMUTATOR = <,
  NEGATOR = <=,
  RESTRICT = scalargtsel,
  JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (distribution, distribution) IS
  'greater than';

CREATE OPERATOR >= (
  LEFTARG = distribution,
  RIGHTARG = distribution,
  FUNCTION = distribution_greater_or_equal,
  COMMUTATOR = <=,
  NEGATOR = <,
  RESTRICT = scalargesel,
  JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (distribution, distribution) IS
  'greater than or equal';

CREATE OPERATOR CLASS distribution_order DEFAULT FOR TYPE distribution USING btree AS
  OPERATOR 1 <,
  OPERATOR 2 <=,
  OPERATOR 3 =,
  OPERATOR 4 >=,
  OPERATOR 5 >,
  FUNCTION 1 distribution_compare(distribution, distribution);
COMMENT ON OPERATOR CLASS distribution_order USING btree IS
  'order of the bytes of distributions: for DISTINCT, UNION and joins';
COMMENT ON OPERATOR FAMILY distribution_order USING btree IS
  'order of the bytes of distributions: for DISTINCT, UNION and joins';

CREATE OPERATOR CLASS distribution_hashing DEFAULT FOR TYPE distribution USING hash AS
  OPERATOR 1 =,
  FUNCTION 1 distribution_hash(distribution),
  FUNCTION 2 distribution_hash_extended(distribution, bigint);
COMMENT ON OPERATOR CLASS distribution_hashing USING hash IS
  'hash of the bytes of distributions: for GROUP BY, DISTINCT and joins';
COMMENT ON OPERATOR FAMILY distribution_hashing USING hash IS
  'hash of the bytes of distributions: for GROUP BY, DISTINCT and joins';

-- distribution: sums and differences

CREATE FUNCTION distribution_add(distribution, distribution) RETURNS distribution
  AS 'MODULE_PATHNAME', 'ttr_distribution_add'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_add(distribution, distribution) IS
  'implementation of + operator, and aggregate transition and combine function of merge';

CREATE FUNCTION distribution_subtract(distribution, distribution) RETURNS distribution
  AS 'MODULE_PATHNAME', 'ttr_distribution_subtract'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_subtract(distribution, distribution) IS
  'implementation of - operator, and aggregate inverse transition function of merge in a window';

CREATE OPERATOR + (
  LEFTARG = distribution,
  RIGHTARG = distribution,
  FUNCTION = distribution_add,
  COMMUTATOR = +
);
COMMENT ON OPERATOR + (distribution, distribution) IS
  'values of both distributions';

CREATE OPERATOR - (
  LEFTARG = distribution,
  RIGHTARG = distribution,
  FUNCTION = distribution_subtract
);
COMMENT ON OPERATOR - (distribution, distribution) IS
  'values of the left distribution without those of the right one, all of which it must contain';

-- distribution: aggregates

CREATE FUNCTION distribution_final(internal) RETURNS distribution
  AS 'MODULE_PATHNAME', 'ttr_distribution_final'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION distribution_final(internal) IS
  'aggregate final function of distribution';

CREATE AGGREGATE distribution(double precision) (
  SFUNC = percentile_transition,
  STYPE = internal,
  SSPACE = 200,
  FINALFUNC = distribution_final,
  FINALFUNC_MODIFY = READ_ONLY,
  COMBINEFUNC = quantile_combine,
  SERIALFUNC = quantile_serialize,
  DESERIALFUNC = quantile_deserialize,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE distribution(double precision) IS
  'exact distribution of the values, which can be stored and merged';

CREATE AGGREGATE merge(distribution) (
  SFUNC = distribution_add,
  STYPE = distribution,
  SSPACE = 2048,
  COMBINEFUNC = distribution_add,
  MSFUNC = distribution_add,
  MINVFUNC = distribution_subtract,
  MSTYPE = distribution,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE merge(distribution) IS
  'distribution of the values of all distributions';

-- distribution: quantiles of several, which move with the frame of a window

CREATE FUNCTION merged_quantile_add(internal, distribution, double precision[]) RETURNS internal
  AS 'MODULE_PATHNAME', 'ttr_merged_quantile_add'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION merged_quantile_add(internal, distribution, double precision[]) IS
  'aggregate transition function of merged_quantile';

CREATE FUNCTION merged_quantile_remove(internal, distribution, double precision[]) RETURNS internal
  AS 'MODULE_PATHNAME', 'ttr_merged_quantile_remove'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION merged_quantile_remove(internal, distribution, double precision[]) IS
  'aggregate inverse transition function of merged_quantile in a window';

CREATE AGGREGATE merged_quantile(distribution, double precision[]) (
  SFUNC = merged_quantile_add,
  STYPE = internal,
  SSPACE = 2048,
  FINALFUNC = quantile_array_window_final,
  FINALFUNC_MODIFY = READ_ONLY,
  MSFUNC = merged_quantile_add,
  MINVFUNC = merged_quantile_remove,
  MSTYPE = internal,
  MSSPACE = 2048,
  MFINALFUNC = quantile_array_window_final,
  MFINALFUNC_MODIFY = READ_ONLY,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE merged_quantile(distribution, double precision[]) IS
  'several exact quantiles of the values of all distributions, quick in the moving frame of a window';

CREATE FUNCTION running_quantile_change(internal, distribution, double precision[], distribution) RETURNS internal
  AS 'MODULE_PATHNAME', 'ttr_running_quantile_change'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION running_quantile_change(internal, distribution, double precision[], distribution) IS
  'aggregate transition function of running_quantile';

CREATE AGGREGATE running_quantile(distribution, double precision[], distribution) (
  SFUNC = running_quantile_change,
  STYPE = internal,
  SSPACE = 2048,
  FINALFUNC = quantile_array_window_final,
  FINALFUNC_MODIFY = READ_ONLY,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE running_quantile(distribution, double precision[], distribution) IS
  'several exact quantiles of the values that the first distributions added and the last ones did not remove, up to each row of a window; '
  'NULL where none are left';

-- distribution: figures

CREATE FUNCTION quantile(distribution, p double precision) RETURNS double precision
  AS 'MODULE_PATHNAME', 'ttr_distribution_quantile'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION quantile(distribution, double precision) IS
  'exact quantile, p between 0 and 1, interpolated like percentile_cont(p)';

CREATE FUNCTION quantile(distribution, p double precision[]) RETURNS double precision[]
  AS 'MODULE_PATHNAME', 'ttr_distribution_quantile_array'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION quantile(distribution, double precision[]) IS
  'several exact quantiles at once, interpolated like percentile_cont(p[])';

CREATE FUNCTION share_within(distribution, "limit" double precision) RETURNS double precision
  AS 'MODULE_PATHNAME', 'ttr_distribution_share_within'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION share_within(distribution, double precision) IS
  'fraction of the values that are at most the limit';

CREATE FUNCTION histogram(distribution, bounds double precision[]) RETURNS bigint[]
  AS 'MODULE_PATHNAME', 'ttr_distribution_histogram'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION histogram(distribution, double precision[]) IS
  'numbers of values up to the first bound, from there up to the second ... and beyond the last';

CREATE FUNCTION value_count(distribution) RETURNS bigint
  AS 'MODULE_PATHNAME', 'ttr_distribution_value_count'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION value_count(distribution) IS
  'number of values';

CREATE FUNCTION total(distribution) RETURNS double precision
  AS 'MODULE_PATHNAME', 'ttr_distribution_total'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION total(distribution) IS
  'sum of the values, rounded once';

CREATE FUNCTION mean(distribution) RETURNS double precision
  AS 'MODULE_PATHNAME', 'ttr_distribution_mean'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION mean(distribution) IS
  'average of the values';

CREATE FUNCTION lowest(distribution) RETURNS double precision
  AS 'MODULE_PATHNAME', 'ttr_distribution_lowest'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION lowest(distribution) IS
  'smallest value';

CREATE FUNCTION highest(distribution) RETURNS double precision
  AS 'MODULE_PATHNAME', 'ttr_distribution_highest'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION highest(distribution) IS
  'largest value';

-- survival

CREATE FUNCTION ages(since distribution, as_of double precision) RETURNS distribution
  AS 'MODULE_PATHNAME', 'ttr_ages'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION ages(distribution, double precision) IS
  'as_of less each of the values: how old at as_of is what began at these instants';

CREATE FUNCTION survival(ended distribution, running distribution, age double precision) RETURNS double precision
  AS 'MODULE_PATHNAME', 'ttr_survival'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION survival(distribution, distribution, double precision) IS
  'share that has not ended by an age (Kaplan-Meier), from the ages of the ended and of those that are running; NULL where none was seen';

CREATE FUNCTION survival_quantile(ended distribution, running distribution, p double precision) RETURNS double precision
  AS 'MODULE_PATHNAME', 'ttr_survival_quantile'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION survival_quantile(distribution, distribution, double precision) IS
  'smallest age by which a share of at least p has ended (Kaplan-Meier); NULL where fewer are known to end';

CREATE FUNCTION survival_curve(ended distribution, running distribution)
  RETURNS TABLE (age double precision, at_risk bigint, endings bigint, survival double precision,
                 lower double precision, upper double precision)
  AS 'MODULE_PATHNAME', 'ttr_survival_curve'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION survival_curve(distribution, distribution) IS
  'each age at which some ended, and the share that is left, with limits of 95 % (Kaplan-Meier, Greenwood)';

-- quantile_interval

CREATE FUNCTION quantile_interval(distribution, p double precision, confidence double precision DEFAULT 0.95,
                                  OUT lower double precision, OUT upper double precision, OUT coverage double precision)
  AS 'MODULE_PATHNAME', 'ttr_quantile_interval'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION quantile_interval(distribution, double precision, double precision) IS
  'exact confidence interval of a quantile, whatever the values are; NULL where no value is low or high enough';

CREATE FUNCTION share_interval(distribution, "limit" double precision, confidence double precision DEFAULT 0.95,
                               OUT lower double precision, OUT upper double precision)
  AS 'MODULE_PATHNAME', 'ttr_share_interval'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION share_interval(distribution, double precision, double precision) IS
  'exact confidence interval of the share of values that are at most the limit (Clopper-Pearson)';

CREATE FUNCTION proportion_interval(part bigint, total bigint, confidence double precision DEFAULT 0.95,
                                    OUT lower double precision, OUT upper double precision)
  AS 'MODULE_PATHNAME', 'ttr_proportion_interval'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION proportion_interval(bigint, bigint, double precision) IS
  'exact confidence interval of the share that a part is of a total (Clopper-Pearson)';

-- open_intervals

CREATE FUNCTION open_intervals_transition(internal, timestamptz, text) RETURNS internal
  AS 'MODULE_PATHNAME', 'ttr_open_intervals_transition'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION open_intervals_transition(internal, timestamptz, text) IS
  'aggregate transition function of open_intervals';

CREATE FUNCTION open_intervals_final(internal) RETURNS tstzmultirange
  AS 'MODULE_PATHNAME', 'ttr_open_intervals_final'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION open_intervals_final(internal) IS
  'aggregate final function of open_intervals';

CREATE AGGREGATE open_intervals(at timestamptz, state text) (
  SFUNC = open_intervals_transition,
  STYPE = internal,
  SSPACE = 100,
  FINALFUNC = open_intervals_final,
  FINALFUNC_MODIFY = READ_ONLY,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE open_intervals(timestamptz, text) IS
  'when a conversation was open, from the times at which it became open, snoozed or closed';

-- waiting_intervals

CREATE FUNCTION waiting_intervals_transition(internal, timestamptz, text) RETURNS internal
  AS 'MODULE_PATHNAME', 'ttr_waiting_intervals_transition'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION waiting_intervals_transition(internal, timestamptz, text) IS
  'aggregate transition function of waiting_intervals';

CREATE FUNCTION waiting_intervals_final(internal) RETURNS tstzmultirange
  AS 'MODULE_PATHNAME', 'ttr_waiting_intervals_final'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION waiting_intervals_final(internal) IS
  'aggregate final function of waiting_intervals';

CREATE AGGREGATE waiting_intervals(at timestamptz, kind text) (
  SFUNC = waiting_intervals_transition,
  STYPE = internal,
  SSPACE = 100,
  FINALFUNC = waiting_intervals_final,
  FINALFUNC_MODIFY = READ_ONLY,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE waiting_intervals(timestamptz, text) IS
  'when a customer waited for the team, from the times of events of the kinds customer, reply and closed';

-- business_calendar

CREATE FUNCTION business_calendar(weekly text, time_zone text, from_day date, to_day date, exceptions text DEFAULT '')
  RETURNS tstzmultirange
  AS 'MODULE_PATHNAME', 'ttr_business_calendar'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION business_calendar(text, text, date, date, text) IS
  'working time from from_day to the day before to_day: weekly hours in a time zone, and exceptions';

-- business_seconds

CREATE FUNCTION business_seconds(open_intervals tstzmultirange, calendar tstzmultirange,
                                 as_of timestamptz DEFAULT NULL, covered tstzrange DEFAULT NULL) RETURNS double precision
  AS 'MODULE_PATHNAME', 'ttr_business_seconds'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION business_seconds(tstzmultirange, tstzmultirange, timestamptz, tstzrange) IS
  'working time of the calendar in the intervals, in seconds; NULL where the calendar does not cover all of them';

-- business_due_at

CREATE FUNCTION business_due_at(started_at timestamptz, target_seconds double precision, calendar tstzmultirange,
                                covered tstzrange DEFAULT NULL) RETURNS timestamptz
  AS 'MODULE_PATHNAME', 'ttr_business_due_at'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION business_due_at(timestamptz, double precision, tstzmultirange, tstzrange) IS
  'when working time since started_at reaches the target; NULL where the calendar does not cover that time';

-- open_due_at

CREATE FUNCTION open_due_at(open_intervals tstzmultirange, target_seconds double precision,
                            calendar tstzmultirange DEFAULT NULL, covered tstzrange DEFAULT NULL) RETURNS timestamptz
  AS 'MODULE_PATHNAME', 'ttr_open_due_at'
  LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;
COMMENT ON FUNCTION open_due_at(tstzmultirange, double precision, tstzmultirange, tstzrange) IS
  'when open time reaches the target; with a calendar only its working time counts';

-- roll_up

CREATE FUNCTION roll_up(query text, keys text[], measures text[], result anyelement) RETURNS SETOF anyelement
  AS 'MODULE_PATHNAME', 'ttr_roll_up'
  LANGUAGE C STABLE CALLED ON NULL INPUT PARALLEL UNSAFE ROWS 10000;
COMMENT ON FUNCTION roll_up(text, text[], text[], anyelement) IS
  'sums and distributions of the rows of a query by several groupings in one pass; keys may come several times: add them up';

-- quick functions for every row

CREATE FUNCTION elapsed_seconds(started_at timestamptz, ended_at timestamptz) RETURNS double precision
  AS 'MODULE_PATHNAME', 'ttr_elapsed_seconds'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION elapsed_seconds(timestamptz, timestamptz) IS
  'seconds from started_at to ended_at by the clock on the wall; NULL where ended_at is earlier';

CREATE FUNCTION iso_time(at timestamptz) RETURNS text
  AS 'MODULE_PATHNAME', 'ttr_iso_time'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION iso_time(timestamptz) IS
  'instant in UTC in ISO 8601, as to_json() writes it in that zone';

CREATE FUNCTION local_day(at timestamptz, zone text) RETURNS date
  AS 'MODULE_PATHNAME', 'ttr_local_day'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION local_day(timestamptz, text) IS
  'day on the calendar of a time zone: (at AT TIME ZONE zone)::date, quicker over many rows';

CREATE FUNCTION local_hour(at timestamptz, zone text) RETURNS integer
  AS 'MODULE_PATHNAME', 'ttr_local_hour'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION local_hour(timestamptz, text) IS
  'hour on the clock of a time zone, from 0 to 23';

CREATE FUNCTION lower_case(string text) RETURNS text
  AS 'MODULE_PATHNAME', 'ttr_lower_case'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION lower_case(text) IS
  'lower(), quicker for ASCII texts in lower case';
