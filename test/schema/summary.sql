-- What a load says of the facts: the lines of its summary, and those of its report.
BEGIN;
\ir facts.psql
\ir random_changes.psql
SELECT plan(33);

-- Without a conversation.
SELECT results_eq('SELECT dimension, key, (figures).* FROM ttr_data.summary_of_database()',
  $$VALUES ('all', '', 0::bigint, NULL::double precision, NULL::double precision, NULL::double precision, 0::bigint,
            NULL::double precision, 0::bigint)$$,
  'without conversations the one line has counts of 0 and figures of NULL');
SELECT is_empty('TABLE ttr_data.report', 'without conversations the report has no line');

-- Two closed conversations and one that goes on.
INSERT INTO ttr_data.teammate (teammate_id, email, load_id) VALUES ('7', 'Lee@x', 1), ('8', NULL, 1);
SELECT pg_temp.add('1', 'closed', '2025-05-01 08:00+00', '2025-05-01 10:00+00', 'ann@x', '{vip,refund}', 4),
       pg_temp.add('2', 'closed', '2025-05-01 08:00+00', '2025-05-03 08:00+00', NULL, '{vip}', 6),
       pg_temp.add('3', 'open', '2025-05-01 08:00+00', NULL, 'ann@x', '{}', 1);
UPDATE ttr_data.conversation SET assignee_id = '7' WHERE conversation_id = '2';
PREPARE line AS SELECT dimension, key, (figures).total, (figures).total_closed, (figures).median_hours, (figures).pct_within_24h,
                       (figures).avg_messages, (figures).sla_breaches
                FROM ttr_data.summary_of_database() ORDER BY dimension, key;
PREPARE expected AS VALUES ('all', '', 3::bigint, 2::bigint, 25::double precision, 0.5::double precision, 5::double precision, 1::bigint),
                           ('assignee', 'ann@x', 2, 1, 2, 1, 4, 0), ('assignee', 'lee@x', 1, 1, 48, 0, 6, 1),
                           ('tag', 'refund', 1, 1, 2, 1, 4, 0), ('tag', 'vip', 2, 2, 25, 0.5, 5, 1);
SELECT results_eq('line', 'expected', 'before the first refresh a summary is computed from the facts');
SELECT ttr.refresh();
SELECT results_eq('line', 'expected', 'after it from the rollups');
SELECT set_eq('SELECT ttr_data.summary_of($$TABLE ttr_data.measured$$)', 'SELECT ttr_data.summary_of_database()',
  'the summary of some conversations is made as that of all');
SELECT results_eq('SELECT key, (figures).total
                   FROM ttr_data.summary_of($$SELECT * FROM ttr_data.measured WHERE conversation_id = ''2''$$) ORDER BY dimension, key',
  $$VALUES ('', 1::bigint), ('lee@x', 1), ('vip', 1)$$, 'and has the lines of these alone');

-- The text of a report.
SET TimeZone = 'UTC';
TRUNCATE ttr_data.conversation;
CREATE FUNCTION pg_temp.report_of(started timestamptz, resolved timestamptz, tags text[]) RETURNS text[] LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_temp.add('1', 'closed', started, resolved, NULL, tags);
  UPDATE ttr_data.conversation SET assignee_id = '8';
  RETURN (SELECT ARRAY[r.started_at, r.resolved_at, r.resolution_seconds::text, r.assignee_email, r.tags] FROM ttr_data.report AS r);
END
$$;
SELECT is(pg_temp.report_of('2025-05-01 08:00+02', '2025-05-01 08:00:00.25+00', '{}'),
          '{2025-05-01T06:00:00+00:00,2025-05-01T08:00:00.25+00:00,7200.25,NULL,NULL}', 'times are ISO 8601, what is unknown is NULL');
DELETE FROM ttr_data.conversation;
SELECT is(pg_temp.report_of('0001-01-01 00:00+14', '10000-01-01 00:00+00', '{"a;b",c}'),
          '{0001-12-31T10:00:00+00:00 BC,10000-01-01T00:00:00+00:00,315537948000,NULL,"a\\;b;c"}',
          'in any year, and tags can be read back');
DELETE FROM ttr_data.conversation;
SELECT is((pg_temp.report_of('2025-05-01 08:00+00', '2025-05-01 08:00+00', '{"a;b"}'))[5], 'a\;b', 'one that stands alone, too');

-- Whatever happens: both are what the facts say.
SELECT setseed(0.53);
CREATE FUNCTION pg_temp.follow(steps integer) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
  FOR step IN 1..steps LOOP
    PERFORM pg_temp.change() FROM generate_series(0, pg_temp.dice(4));
    RETURN NEXT is_empty('SELECT pg_temp.differences_of_summary()',
                         format('with the marks of step %s the summary is what the facts say', step));
    RETURN NEXT is_empty('SELECT pg_temp.differences_of_report()', format('after step %s the report is what is counted', step));
    PERFORM ttr.refresh();
    RETURN NEXT is_empty('SELECT pg_temp.differences_of_summary()',
                         format('after the refresh of step %s the summary is what the facts say', step));
  END LOOP;
END
$$;
SELECT pg_temp.add_conversation(n::text) FROM generate_series(1, 100) AS n;
SELECT pg_temp.follow(8);

SELECT * FROM finish();
ROLLBACK;
