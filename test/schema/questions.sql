-- Questions against brute force: whatever is asked, the answer is percentile_cont's over the facts, whether it comes from the
-- rollups or from the facts; what cannot be asked is said so.
BEGIN;
SELECT plan(95);

\ir facts.psql

-- Some three months around a turn of the year, in a zone whose days are not those of UTC, with business hours and with a
-- promise to some. ann has none that is closed; some belong to nobody, some have no tag, some go on, some are closed without
-- a resolution.
UPDATE ttr_data.setting SET reporting_time_zone = 'Pacific/Auckland';
INSERT INTO ttr_data.calendar (name, weekly) VALUES ('office', 'mon-fri 09:00-17:00');
UPDATE ttr_data.setting SET calendar = 'office', attributes = '{plan,seats}';
INSERT INTO ttr_data.sla_policy (name, tags, target_seconds) VALUES ('vip', '{vip}', 7200);
SELECT setseed(0.25);
INSERT INTO ttr_data.conversation (conversation_id, state, started_at, resolved_at, assignee_email, closed_by, tags, message_count,
                                   reopen_count, open_intervals, first_response_at, attributes, exported_at, load_id)
SELECT i, state, started_at, resolved_at, assignee, closed_by, tags, messages, reopened,
       CASE WHEN i % 3 = 0 AND state = 'closed' AND resolved_at > started_at
            THEN tstzmultirange(tstzrange(started_at, started_at + i * interval '97 seconds'))
       END,
       CASE WHEN i % 4 > 0 THEN started_at + i * interval '7 seconds' END,
       attributes, '2025-05-10 00:00+00', 1
FROM (
  SELECT i,
         started_at,
         CASE WHEN state = 'closed' AND i % 19 > 0 THEN started_at + floor(random() * 400000 - 5000) * interval '1 second'
         END AS resolved_at,
         state,
         CASE WHEN state = 'open' AND i % 2 = 0 THEN 'ann@x' ELSE (ARRAY['Bob@x', 'eve@x', 'Eve@x', NULL])[1 + random() * 3]
         END AS assignee,
         (ARRAY['admin', 'bot', 'user', NULL])[1 + random() * 3] AS closed_by,
         (ARRAY['{vip}', '{refund,vip}', '{refund}', '{}', '{fees,refund,vip}'])[1 + random() * 4]::text[] AS tags,
         (ARRAY[1, 4, 9, NULL])[1 + random() * 3] AS messages,
         (ARRAY[0, 0, 2, NULL])[1 + random() * 3] AS reopened,
         (ARRAY['{"plan": "gold", "seats": 4}', '{"plan": "silver", "seats": 4}', '{"plan": null}',
                '{"seats": 9}'])[1 + random() * 3]::jsonb AS attributes
  FROM (
    SELECT i, timestamptz '2024-11-15 00:00+00' + floor(random() * 7000000) * interval '1 second' AS started_at,
           (ARRAY['closed', 'closed', 'closed', 'open', 'snoozed'])[1 + random() * 4] AS state
    FROM generate_series(1, 240) AS i
  ) AS started
) AS conversation;
UPDATE ttr_data.conversation
SET waiting_intervals = open_intervals * tstzmultirange(tstzrange(started_at, started_at + interval '1 hour'),
                                                        tstzrange(started_at + interval '90 minutes', NULL))
WHERE conversation_id::integer % 2 = 0;
UPDATE ttr_data.conversation
SET answered_waits = (SELECT coalesce(range_agg(w), '{}') FROM unnest(waiting_intervals) AS w
                      WHERE NOT upper_inf(w) AND (upper(w) < started_at + interval '2 hours' OR conversation_id::integer % 4 = 0))
WHERE waiting_intervals IS NOT NULL;
SELECT ttr.refresh();

CREATE TEMPORARY TABLE fact AS
SELECT c.*, f.closed_by, f.attributes ->> 'plan' AS plan, f.attributes ->> 'seats' AS seats, f.tags AS all_tags,
       CASE WHEN c.is_closed AND c.waiting_seconds IS NOT NULL
            THEN array_to_string(ARRAY(SELECT date_part('epoch', upper(w) - lower(w)) FROM unnest(f.answered_waits) AS w), ',')
       END AS responses
FROM ttr.conversations AS c JOIN ttr_data.conversation AS f USING (conversation_id);

-- The answer to a question by the definitions alone. Filters choose conversations, keys divide them.
CREATE FUNCTION pg_temp.expected(keys text[], every text, from_day date, to_day date, of_assignee text, of_tag text)
RETURNS TABLE (period date, assignee text, tag text, closed_by text, attribute text, second_attribute text,
               total_closed bigint, median_hours double precision, p95_hours double precision, mean_hours double precision,
               median_seconds double precision, p95_seconds double precision, mean_seconds double precision,
               share_within_24h double precision, sla_met_ratio double precision, sla_breaches bigint,
               avg_messages double precision, reopened_ratio double precision, timeline_ratio double precision,
               elapsed_median_hours double precision, elapsed_p95_hours double precision,
               business_median_hours double precision, business_p95_hours double precision,
               first_response_count bigint, first_response_median_hours double precision, first_response_p95_hours double precision,
               waiting_count bigint, waiting_median_hours double precision, waiting_p95_hours double precision,
               longest_wait_median_hours double precision, longest_wait_p95_hours double precision,
               customer_time_ratio double precision, next_response_count bigint,
               next_response_median_hours double precision, next_response_p95_hours double precision)
