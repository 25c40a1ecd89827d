-- waiting_intervals(): when a customer waited for the team, from the messages.

BEGIN;
SELECT plan(36);

-- Each history is written as 'time kind, ...', in the order in which rows come; times are hours of 2025-05-01.

CREATE FUNCTION pg_temp.event(history text) RETURNS TABLE (at timestamptz, kind text) LANGUAGE sql AS $$
  SELECT timestamptz '2025-05-01 00:00+00' + NULLIF(split_part(trim(event), ' ', 1), '-')::float8 * interval '1 hour',
         NULLIF(split_part(trim(event), ' ', 2), '-')
  FROM string_to_table(history, ',') WITH ORDINALITY AS e (event, place)
  ORDER BY place
$$;
CREATE FUNCTION pg_temp.hours(intervals text) RETURNS tstzmultirange LANGUAGE sql AS $$
  SELECT regexp_replace(intervals, '(\d+)', '2025-05-01 \1:00+00', 'g')::tstzmultirange
$$;

SELECT is(ttr.waiting_intervals(at, kind), pg_temp.hours(intervals), promise)
FROM (VALUES
  (1, '9 customer, 11 reply', '{[9,11)}', 'a customer waits until the reply'),
  (2, '9 customer, 11 closed', '{[9,11)}', 'or until the close, answered or not'),
  (3, '9 customer, 10 customer, 11 reply', '{[9,11)}', 'who writes again waits since the first message'),
  (4, '9 customer, 11 reply, 12 reply, 13 closed', '{[9,11)}', 'a second reply answers nobody, nor does a close after a reply'),
  (5, '9 customer, 11 reply, 13 customer, 14 reply', '{[9,11),[13,14)}', 'each question has a wait of its own'),
  (6, '9 customer, 11 closed, 13 customer, 14 reply', '{[9,11),[13,14)}', 'a customer who reopens waits again'),
  (7, '9 customer', '{[9,)}', 'a customer whom nobody has answered is still waiting'),
  (8, '9 customer, 11 reply, 13 customer', '{[9,11),[13,)}', 'and so is one whom nobody has answered again'),
  (9, '9 reply, 11 closed', '{}', 'nobody waits where the customer never wrote'),
  (10, '9 reply, 10 customer, 11 reply', '{[10,11)}', 'and not before the first message'),
  (11, '11 reply, 9 customer', '{[9,11)}', 'events are sorted by time'),
  (12, '14 closed, 13 customer, 11 reply, 9 customer', '{[9,11),[13,14)}', 'from the newest to the oldest, too'),
  (13, '9 customer, 9 reply', '{}', 'of two events at one time the last one holds: an answer at once is no wait'),
  (14, '9 reply, 9 customer, 11 reply', '{[9,11)}', 'in the order in which they came'),
  (15, '11 reply, 9 reply, 9 customer', '{[9,11)}', 'that stays so when events are sorted'),
  (16, '9 customer, 11 reply, 11 customer, 13 reply', '{[9,13)}', 'a message in the instant of the reply lets the wait go on'),
  (17, '9 customer, 11 customer, 11 reply, 13 reply', '{[9,11)}', 'a reply in the instant of a message ends it'),
  (18, '9 customer, 10 -, 11 reply', '{[9,11)}', 'an event of no kind, such as a note, is ignored'),
  (19, '9 customer, - reply, 11 reply', '{[9,11)}', 'an event without a time is ignored'),
  (20, '- -, 9 customer', '{[9,)}', 'an event without either is ignored'),
  (21, '- note, 9 customer', '{[9,)}', 'and what is ignored may be of an unknown kind'),
  (22, '9 -', NULL, 'if no event is left there is no answer'),
  (23, '- customer, - reply', NULL, 'and none if no event has a time')
) AS promised (number, history, intervals, promise), pg_temp.event(history)
GROUP BY number, intervals, promise ORDER BY number;

SELECT is(ttr.waiting_intervals(at, kind), NULL, 'no rows give NULL')
FROM (VALUES (timestamptz '2025-05-01', 'customer')) AS v (at, kind) WHERE false;

SELECT is(ttr.waiting_intervals(at::timestamptz, kind),
          '{[4714-11-24 00:00+00 BC,294276-12-31 23:59:59.999999+00)}'::tstzmultirange, 'the whole range of time')
FROM (VALUES ('294276-12-31 23:59:59.999999+00', 'reply'), ('4714-11-24 00:00+00 BC', 'customer')) AS v (at, kind);