LANGUAGE plpgsql AS $$
DECLARE
  others constant text[] := array_remove(array_remove(array_remove(keys, 'assignee'), 'tag'), 'closed_by');
  key    constant text[] := ARRAY[CASE every WHEN 'day' THEN 'resolved_on'
                                             WHEN 'week' THEN 'resolved_on - extract(isodow FROM resolved_on)::integer + 1'
                                             WHEN 'month' THEN 'make_date(extract(year FROM resolved_on)::integer,
                                                                           extract(month FROM resolved_on)::integer, 1)'
                                             WHEN 'quarter' THEN 'make_date(extract(year FROM resolved_on)::integer,
                                                                             extract(quarter FROM resolved_on)::integer * 3 - 2, 1)'
                                  END,
                                  CASE WHEN 'assignee' = ANY (keys) THEN 'assignee' END,
                                  CASE WHEN 'tag' = ANY (keys) THEN 't.tag' END,
                                  CASE WHEN 'closed_by' = ANY (keys) THEN 'closed_by' END,
                                  others[1], others[2]];
  filter constant text[] := ARRAY[CASE WHEN coalesce(every, from_day::text, to_day::text) IS NOT NULL THEN 'is_closed' END,
                                  'resolved_on >= ' || quote_literal(from_day),
                                  'resolved_on <= ' || quote_literal(to_day),
                                  CASE of_assignee WHEN '' THEN 'assignee IS NULL'
                                  ELSE 'assignee = lower(' || quote_literal(of_assignee) || ')' END,
                                  CASE of_tag WHEN '' THEN 'all_tags = ''{}''' ELSE quote_literal(of_tag) || ' = ANY (all_tags)' END];
BEGIN
  RETURN QUERY EXECUTE format($q$
    SELECT (%s)::date, %s, %s, %s, %s, %s,
           count(*) FILTER (WHERE is_closed),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY resolution_seconds) / 3600,
           percentile_cont(0.95) WITHIN GROUP (ORDER BY resolution_seconds) / 3600,
           avg(resolution_seconds) / 3600,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY resolution_seconds),
           percentile_cont(0.95) WITHIN GROUP (ORDER BY resolution_seconds),
           avg(resolution_seconds),
           avg((resolution_seconds <= 86400)::integer)::double precision,
           avg((NOT is_breach)::integer)::double precision,
           count(*) FILTER (WHERE is_breach),
           avg(message_count) FILTER (WHERE is_closed)::double precision,
           avg((reopen_count > 0)::integer) FILTER (WHERE is_closed)::double precision,
           avg((basis = 'timeline')::integer)::double precision,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY elapsed_seconds) / 3600,
           percentile_cont(0.95) WITHIN GROUP (ORDER BY elapsed_seconds) / 3600,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY business_seconds) / 3600,
           percentile_cont(0.95) WITHIN GROUP (ORDER BY business_seconds) / 3600,
           count(first_response_seconds) FILTER (WHERE is_closed),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY first_response_seconds) FILTER (WHERE is_closed) / 3600,
           percentile_cont(0.95) WITHIN GROUP (ORDER BY first_response_seconds) FILTER (WHERE is_closed) / 3600,
           count(waiting_seconds) FILTER (WHERE is_closed),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY waiting_seconds) FILTER (WHERE is_closed) / 3600,
           percentile_cont(0.95) WITHIN GROUP (ORDER BY waiting_seconds) FILTER (WHERE is_closed) / 3600,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY longest_wait_seconds) FILTER (WHERE is_closed) / 3600,
           percentile_cont(0.95) WITHIN GROUP (ORDER BY longest_wait_seconds) FILTER (WHERE is_closed) / 3600,
           1 - sum(waiting_seconds) FILTER (WHERE is_closed)
               / nullif(sum(elapsed_seconds) FILTER (WHERE is_closed AND waiting_seconds IS NOT NULL), 0),
           coalesce(cardinality(string_to_array(string_agg(nullif(responses, ''), ','), ',')), 0)::bigint,
           (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY s)
            FROM unnest(string_to_array(string_agg(nullif(responses, ''), ','), ',')::double precision[]) AS s) / 3600,
           (SELECT percentile_cont(0.95) WITHIN GROUP (ORDER BY s)
            FROM unnest(string_to_array(string_agg(nullif(responses, ''), ','), ',')::double precision[]) AS s) / 3600
    FROM fact CROSS JOIN LATERAL unnest(CASE WHEN %L THEN all_tags ELSE '{NULL}' END) AS t (tag)
    WHERE %s
    %s$q$,
    coalesce(key[1], 'NULL'), coalesce(key[2], 'NULL::text'), coalesce(key[3], 'NULL::text'), coalesce(key[4], 'NULL::text'),
    coalesce(key[5], 'NULL::text'), coalesce(key[6], 'NULL::text'), 'tag' = ANY (keys),
    coalesce(nullif(array_to_string(filter, ' AND '), ''), 'true'),
    'GROUP BY ' || nullif(array_to_string(key, ', '), ''));
END
$$;

-- The questions whose answer is another one.
CREATE FUNCTION pg_temp.wrong_answers() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  question record;
BEGIN
  FOR question IN
    SELECT array_remove(ARRAY[a, t, c], NULL) || p::text[] AS keys, every, from_day::date, to_day::date, of_assignee, of_tag
    FROM (VALUES ('assignee'), (NULL)) AS a (a)
    CROSS JOIN (VALUES ('tag'), (NULL)) AS t (t)
    CROSS JOIN (VALUES ('closed_by'), (NULL)) AS c (c)
    CROSS JOIN (VALUES ('{plan}'), ('{seats,plan}'), ('{}')) AS p (p)
    CROSS JOIN (VALUES (NULL), ('day'), ('week'), ('month'), ('quarter')) AS e (every)
    CROSS JOIN (VALUES (NULL, NULL), ('2024-12-31', NULL), ('2024-12-15', '2025-01-14')) AS d (from_day, to_day)
    CROSS JOIN (VALUES (NULL), ('EVE@x'), ('')) AS f (of_assignee)
    CROSS JOIN (VALUES (NULL), ('vip'), ('')) AS g (of_tag)
  LOOP
    IF EXISTS (
      WITH given AS (SELECT * FROM ttr.figures(question.keys, question.every, question.from_day, question.to_day, question.of_assignee,
                                               question.of_tag)),
      expected AS (SELECT * FROM pg_temp.expected(question.keys, question.every, question.from_day, question.to_day, question.of_assignee,
                                                  question.of_tag))
      (TABLE given EXCEPT ALL TABLE expected) UNION ALL (TABLE expected EXCEPT ALL TABLE given)
    ) THEN
      RETURN NEXT question::text;
    END IF;
  END LOOP;
END
$$;

SELECT is_empty('SELECT * FROM pg_temp.wrong_answers()', 'whatever the keys, periods and filters, the answer is percentile_cont''s');

-- A rollup that is wrong tells where an answer comes from.
SAVEPOINT wrong_rollup;
UPDATE ttr_data.daily_rollup SET sla_breaches = sla_breaches + 1000000 WHERE total_closed > 0;
UPDATE ttr_data.monthly_rollup SET sla_breaches = sla_breaches + 1000000 WHERE total_closed > 0;
UPDATE ttr_data.cumulative_rollup SET sla_breaches = sla_breaches + 1000000 WHERE total_closed > 0;
SELECT ok(
  (SELECT min(sla_breaches) FROM (
     SELECT sla_breaches FROM ttr.figures()
     UNION ALL SELECT sla_breaches FROM ttr.figures(assignee => 'bob@x')
     UNION ALL SELECT sla_breaches FROM ttr.figures(tag => 'vip')
     UNION ALL SELECT sla_breaches FROM ttr.figures('{assignee}', 'month')
     UNION ALL SELECT sla_breaches FROM ttr.figures('{tag}', 'week', from_day => '2025-01-01')) AS answer) >= 1000000,
  'questions about one dimension are answered from its rollups');
SELECT ok(
  (SELECT max(sla_breaches) FROM (
     SELECT sla_breaches FROM ttr.figures('{closed_by}')
     UNION ALL SELECT sla_breaches FROM ttr.figures('{plan}')
     UNION ALL SELECT sla_breaches FROM ttr.figures('{tag}', assignee => 'bob@x')
     UNION ALL SELECT sla_breaches FROM ttr.figures(tag => 'vip', assignee => 'bob@x')
     UNION ALL SELECT sla_breaches FROM ttr.figures(tag => '')) AS answer) < 1000000,
  'questions about more than that are answered from the facts');
UPDATE ttr_data.conversation SET tags = tags WHERE conversation_id = '1';
SELECT ok((SELECT sla_breaches FROM ttr.figures()) < 1000000, 'and so are all questions until a change has reached the rollups');
ROLLBACK TO wrong_rollup;

SAVEPOINT changed;
UPDATE ttr_data.conversation SET state = 'open', resolved_at = NULL, open_intervals = NULL;
SELECT is((SELECT total_closed FROM ttr.figures()), 0::bigint, 'an answer never waits for a refresh');
ROLLBACK TO changed;

SELECT results_eq('SELECT assignee, total_closed, median_hours FROM ttr.figures(''{assignee}'')',
                  'SELECT assignee, total_closed, median_hours FROM ttr.by_assignee ORDER BY assignee',
                  'by assignee is what ttr.by_assignee says, those included who closed nothing');

-- What is not there.
SELECT results_eq(
  'SELECT total_closed, median_hours, p95_seconds, share_within_24h, sla_breaches, avg_messages, first_response_count
   FROM ttr.figures(from_day => ''1999-01-01'', to_day => ''1999-12-31'')',
  'VALUES (0::bigint, NULL::double precision, NULL::double precision, NULL::double precision, 0::bigint,
           NULL::double precision, 0::bigint)',
  'an empty slice that is not divided is one row with counts of 0 and figures of NULL');