SELECT throws_ok(format('SELECT ttr.waiting_intervals(%L, %L)', at, kind), '22023', message, promise)
FROM (VALUES
  ('2025-05-01', 'note', 'unknown kind of event "note"', 'an unknown kind is refused'),
  ('2025-05-01', 'Reply', 'unknown kind of event "Reply"', 'a kind in capitals is'),
  ('2025-05-01', 'open', 'unknown kind of event "open"', 'a state is'),
  ('2025-05-01', '', 'unknown kind of event ""', 'an empty one is'),
  ('infinity', 'customer', 'event has no finite time', 'infinity is no time of an event'),
  ('-infinity', 'customer', 'event has no finite time', 'nor is minus infinity')
) AS refused (at, kind, message, promise);

-- Second by second: the ball is with the team if the last event up to then, which is not of no kind, is the customer's.

SELECT setseed(0.5);
CREATE TEMP TABLE event AS
  SELECT g, row_number() OVER () AS place,
         timestamptz '2025-05-01 00:00+00' + floor(random() * 40) * interval '1 second' AS at,
         (ARRAY['customer', 'reply', 'closed', NULL])[1 + floor(random() * 4)] AS kind
  FROM generate_series(1, 1000) AS g, generate_series(0, g % 17) AS i;
CREATE TEMP TABLE expected AS
  SELECT g, s.at, coalesce((SELECT kind = 'customer' FROM event AS e
                            WHERE e.g = c.g AND e.at <= s.at AND kind IS NOT NULL
                            ORDER BY e.at DESC, place DESC LIMIT 1), false) AS waits
  FROM (SELECT g FROM event GROUP BY g HAVING count(kind) > 0) AS c,
       generate_series(timestamptz '2025-05-01 00:00+00', '2025-05-01 00:00:41+00', interval '1 second') AS s (at);

CREATE FUNCTION pg_temp.differences(way text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('enable_sort', (way = 'sorted')::text, true),
          set_config('enable_hashagg', (way = 'hashed')::text, true);
  RETURN NEXT is_empty(
    'SELECT g, expected.at FROM (SELECT g, ttr.waiting_intervals(at, kind) AS intervals FROM event GROUP BY g) AS folded
     JOIN expected USING (g) WHERE (folded.intervals @> expected.at) IS DISTINCT FROM expected.waits',
    '1,000 random histories second by second, ' || way || ' by conversation');
END $$;
SELECT pg_temp.differences(way) FROM unnest(ARRAY['hashed', 'sorted']) AS way;

-- With window functions: a wait begins at a customer's event after none or after another kind, and lasts until the next other kind.
CREATE TEMP TABLE last_of_instant AS
  SELECT DISTINCT ON (g, at) g, at, kind = 'customer' AS waits FROM event WHERE kind IS NOT NULL ORDER BY g, at, place DESC;
CREATE TEMP TABLE wait AS
  SELECT g, at, (SELECT min(o.at) FROM last_of_instant AS o WHERE o.g = w.g AND o.at > w.at AND NOT o.waits) AS until
  FROM (SELECT *, lag(waits) OVER (PARTITION BY g ORDER BY at) AS waited FROM last_of_instant) AS w
  WHERE waits AND waited IS NOT TRUE;
SELECT is_empty($$
  SELECT g FROM (SELECT g, ttr.waiting_intervals(at, kind ORDER BY place) AS intervals FROM event GROUP BY g) AS folded
  LEFT JOIN (SELECT g, range_agg(tstzrange(at, until)) AS intervals, count(*) AS waits FROM wait GROUP BY g) AS e USING (g)
  WHERE folded.intervals IS DISTINCT FROM coalesce(e.intervals, CASE WHEN folded.intervals IS NOT NULL THEN '{}'::tstzmultirange END)
     OR (SELECT count(*) FROM unnest(folded.intervals)) <> coalesce(e.waits, 0) $$,
  'the same histories by window functions: each wait is an interval of its own');

SELECT is_empty($$
  SELECT g FROM (SELECT g, ttr.waiting_intervals(at, kind) OVER (PARTITION BY g ORDER BY place) AS intervals,
                        row_number() OVER (PARTITION BY g ORDER BY place DESC) AS from_last FROM event) AS growing
  JOIN (SELECT g, ttr.waiting_intervals(at, kind ORDER BY place) AS intervals FROM event GROUP BY g) AS whole USING (g)
  WHERE from_last = 1 AND growing.intervals IS DISTINCT FROM whole.intervals $$,
  'and in a window, which asks after each event');

SELECT is_empty($$
  SELECT g FROM (SELECT g, ttr.waiting_intervals(at, kind ORDER BY place) AS waits,
                        ttr.open_intervals(at, CASE kind WHEN 'customer' THEN 'open' WHEN 'reply' THEN 'snoozed' ELSE kind END
                                           ORDER BY place) AS open
                 FROM event GROUP BY g) AS both_folds
  WHERE waits IS DISTINCT FROM open $$,
  'it is the fold of open_intervals() by other words');

SELECT * FROM finish();
ROLLBACK;