SELECT is_empty('SELECT * FROM ttr.figures(''{assignee}'', from_day => ''1999-01-01'', to_day => ''1999-12-31'')',
                'divided, it is no row');
SELECT is_empty('SELECT * FROM ttr.figures(every => ''day'', to_day => ''1999-12-31'', tag => ''fees'')',
                'and none for periods in which nothing was resolved');
SELECT is((SELECT total_closed FROM ttr.figures(from_day => '2025-01-14', to_day => '2025-01-13')), 0::bigint,
          'a period that ends before it begins is empty');
SELECT is((SELECT total_closed FROM ttr.figures(from_day => '-infinity', to_day => 'infinity', tag => 'vip', assignee => 'bob@x')),
          (SELECT total_closed FROM ttr.figures(tag => 'vip', assignee => 'bob@x')), 'a period may be without an end');

-- Days, weeks and both ends of a period: Sunday 23:30 in Auckland, which is Sunday 10:30 in UTC, and an hour later.
SAVEPOINT days;
DELETE FROM ttr_data.conversation;
SELECT pg_temp.add('sunday', 'closed', '2025-03-02 09:30+00', '2025-03-02 10:30+00');
SELECT pg_temp.add('monday', 'closed', '2025-03-02 09:30+00', '2025-03-02 11:30+00');
SELECT results_eq('SELECT period, total_closed, median_hours FROM ttr.figures(every => ''week'')',
                  'VALUES (date ''2025-02-24'', 1::bigint, 1::double precision), (''2025-03-03'', 1, 2)',
                  'weeks begin on Monday, and days in the reporting time zone');
SET LOCAL TimeZone = 'Pacific/Honolulu';
SELECT results_eq('SELECT period, median_hours FROM ttr.figures(every => ''day'', from_day => ''2025-03-02'', to_day => ''2025-03-03'')',
                  'VALUES (date ''2025-03-02'', 1::double precision), (''2025-03-03'', 2)',
                  'both ends of a period are in it, whatever the time zone of the session');
SELECT ttr.refresh();
SELECT results_eq('SELECT period, median_hours FROM ttr.figures(every => ''day'', from_day => ''2025-03-03'', to_day => ''2025-03-03'')',
                  'VALUES (date ''2025-03-03'', 2::double precision)', 'also from the rollups');
ROLLBACK TO days;

-- What cannot be asked.
SELECT throws_like('SELECT * FROM ttr.figures(every => ''fortnight'')', 'unknown period: "fortnight"', 'a period is one of four');
SELECT throws_ok('SELECT * FROM ttr.figures(''{assignee,size}'')', '42501', 'figures are not divided by "size"',
                 'a key is one of three, or an attribute that the owner lists');
SELECT throws_like('SELECT * FROM ttr.figures(ARRAY[NULL])', 'a key of "by" is null', 'a key is never NULL');
SELECT throws_like('SELECT * FROM ttr.figures(''{plan,tag,seats,size}'')', 'more than two attributes: %',
                   'two attributes divide at a time');
CREATE FUNCTION pg_temp.hint_works(question text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  hint text;
BEGIN
  EXECUTE question;
  RETURN false;
EXCEPTION WHEN invalid_parameter_value THEN
  GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
  EXECUTE substring(hint FROM 'SELECT .*');
  RETURN true;
END
$$;
SELECT ok(bool_and(pg_temp.hint_works('SELECT * FROM ttr.figures(' || arguments || ')')),
          'the hint of each error is a question that can be asked')
FROM unnest(ARRAY['every => ''''', 'ARRAY[NULL]', '''{plan,seats,size}''', 'tag => ''vp''',
                  'assignee => ''{bob@x,eve@x}''', 'tag => ''qqq''']) AS a (arguments);
SELECT throws_ok('SELECT * FROM ttr.slowest(1.5)', '22003', NULL, 'a percentile is between 0 and 1');
CREATE FUNCTION pg_temp.error_of(question text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  state text;
  message text;
  hint text;
BEGIN
  EXECUTE question;
  RETURN 'none';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
  EXECUTE substring(hint FROM 'SELECT .*');
  RETURN concat_ws(' | ', state, message, hint);
END
$$;
SELECT is(pg_temp.error_of(format('SELECT * FROM ttr.slowest(%L)', p)),
          format('22003 | percentile value %s is not between 0 and 1 | Name it as a share, for example: SELECT * FROM ttr.slowest(%s)',
                 p, share),
          format('a percentile of %s gets a question that works', p))
FROM (VALUES ('95', '0.95'), ('-1', '0.95'), ('NaN', '0.95')) AS v (p, share);
SELECT is(pg_temp.error_of(format('SELECT * FROM ttr.figures(%L)', key)),
          format('22023 | figures are not divided by "%s" | The nearest is "%s": SELECT * FROM ttr.figures(''{%2$s}'')',
                 trim(key, '{}'), nearest),
          format('for %s the nearest key is proposed, and nothing is listed', key))
FROM (VALUES ('{asignee}', 'assignee'), ('{tags}', 'tag'), ('{Plan}', 'plan'), ('{custom_attributes.plan}', 'plan')) AS v (key, nearest);
SELECT is(pg_temp.error_of('SELECT * FROM ttr.figures(''{user_id}'')'),
          '22023 | figures are not divided by "user_id" | Divide them by one of these: SELECT * FROM ttr.figures(''{assignee}'')',
          'a field is no attribute, and nobody lists it');
SELECT is(pg_temp.error_of('SELECT * FROM ttr.figures(''{tag,assignee,team,seats,plan}'')'),
          '22023 | more than two attributes: "team", "seats", "plan" | Name two attributes at most: '
          'SELECT * FROM ttr.figures(''{assignee,seats,plan}'')',
          'the error names the attributes and no other keys, and the hint one that is listed');
UPDATE ttr_data.setting SET attributes = '{}';
SELECT is(pg_temp.error_of('SELECT * FROM ttr.figures(''{tag,assignee,team,seats,plan}'')'),
          '22023 | more than two attributes: "team", "seats", "plan" | Name two attributes at most: '
          'SELECT * FROM ttr.figures(''{assignee}'')',
          'nor does the hint name an attribute where none is listed');
UPDATE ttr_data.setting SET attributes = '{plan,seats}';

-- Each day with the days up to it.
CREATE FUNCTION pg_temp.expected_rolling(days integer, from_day date, to_day date, of_assignee text, of_tag text)
RETURNS TABLE (day date, total_closed bigint, median_hours double precision, p95_hours double precision,
               median_seconds double precision, p95_seconds double precision,
               rolling_closed bigint, rolling_median_hours double precision, rolling_p95_hours double precision,
               rolling_median_seconds double precision, rolling_p95_seconds double precision)
LANGUAGE sql AS $$
  WITH chosen AS (
    SELECT resolved_on, resolution_seconds
    FROM fact
    WHERE is_closed
      AND (of_assignee IS NULL OR coalesce(assignee, '') = lower(of_assignee))
      AND (of_tag IS NULL OR CASE of_tag WHEN '' THEN all_tags = '{}' ELSE of_tag = ANY (all_tags) END)
  ),
  figure AS (
    SELECT d.day, n.days, count(*) AS total,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY c.resolution_seconds) AS median,
           percentile_cont(0.95) WITHIN GROUP (ORDER BY c.resolution_seconds) AS p95
    FROM (SELECT DISTINCT resolved_on FROM chosen) AS d (day)
    CROSS JOIN unnest(ARRAY['own', 'rolling'], ARRAY[1, $1]) AS n (days, length)
    JOIN chosen AS c ON c.resolved_on BETWEEN d.day - n.length + 1 AND d.day
    WHERE d.day BETWEEN coalesce(from_day, '-infinity') AND coalesce(to_day, 'infinity')
    GROUP BY d.day, n.days
  )
  SELECT o.day, o.total, o.median / 3600, o.p95 / 3600, o.median, o.p95, r.total, r.median / 3600, r.p95 / 3600, r.median, r.p95
  FROM figure AS o
  JOIN figure AS r ON r.day = o.day AND o.days = 'own' AND r.days = 'rolling'
$$;
CREATE FUNCTION pg_temp.wrong_rolling() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  question record;
BEGIN
  FOR question IN
    SELECT days, from_day::date, to_day::date, of_assignee, of_tag
    FROM unnest(ARRAY[1, 7, 28]) AS n (days)
    CROSS JOIN (VALUES (NULL, NULL), ('2024-12-31', NULL), ('2024-12-15', '2025-01-14'), ('-infinity', 'infinity')) AS d (from_day, to_day)
    CROSS JOIN (VALUES (NULL), ('EVE@x'), ('')) AS f (of_assignee)
    CROSS JOIN (VALUES (NULL), ('vip'), ('')) AS g (of_tag)
  LOOP
    IF EXISTS (
      WITH given AS (SELECT * FROM ttr.rolling(question.days, question.from_day, question.to_day, question.of_assignee, question.of_tag)),
      expected AS (SELECT *
                   FROM pg_temp.expected_rolling(question.days, question.from_day, question.to_day, question.of_assignee, question.of_tag))
      (TABLE given EXCEPT ALL TABLE expected) UNION ALL (TABLE expected EXCEPT ALL TABLE given)
    ) THEN
      RETURN NEXT question::text;
    END IF;
  END LOOP;
END
$$;
SELECT is_empty('SELECT * FROM pg_temp.wrong_rolling()',
                'rolling figures are percentile_cont''s over the days up to each, whatever the slice');
SAVEPOINT marked;
UPDATE ttr_data.conversation SET tags = tags WHERE conversation_id = '1';
SELECT is_empty('SELECT * FROM pg_temp.wrong_rolling()', 'also from the facts, until a change has reached the rollups');
ROLLBACK TO marked;

CREATE FUNCTION pg_temp.times_read() RETURNS bigint LANGUAGE sql AS
$$SELECT seq_scan + coalesce(idx_scan, 0) FROM pg_stat_xact_user_tables WHERE relid = 'ttr_data.conversation'::regclass$$;
CREATE TEMPORARY TABLE before AS SELECT pg_temp.times_read() AS times;
CREATE TEMPORARY TABLE days AS SELECT * FROM ttr.rolling(7, assignee => 'bob@x', tag => 'vip');
SELECT is((SELECT pg_temp.times_read() - times FROM before), 1::bigint, 'the facts are read once, however many days there are');
SELECT cmp_ok((SELECT count(*) FROM days), '>', 5::bigint, 'and there were several');

SELECT is_empty('SELECT * FROM ttr.rolling(7, to_day => ''1999-12-31'', tag => ''fees'')',
                'a day on which nothing was resolved has no rolling figures');
SELECT throws_like('SELECT * FROM ttr.rolling(0)', 'not a number of days: 0', 'a window is at least a day');
SELECT ok(pg_temp.hint_works('SELECT * FROM ttr.rolling(NULL)') AND pg_temp.hint_works('SELECT * FROM ttr.rolling(2147483647)'),
          'and no more than ten years; the hint can be asked');

-- An attribute is a name and never a part of a statement.
SELECT pg_temp.add('hostile' || i, 'closed', '2025-03-02 09:30+00', '2025-03-02 10:30+00', attributes => jsonb_build_object(name, name))
FROM unnest(ARRAY['', 'it''s "quoted" \', '''; DROP TABLE ttr_data.conversation; --', '%I %s $1', 'Größe', '{a,b}',
                  'NULL']) WITH ORDINALITY AS n (name, i);
UPDATE ttr_data.setting
SET attributes = attributes || ARRAY(SELECT jsonb_object_keys(attributes) FROM ttr_data.conversation WHERE conversation_id LIKE 'hostile%');
SELECT is_empty(
  $$SELECT name
    FROM (SELECT DISTINCT jsonb_object_keys(attributes) AS name FROM ttr_data.conversation WHERE conversation_id LIKE 'hostile%') AS n
    WHERE NOT EXISTS (SELECT FROM ttr.figures(ARRAY[name, 'assignee']) WHERE attribute = name AND total_closed = 1)$$,
  'an attribute may have any name');
SELECT throws_ok($$SELECT * FROM ttr.figures(tag => ''' OR true --')$$, '22023', $$no conversation has the tag "' OR true --"$$,
                 'a filter is a value and nothing else');

-- Attributes that the owner lists, and no others.
SAVEPOINT attributes;
DELETE FROM ttr_data.conversation;
SELECT pg_temp.add('1', 'closed', '2025-03-02 09:30+00', '2025-03-02 10:30+00',
                   attributes => '{"title": "My card is lost", "plan.name": "flat", "plan": {"name": "deep"},
                                   "custom_attributes": {"seats": 4, "a b": {"c": "x"}}}');
SELECT ttr.refresh();
UPDATE ttr_data.setting SET attributes = '{}';
SELECT throws_ok(format('SELECT * FROM ttr.figures(%L)', ARRAY[attribute]), '42501', format('figures are not divided by "%s"', attribute),
                 format('readers do not see %s where nobody lists it', attribute))
FROM unnest('{title,plan,custom_attributes,custom_attributes.seats,""}'::text[]) AS a (attribute);
UPDATE ttr_data.setting SET attributes = '{plan.name,custom_attributes.seats,custom_attributes.a b.c,channel,""}';
SELECT is_empty('SELECT * FROM ttr_data.mark', 'listing an attribute marks nothing: no figure depends on it');
SELECT results_eq('SELECT attribute, total_closed FROM ttr.figures(''{custom_attributes.seats}'')', $$VALUES ('4', 1::bigint)$$,
                  'an attribute within an attribute is named by its path');
SELECT results_eq('SELECT attribute FROM ttr.figures(''{custom_attributes.a b.c}'')', ARRAY['x'],
                  'however deep it lies, whatever it is called');
SELECT is(ttr_data.attribute('{"custom_attributes": {"Plan v1.2": "gold"}}', 'custom_attributes.Plan v1.2'), 'gold',
          'though its own name has a dot');
SELECT results_eq('SELECT attribute FROM ttr.figures(''{plan.name}'')', ARRAY['flat'], 'an attribute of this very name goes before a path');
SELECT results_eq('SELECT attribute, total_closed FROM ttr.figures(''{channel}'')', 'VALUES (NULL::text, 1::bigint)',
                  'an attribute that is listed and that no conversation has yet is one row without a value');
SELECT results_eq('SELECT attribute FROM ttr.figures(''{""}'')', ARRAY[NULL::text], 'no name is not all attributes');
SELECT is((SELECT attributes FROM ttr.settings), 'plan.name, custom_attributes.seats, custom_attributes.a b.c, channel, ',
          'readers see which are listed');
CREATE FUNCTION pg_temp.hint_lists(attribute text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  hint text;
BEGIN
  PERFORM ttr.figures(ARRAY[attribute]);
  RETURN false;
EXCEPTION WHEN insufficient_privilege THEN
  GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
  EXECUTE substring(hint FROM 'UPDATE .*');
  PERFORM ttr.figures(ARRAY[attribute]);
  RETURN true;
END
$$;
SELECT ok(pg_temp.hint_lists('it''s a "title"'), 'the hint of the error is the statement that lists the attribute');
ROLLBACK TO attributes;

-- Filters: a name that no conversation ever had is an error, wherever it is given.
CREATE FUNCTION pg_temp.hint_of(question text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  hint text;
BEGIN
  EXECUTE question;
  RETURN 'none';
EXCEPTION WHEN invalid_parameter_value THEN
  GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
  RETURN hint;
END
$$;
CREATE FUNCTION pg_temp.accepted(question text) RETURNS boolean LANGUAGE sql AS $$ SELECT pg_temp.hint_of(question) = 'none' $$;
CREATE TEMPORARY VIEW question AS
SELECT format(f.question, format('%s => %%L', d.dimension)) AS question, d.dimension
FROM unnest('{SELECT * FROM ttr.figures(%s),SELECT * FROM ttr.rolling(%s),SELECT * FROM ttr.slowest(%s),SELECT ttr.summary(%s)}'::text[])
  AS f (question)
CROSS JOIN unnest('{assignee,tag}'::text[]) AS d (dimension);
SAVEPOINT names;
DELETE FROM ttr_data.conversation WHERE conversation_id LIKE 'hostile%';
SELECT ttr.refresh();
SELECT throws_like(format(question, 'nonesuch'), format('no conversation has the %s "nonesuch"', dimension),
                   format('an unknown %s is an error: %s', dimension, question))
FROM question;
SELECT ok(bool_and(pg_temp.accepted(format(question, CASE dimension WHEN 'tag' THEN 'vip' ELSE 'EVE@x' END))
                   AND pg_temp.accepted(format(question, ''))),
          'a known one is not, nor is nobody, nor no tag') FROM question;
SELECT is((SELECT total_closed FROM ttr.figures(tag => 'vip', to_day => '1999-12-31')), 0::bigint,
          'a known one that the period does not have has the figures of nothing');
SELECT pg_temp.add('new', 'closed', '2025-03-02 09:30+00', '2025-03-02 10:30+00', 'New@x', '{new}');
SELECT ok(bool_and(pg_temp.accepted(format(question, CASE dimension WHEN 'tag' THEN 'new' ELSE 'new@X' END))
                   AND NOT pg_temp.accepted(format(question, 'nonesuch'))), 'before the refresh names are looked up in the facts, too')
FROM question;
UPDATE ttr_data.conversation SET tags = '{}', assignee_email = NULL;
SELECT ok(bool_and(pg_temp.accepted(format(question, CASE dimension WHEN 'tag' THEN 'vip' ELSE 'eve@x' END))),
          'a name that a dashboard still offers, because nobody refreshed it, is no error') FROM question;
ROLLBACK TO names;

SAVEPOINT names;
DELETE FROM ttr_data.conversation;
SELECT pg_temp.add(tag, 'closed', '2025-03-02 09:30+00', '2025-03-02 10:30+00', tag || '@example.com', ARRAY[tag])
FROM unnest('{refund,refunds,refund-late,refund-card,refused,re-fund,kyc,Größe}'::text[]) AS t (tag);
CREATE TEMPORARY TABLE hint (given, hint) AS
VALUES ('refnd', 'The nearest that exist are "refund", "re-fund", "refunds", "refused", "refund-card": '
                 'SELECT * FROM ttr.figures(tag => ''refund'')'),
       ('REFUND', 'The nearest that exist are "refund", "refunds", "refund-card", "refund-late", "re-fund": '
                  'SELECT * FROM ttr.figures(tag => ''refund'')'),
       ('größe', 'The nearest that exists is "Größe": SELECT * FROM ttr.figures(tag => ''Größe'')'),
       ('ky', 'The nearest that exists is "kyc": SELECT * FROM ttr.figures(tag => ''kyc'')'),
       ('{kyc,refund}', 'A filter takes one tag, and not a list: SELECT * FROM ttr.figures(tag => ''kyc'')'),
       ('qqq', 'None is like it. These exist: SELECT tag FROM ttr.by_tag');
SELECT is(pg_temp.hint_of(format('SELECT * FROM ttr.figures(tag => %L)', given)), hint, 'from the facts: the hint for ' || given) FROM hint;
SELECT ttr.refresh();
SELECT is(pg_temp.hint_of(format('SELECT * FROM ttr.figures(tag => %L)', given)), hint, 'from the rollups: the hint for ' || given)
FROM hint;
SELECT matches(pg_temp.hint_of('SELECT * FROM ttr.figures(assignee => ''refuned@example.com'')'), 'assignee => ''refund@example.com''',
               'assignees are proposed, too');
DELETE FROM ttr_data.conversation;
SELECT ok(bool_and(pg_temp.accepted(format(question, 'nonesuch'))), 'where there is no conversation at all nothing is mistyped')
FROM question;
SELECT ttr.refresh();
SELECT ok(bool_and(pg_temp.accepted(format(question, 'nonesuch'))), 'nor when that is refreshed') FROM question;
ROLLBACK TO names;

-- The conversations behind a percentile.
SELECT results_eq(
  $$SELECT rank, conversation_id, resolution_seconds FROM ttr.slowest(0.9, '2024-12-15', '2025-01-14', 'eve@x', 'vip')$$,
  $$SELECT rank() OVER (ORDER BY resolution_seconds DESC), conversation_id COLLATE "default", resolution_seconds
    FROM fact
    WHERE resolution_seconds >= (SELECT percentile_cont(0.9) WITHIN GROUP (ORDER BY resolution_seconds) FROM fact
                                 WHERE resolved_on BETWEEN '2024-12-15' AND '2025-01-14' AND assignee = 'eve@x' AND 'vip' = ANY (all_tags))
      AND resolved_on BETWEEN '2024-12-15' AND '2025-01-14' AND assignee = 'eve@x' AND 'vip' = ANY (all_tags)
    ORDER BY resolution_seconds DESC, conversation_id$$,
  'the slowest are those at or above the percentile of the slice, slowest first');
SAVEPOINT ties;
DELETE FROM ttr_data.conversation;
SELECT pg_temp.add(id, 'closed', '2025-03-02 09:30+00', '2025-03-02 09:30+00'::timestamptz + hours * interval '1 hour')
FROM (VALUES ('a', 3), ('b', 5), ('c', 5), ('d', 1)) AS v (id, hours);
SELECT results_eq('SELECT rank, conversation_id, resolution_hours FROM ttr.slowest(0)',
                  'VALUES (1::bigint, ''b'', 5::double precision), (1, ''c'', 5), (3, ''a'', 3), (4, ''d'', 1)',
                  'equal times share a rank');
SELECT results_eq('SELECT conversation_id FROM ttr.slowest(1)', ARRAY['b', 'c'], 'the percentile 1 is the slowest of all');
DELETE FROM ttr_data.conversation;
SELECT is_empty('SELECT * FROM ttr.slowest()', 'of nothing nothing is the slowest');
SELECT is(ttr.summary(), '{"total_closed": 0, "median_hours": null, "p95_hours": null, "pct_within_24h": null, "total": 0,
                           "avg_messages": null, "sla_breaches": 0, "by_assignee": [], "by_tag": []}',
          'the summary of nothing has counts of 0 and figures of null');
ROLLBACK TO ties;

-- The summary.
SELECT is(ttr.summary() - 'by_assignee' - 'by_tag',
          (SELECT jsonb_build_object('total_closed', total_closed, 'median_hours', median_hours, 'p95_hours', p95_hours,
                                     'pct_within_24h', share_within_24h,
                                     'total', (SELECT count(*) FROM ttr_data.conversation), 'avg_messages', avg_messages,
                                     'sla_breaches', sla_breaches)
           FROM ttr.figures()), 'the summary has the figures under the keys that ttr-load prints');
SELECT results_eq(
  $$SELECT assignee, total_closed, total
    FROM jsonb_to_recordset(ttr.summary(tag => 'vip') -> 'by_assignee') AS a (assignee text, total_closed bigint, total bigint)$$,
  $$SELECT assignee, count(*) FILTER (WHERE is_closed), count(*) FROM fact WHERE 'vip' = ANY (all_tags)
    GROUP BY assignee ORDER BY 2 DESC, assignee$$,
  'and divides its slice by assignee, the most frequent first');
SELECT is((SELECT array_agg(tag ORDER BY tag) FROM jsonb_to_recordset(ttr.summary(tag => 'refund') -> 'by_tag') AS t (tag text)),
          '{fees,refund,vip}', 'and by every tag that its conversations have');
SELECT is((SELECT row(total, total_closed)
           FROM jsonb_to_record(ttr.summary('2024-12-15', '2025-01-14')) AS s (total bigint, total_closed bigint)),
          (SELECT row(count(*), count(*)) FROM fact WHERE resolved_on BETWEEN '2024-12-15' AND '2025-01-14'),
          'a period holds what was resolved in it');

-- Who may ask.
CREATE ROLE ttr_test_reader;
GRANT USAGE ON SCHEMA ttr TO ttr_test_reader;
SET ROLE ttr_test_reader;
SELECT throws_ok('SELECT * FROM ttr.figures()', '42501', NULL, 'not everybody may ask');
SELECT throws_ok('SELECT * FROM ttr.slowest()', '42501', NULL, 'not everybody may see conversations');
SELECT throws_ok('SELECT * FROM ttr.rolling()', '42501', NULL, 'not everybody may ask for rolling figures');
SELECT throws_ok('SELECT ttr.summary()', '42501', NULL, 'not everybody may read the summary');
RESET ROLE;
GRANT EXECUTE ON FUNCTION ttr.figures, ttr.slowest, ttr.summary, ttr.rolling TO ttr_test_reader;
SET ROLE ttr_test_reader;
CREATE TEMPORARY TABLE conversation (attributes jsonb);
CREATE FUNCTION pg_temp.lower(text) RETURNS text LANGUAGE sql AS 'SELECT NULL::text';
SELECT ok((SELECT total_closed FROM ttr.figures('{}', assignee => 'BOB@x', tag => 'vip')) > 0
          AND EXISTS (SELECT FROM ttr.figures('{plan}')) AND EXISTS (SELECT FROM ttr.slowest()) AND EXISTS (SELECT FROM ttr.rolling())
          AND (ttr.summary() ->> 'total')::integer > 0,
          'a reader asks without any right on the facts, whatever stands in the temporary schema');
SELECT throws_ok('SELECT * FROM ttr_data.conversation', '42501', NULL, 'and has none');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
