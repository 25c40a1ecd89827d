-- From the stage into the facts: each conversation is derived from its statements and its events.
--
-- A record is a statement as long as no newer record has all of its fields and attributes. Each field of a conversation comes from the
-- newest statement that has it, and so does each attribute: the order in which records are loaded makes no difference.
-- ttr_data.statement stores the statements. A conversation whose only statement equals its row needs none: the row is the statement.
--
--   new, and staged once    stage -> recorded -> derived -> facts            insert_new
--
--   all others              stage, facts, statements -> candidate            gather_statements
--                           candidate -> folded                              fold_statements
--                           folded -> recorded -> derived -> compared        compare
--                           compared -> facts, statements                    write_compared
--
-- The views recorded (what the records have of a conversation) and derived (its fields, from that and from its timeline) define both ways
-- once: derive_fields.
--
-- A record whose fingerprint stands in the facts is skipped; only its date is compared (find_alike, confirm).

-- name: find_repeated
INSERT INTO repeated
SELECT conversation_id FROM stage GROUP BY conversation_id HAVING count(*) > 1

-- name: gather_statements
-- All records, staged and known, of the conversations that are known and changed, or staged more than once. The newest has place 1. Known
-- records have number -1: among equal versions the staged one is newer. Of a row that is a record, the fields of the record count. What
-- somebody wrote as attributes by hand may be no object, and counts for nothing.
--
-- A record is superseded where newer ones have all of its fields and attributes. Where no record has the start itself, the earliest guess
-- is kept. The total of events counts as a field, 2048.
CREATE TEMPORARY TABLE candidate ON COMMIT DROP AS
WITH concerned AS (
  SELECT conversation_id FROM repeated
  UNION
  SELECT s.conversation_id
  FROM stage AS s
  JOIN ttr_data.conversation AS c USING (conversation_id)
  WHERE (c.fingerprint = s.fingerprint) IS NOT TRUE
),
record AS (
  SELECT s.conversation_id, s.user_id, s.state, s.started_at, s.first_response_at, s.resolved_at, s.assignee_id, s.assignee_email,
         s.closed_by, s.tags, s.message_count, s.reopen_count, s.event_total, s.updated_at, f.exported_at, run.load_id, s.field_set,
         s.fingerprint, coalesce(s.attributes, '{}') AS attributes, s.record
  FROM stage AS s
  JOIN concerned USING (conversation_id)
  JOIN file AS f USING (file)
  CROSS JOIN run
  UNION ALL
  SELECT c.conversation_id, c.user_id, CASE WHEN field_set & 1024 <> 0 THEN c.state END, c.started_at,
         CASE WHEN field_set & 4 <> 0 THEN c.first_response_at END, CASE WHEN field_set & 8 <> 0 THEN c.resolved_at END,
         c.assignee_id, c.assignee_email, CASE WHEN field_set & 32 <> 0 THEN c.closed_by END, c.tags, c.message_count,
         CASE WHEN field_set & 256 <> 0 THEN c.reopen_count END, c.event_total, c.updated_at, coalesce(c.exported_at, d.exported_at),
         c.load_id, c.field_set, c.fingerprint, CASE jsonb_typeof(c.attributes) WHEN 'object' THEN c.attributes ELSE '{}' END, -1
  FROM ttr_data.conversation AS c
  JOIN concerned USING (conversation_id)
  LEFT JOIN dated AS d USING (load_id)
  WHERE c.field_set IS NOT NULL
  UNION ALL
  SELECT k.conversation_id, k.user_id, k.state, k.started_at, k.first_response_at, k.resolved_at, k.assignee_id, k.assignee_email,
         k.closed_by, k.tags, k.message_count, k.reopen_count, k.event_total, k.updated_at, coalesce(k.exported_at, d.exported_at),
         k.load_id, k.field_set, k.fingerprint,
         CASE jsonb_typeof(coalesce(k.attributes, c.attributes)) WHEN 'object' THEN coalesce(k.attributes, c.attributes) ELSE '{}' END, -1
  FROM ttr_data.statement AS k
  JOIN concerned USING (conversation_id)
  JOIN ttr_data.conversation AS c USING (conversation_id)
  LEFT JOIN dated AS d ON d.load_id = k.load_id
  WHERE c.field_set IS NULL
),
ranked AS (
  SELECT r.*, v.*,
         row_number() OVER (PARTITION BY conversation_id
                            ORDER BY v.version DESC, record DESC, load_id DESC, fingerprint DESC) AS place
  FROM record AS r
  CROSS JOIN LATERAL (
    SELECT coalesce(updated_at, exported_at, '-infinity') AS version,
           field_set | CASE WHEN event_total IS NULL THEN 0 ELSE 2048 END AS fields
  ) AS v
)
SELECT r.*,
       place > 1
       AND fields & ~bit_or(fields) OVER newer = 0
       AND ttr_data.joined(attributes) OVER newer ?& ARRAY(SELECT jsonb_object_keys(attributes))
       AND NOT (bit_or(fields) OVER (PARTITION BY conversation_id) & 2 = 0
                AND first_value(place) OVER (PARTITION BY conversation_id ORDER BY started_at, place) = place) AS is_superseded
FROM ranked AS r
WINDOW newer AS (PARTITION BY conversation_id ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)

-- name: fold_statements
-- The statements of each conversation, folded into one record from the newest on. Guessed starts count only where no statement has the
-- start itself. closed_at is the close in the statement that names the closer.
CREATE TEMPORARY TABLE folded ON COMMIT DROP AS
WITH kept AS (
  SELECT s AS statement, s.*, row_number() OVER (PARTITION BY conversation_id ORDER BY place) AS nth
  FROM candidate AS s
  WHERE NOT is_superseded
),
newest AS (
  SELECT conversation_id,
         count(*) AS statement_count,
         array_agg(statement ORDER BY nth) AS by,
         min(nth) FILTER (WHERE fields & 1 <> 0) AS user_id,
         min(nth) FILTER (WHERE fields & 2 <> 0) AS started_at,
         min(nth) FILTER (WHERE fields & 4 <> 0) AS first_response_at,
         min(nth) FILTER (WHERE fields & 8 <> 0) AS resolved_at,
         min(nth) FILTER (WHERE fields & 16 <> 0) AS assignee,
         min(nth) FILTER (WHERE fields & 32 <> 0) AS closed_by,
         min(nth) FILTER (WHERE fields & 64 <> 0) AS tags,
         min(nth) FILTER (WHERE fields & 128 <> 0) AS message_count,
         min(nth) FILTER (WHERE fields & 256 <> 0) AS reopen_count,
         min(nth) FILTER (WHERE fields & 1024 <> 0) AS state,
         min(nth) FILTER (WHERE fields & 2048 <> 0) AS event_total,
         min(kept.started_at) AS earliest_guess,
         ttr_data.joined(attributes ORDER BY nth DESC) AS attributes
  FROM kept
  GROUP BY conversation_id
)
SELECT conversation_id,
       statement_count,
       by[user_id].user_id,
       by[state].state,
       by[state].version AS state_version,
       CASE WHEN started_at IS NULL THEN earliest_guess ELSE by[started_at].started_at END AS started_at,
       started_at IS NOT NULL AS start_is_certain,
       by[first_response_at].first_response_at,
       by[resolved_at].resolved_at,
       by[assignee].assignee_id,
       by[assignee].assignee_email,
       by[closed_by].closed_by,
       CASE WHEN by[closed_by].fields & 8 <> 0 THEN by[closed_by].resolved_at END AS closed_at,
       coalesce(by[tags].tags, '{}') AS tags,
       by[message_count].message_count,
       by[reopen_count].reopen_count,
       by[event_total].event_total,
       attributes,
       by[1].updated_at,
       by[1].exported_at,
       by[1].field_set,
       by[1].fingerprint
FROM newest

-- name: derive_fields
-- recorded: the statements of each conversation, folded into one record. For a conversation that is new and staged once, it is the staged
-- record.
--
-- derived: the fields of a conversation, from that and from its timeline, if it has one:
--
--   state               as recorded, unless an event is newer than the newest statement with a state: then that of the timeline
--   started_at          as recorded, else the earliest guess. It is unknown where no record has any start, and where an event precedes
--                       the guess, or a close is not later
--   open_intervals      open from the start until the first event; the state at the start is that of the last event before it, if there
--                       is one. NULL where the start is unknown, or the timeline is not whole from there on
--   snoozed_intervals   snoozed, in the same way
--   waiting_intervals   waiting for the team: from the start, which is a message of the customer, and from each later one, to the next
--                       reply or close. A guess of the start is none where the team wrote first, as in a campaign that nobody answered.
--                       NULL as before, and where messages are not known
--   answered_waits      those of them that a reply ended, and no close
--   resolved_at,        the last close of the timeline that still holds, and its author, where the timeline is whole and ends in the same
--   closed_by,          state; else as recorded, but the closer only together with the close in the same record
--   reopen_count        openings after a close that is not before the start
--   first_response_at   the first reply in the timeline, where the timeline is whole; where no record counts the events, the earlier of
--                       that reply and the recorded one
--
-- The timeline is whole where as many parts are known as the newest record counts, no gap is after the start, and no record as new as its
-- events has a close later than all of them, which would show that events are missing. No events are a timeline, too, where a record
-- counts none.
--
-- The row is the record where it differs in no field that the record has: then field_set has the fields. Else field_set is NULL, and the
-- statements are stored.
CREATE TEMPORARY VIEW recorded AS
SELECT *, false AS is_new FROM folded
UNION ALL
SELECT s.conversation_id, 1, s.user_id, s.state, CASE WHEN s.field_set & 1024 <> 0 THEN coalesce(s.updated_at, f.exported_at) END,
       s.started_at, s.field_set & 2 <> 0, s.first_response_at, s.resolved_at, s.assignee_id, s.assignee_email, s.closed_by, s.resolved_at,
       s.tags, s.message_count, s.reopen_count, s.event_total, coalesce(s.attributes, '{}'), s.updated_at, f.exported_at, s.field_set,
       s.fingerprint, true
FROM stage AS s
JOIN file AS f USING (file)
WHERE NOT EXISTS (SELECT FROM ttr_data.conversation AS c WHERE c.conversation_id = s.conversation_id);

CREATE TEMPORARY VIEW derived AS
SELECT r.is_new, r.conversation_id, r.user_id, f.state, f.started_at, f.first_response_at, f.resolved_at, r.assignee_id, r.assignee_email,
       f.closed_by, r.tags, r.message_count, f.reopen_count, r.event_total, r.attributes, f.open_intervals,
       f.snoozed_intervals, f.waiting_intervals,
       CASE WHEN f.waiting_intervals IS NOT NULL
            THEN (SELECT coalesce(range_agg(w), '{}') FROM unnest(f.waiting_intervals) AS w WHERE upper(w) = ANY (t.replies))
       END AS answered_waits,
       r.updated_at, r.exported_at AS newest_export, r.fingerprint,
       CASE WHEN r.statement_count = 1
                 AND f.started_at IS NOT DISTINCT FROM r.started_at
                 AND (r.field_set & 4 = 0 OR f.first_response_at IS NOT DISTINCT FROM r.first_response_at)
                 AND (r.field_set & 8 = 0 OR f.resolved_at IS NOT DISTINCT FROM r.resolved_at)
                 AND (r.field_set & 32 = 0 OR f.closed_by IS NOT DISTINCT FROM r.closed_by)
                 AND (r.field_set & 256 = 0 OR f.reopen_count IS NOT DISTINCT FROM r.reopen_count)
                 AND (r.field_set & 1024 = 0 OR f.state = r.state)
            THEN r.field_set
       END AS field_set,
       r.statement_count,
       t.conversation_id IS NOT NULL OR r.event_total IS NOT NULL AS has_timeline
FROM recorded AS r
LEFT JOIN timeline AS t USING (conversation_id)
CROSS JOIN LATERAL (
  SELECT t.state IS NOT NULL AND (r.state_version >= t.state_version) IS NOT TRUE AS is_newer,
         CASE WHEN r.start_is_certain OR (t.earliest_at < r.started_at OR t.first_close_at <= r.started_at) IS NOT TRUE THEN r.started_at
         END AS started_at,
         NOT r.start_is_certain
         AND (coalesce(r.attributes #>> '{source,delivered_as}', r.attributes ->> 'source_delivered_as') <> 'customer_initiated') IS TRUE
           AS is_outbound
  OFFSET 0
) AS v
CROSS JOIN LATERAL (
  SELECT CASE WHEN v.is_newer THEN t.state ELSE coalesce(r.state, 'open') END AS state,
         coalesce(t.state, 'open') AS timeline_state,
         (t.part_count >= r.event_total OR (r.event_total IS NULL AND t.event_count > 0) OR (t.event_count IS NULL AND r.event_total = 0))
         AND (t.gaps IS NULL OR NOT EXISTS (SELECT FROM unnest(t.gaps) AS gap WHERE (gap <= v.started_at) IS NOT TRUE))
         AND (NOT v.is_newer AND r.state = 'closed' AND r.resolved_at > t.latest_at + interval '1 second') IS NOT TRUE AS is_whole
  OFFSET 0
) AS b
CROSS JOIN LATERAL (
  SELECT b.state,
         v.started_at,
         CASE WHEN b.is_whole AND t.replies IS NOT NULL
              THEN (SELECT CASE WHEN r.event_total IS NULL THEN least(min(reply), r.first_response_at)
                                ELSE coalesce(min(reply), r.first_response_at)
                           END
                    FROM unnest(t.replies) AS reply
                    WHERE (reply < v.started_at) IS NOT TRUE)
              ELSE r.first_response_at
         END AS first_response_at,
         CASE WHEN b.timeline_state = b.state AND (b.is_whole OR v.is_newer) THEN t.resolved_at
              ELSE r.resolved_at
         END AS resolved_at,
         CASE WHEN b.timeline_state = b.state AND (b.is_whole OR v.is_newer) THEN t.closed_by
              WHEN r.closed_at IS NULL OR r.closed_at = r.resolved_at THEN r.closed_by
         END AS closed_by,
         CASE WHEN b.timeline_state <> b.state OR b.is_whole IS NOT TRUE THEN r.reopen_count
              WHEN t.undone_closes IS NULL THEN 0
              ELSE (SELECT count(*) FROM unnest(t.undone_closes) AS closed_at WHERE (closed_at < v.started_at) IS NOT TRUE)::integer
         END AS reopen_count,
         CASE WHEN b.is_whole AND v.started_at IS NOT NULL
                   -- One of these is open, or else the intervals alone would not show that the timeline ends in another state.
                   AND (b.timeline_state = b.state OR 'open' IN (b.timeline_state, b.state))
              -- Usually no event is before the start, and there is nothing to cut off.
              THEN CASE WHEN v.started_at > t.first_state_at
                        THEN coalesce(t.open_intervals, '{}') * tstzmultirange(tstzrange(v.started_at, NULL))
                        ELSE tstzmultirange(tstzrange(v.started_at, t.first_state_at)) + coalesce(t.open_intervals, '{}')
                   END
         END AS open_intervals,
         CASE WHEN b.is_whole AND v.started_at IS NOT NULL
                   AND (b.timeline_state = b.state OR 'open' IN (b.timeline_state, b.state))
              THEN CASE WHEN v.started_at > t.first_state_at
                        THEN coalesce(t.snoozed_intervals, '{}') * tstzmultirange(tstzrange(v.started_at, NULL))
                        ELSE coalesce(t.snoozed_intervals, '{}')
                   END
         END AS snoozed_intervals,
         CASE WHEN b.is_whole AND v.started_at IS NOT NULL
                   AND (b.timeline_state = b.state OR 'open' IN (b.timeline_state, b.state))
                   AND (r.event_total IS NOT NULL OR t.has_messages)
                   AND t.has_unnamed IS NOT TRUE
              THEN CASE WHEN v.is_outbound THEN '{}'
                        ELSE tstzmultirange(tstzrange(v.started_at,
                                                      CASE WHEN t.first_wait_end >= v.started_at THEN t.first_wait_end
                                                           ELSE (SELECT min(e) FROM unnest(t.wait_ends) AS e WHERE e >= v.started_at)
                                                      END))
                   END
                   + CASE WHEN t.earliest_at >= v.started_at THEN coalesce(t.waiting_intervals, '{}')
                          ELSE coalesce(t.waiting_intervals, '{}') * tstzmultirange(tstzrange(v.started_at, NULL))
                     END
         END AS waiting_intervals
  OFFSET 0 -- each is computed once, wherever it is read
) AS f

-- name: compare
-- The new row of each conversation that is known, or staged more than once, and its outcome:
--
--   inserted    no row is known
--   straight    this run wrote the row before
--   updated     the content differs
--   older       the content is the same, and the newest staged record is older than the known row
--   unchanged   anything else
CREATE TEMPORARY TABLE compared ON COMMIT DROP AS
SELECT n.*,
       w.outcome,
       w.load_id,
       CASE WHEN n.field_set IS NOT NULL AND num_nonnulls(n.started_at, n.resolved_at) > 0 AND n.newest_export = d.exported_at THEN NULL
            ELSE n.newest_export
       END AS exported_at
FROM (
  SELECT d.conversation_id, d.user_id, d.state, d.started_at, d.first_response_at, d.resolved_at, d.assignee_id, d.assignee_email,
         d.closed_by, d.tags, d.message_count, d.reopen_count, d.event_total, d.updated_at, d.fingerprint, d.attributes,
         CASE WHEN d.has_timeline THEN d.open_intervals ELSE c.open_intervals END AS open_intervals,
         CASE WHEN d.has_timeline THEN d.snoozed_intervals ELSE c.snoozed_intervals END AS snoozed_intervals,
         CASE WHEN d.has_timeline THEN d.waiting_intervals ELSE c.waiting_intervals END AS waiting_intervals,
         CASE WHEN d.has_timeline THEN d.answered_waits ELSE c.answered_waits END AS answered_waits,
         d.field_set, d.newest_export, d.statement_count
  FROM derived AS d
  LEFT JOIN ttr_data.conversation AS c USING (conversation_id)
  WHERE NOT d.is_new
) AS n
JOIN (
  SELECT conversation_id, max(version) FILTER (WHERE record >= 0) AS staged, max(version) FILTER (WHERE record < 0) AS known
  FROM candidate
  GROUP BY conversation_id
) AS version USING (conversation_id)
LEFT JOIN ttr_data.conversation AS c USING (conversation_id)
CROSS JOIN run
CROSS JOIN LATERAL (
  SELECT CASE WHEN c.conversation_id IS NULL THEN 'inserted'
              WHEN run.has_straight AND c.load_id = run.load_id THEN 'straight'
              WHEN (c.user_id, c.state, c.started_at, c.first_response_at, c.resolved_at, c.assignee_id, c.assignee_email, c.closed_by,
                    c.tags, c.message_count, c.reopen_count, c.attributes, c.event_total, c.open_intervals, c.snoozed_intervals,
                    c.waiting_intervals, c.answered_waits)
                   IS DISTINCT FROM
                   (n.user_id, n.state, n.started_at, n.first_response_at, n.resolved_at, n.assignee_id, n.assignee_email, n.closed_by,
                    n.tags, n.message_count, n.reopen_count, n.attributes, n.event_total, n.open_intervals, n.snoozed_intervals,
                    n.waiting_intervals, n.answered_waits)
                   THEN 'updated'
              WHEN version.staged < version.known THEN 'older'
              ELSE 'unchanged'
         END AS outcome
  OFFSET 0
) AS o
CROSS JOIN LATERAL (
  SELECT o.outcome, CASE WHEN o.outcome IN ('inserted', 'updated') THEN run.load_id ELSE c.load_id END AS load_id
) AS w
LEFT JOIN dated AS d ON d.load_id = w.load_id

-- name: write_compared
-- Update known conversations. Where only the version differs, load_id stays that of the load that wrote the content.
UPDATE ttr_data.conversation AS c
SET user_id = n.user_id, state = n.state, started_at = n.started_at, first_response_at = n.first_response_at, resolved_at = n.resolved_at,
    assignee_id = n.assignee_id, assignee_email = n.assignee_email, closed_by = n.closed_by, tags = n.tags,
    message_count = n.message_count, reopen_count = n.reopen_count, attributes = n.attributes, event_total = n.event_total,
    open_intervals = n.open_intervals, snoozed_intervals = n.snoozed_intervals, waiting_intervals = n.waiting_intervals,
    answered_waits = n.answered_waits, updated_at = n.updated_at, exported_at = n.exported_at, field_set = n.field_set,
    fingerprint = n.fingerprint, load_id = n.load_id
FROM compared AS n
WHERE c.conversation_id = n.conversation_id
  AND (n.outcome IN ('updated', 'straight')
       OR (c.updated_at, c.exported_at, c.field_set, c.fingerprint)
          IS DISTINCT FROM (n.updated_at, n.exported_at, n.field_set, n.fingerprint));

INSERT INTO ttr_data.conversation
  (conversation_id, user_id, state, started_at, first_response_at, resolved_at, assignee_id, assignee_email, closed_by, tags,
   message_count, reopen_count, attributes, event_total, open_intervals, snoozed_intervals, waiting_intervals, answered_waits,
   updated_at, exported_at, field_set, fingerprint, load_id)
SELECT conversation_id, user_id, state, started_at, first_response_at, resolved_at, assignee_id, assignee_email, closed_by, tags,
       message_count, reopen_count, attributes, event_total, open_intervals, snoozed_intervals, waiting_intervals, answered_waits,
       updated_at, exported_at, field_set, fingerprint, load_id
FROM compared
WHERE outcome = 'inserted';

-- Rewrite the statements of a conversation where one is new or superseded, or where its statements begin or cease to be stored.
CREATE TEMPORARY TABLE rewritten ON COMMIT DROP AS
SELECT conversation_id
FROM candidate
WHERE CASE WHEN record >= 0 THEN NOT is_superseded ELSE is_superseded END
UNION
SELECT conversation_id
FROM compared AS n
WHERE (field_set IS NULL) <> EXISTS (SELECT FROM ttr_data.statement AS s WHERE s.conversation_id = n.conversation_id);

DELETE FROM ttr_data.statement
WHERE conversation_id IN (SELECT conversation_id FROM rewritten);

INSERT INTO ttr_data.statement
  (conversation_id, user_id, state, started_at, first_response_at, resolved_at, assignee_id, assignee_email, closed_by, tags,
   message_count, reopen_count, event_total, updated_at, exported_at, load_id, field_set, fingerprint, attributes)
SELECT s.conversation_id, s.user_id, s.state, s.started_at, s.first_response_at, s.resolved_at, s.assignee_id, s.assignee_email,
       s.closed_by, s.tags, s.message_count, s.reopen_count, s.event_total, s.updated_at,
       CASE WHEN s.exported_at IS DISTINCT FROM d.exported_at THEN s.exported_at END,
       s.load_id, s.field_set, s.fingerprint, CASE WHEN n.statement_count > 1 THEN s.attributes END
FROM candidate AS s
JOIN rewritten USING (conversation_id)
JOIN compared AS n USING (conversation_id)
LEFT JOIN dated AS d ON d.load_id = s.load_id
WHERE n.field_set IS NULL
  AND NOT s.is_superseded

-- name: insert_new
-- Insert the conversations that are new and staged once. Returns how many there are.
WITH inserted AS (
  INSERT INTO ttr_data.conversation
    (conversation_id, user_id, state, started_at, first_response_at, resolved_at, assignee_id, assignee_email, closed_by, tags,
     message_count, reopen_count, attributes, event_total, open_intervals, snoozed_intervals, waiting_intervals, answered_waits,
     updated_at, exported_at, field_set, fingerprint, load_id)
  SELECT n.conversation_id, n.user_id, n.state, n.started_at, n.first_response_at, n.resolved_at, n.assignee_id, n.assignee_email,
         n.closed_by, n.tags, n.message_count, n.reopen_count, n.attributes, n.event_total, n.open_intervals, n.snoozed_intervals,
         n.waiting_intervals, n.answered_waits, n.updated_at,
         CASE WHEN n.field_set IS NULL OR num_nonnulls(n.started_at, n.resolved_at) = 0 OR n.newest_export <> d.exported_at
              THEN n.newest_export END,
         n.field_set, n.fingerprint, run.load_id
  FROM derived AS n
  CROSS JOIN run
  LEFT JOIN dated AS d USING (load_id)
  WHERE n.is_new
  RETURNING conversation_id, field_set
),
stored AS (
  INSERT INTO ttr_data.statement
    (conversation_id, user_id, state, started_at, first_response_at, resolved_at, assignee_id, assignee_email, closed_by, tags,
     message_count, reopen_count, event_total, updated_at, exported_at, load_id, field_set, fingerprint, attributes)
  SELECT s.conversation_id, s.user_id, s.state, s.started_at, s.first_response_at, s.resolved_at, s.assignee_id, s.assignee_email,
         s.closed_by, s.tags, s.message_count, s.reopen_count, s.event_total, s.updated_at,
         CASE WHEN f.exported_at <> d.exported_at THEN f.exported_at END,
         run.load_id, s.field_set, s.fingerprint, NULL
  FROM inserted AS n
  JOIN stage AS s USING (conversation_id)
  JOIN file AS f USING (file)
  CROSS JOIN run
  LEFT JOIN dated AS d USING (load_id)
  WHERE n.field_set IS NULL
)
SELECT count(*) FROM inserted

-- name: count_outcomes
SELECT count(*) FILTER (WHERE outcome = 'inserted'), count(*) FILTER (WHERE outcome = 'updated'), count(*) FILTER (WHERE outcome = 'older')
FROM compared

-- name: find_alike
-- Conversations that the run repeats and whose version is the date of the export, counted by load, date and file. An export mostly repeats
-- all rows of a load. Sorting is off because the planner takes a range for a few rows.
CREATE TEMPORARY VIEW alike AS
SELECT c.conversation_id, c.load_id, c.exported_at AS dated_at, s.file
FROM stage AS s
JOIN ttr_data.conversation AS c USING (conversation_id, fingerprint)
WHERE c.updated_at IS NULL
  AND NOT EXISTS (SELECT FROM repeated WHERE repeated.conversation_id = s.conversation_id)
UNION ALL
SELECT c.conversation_id, c.load_id, c.exported_at, r.file
FROM named_range AS r
JOIN ttr_data.conversation AS c ON c.conversation_id BETWEEN r.first_id AND r.last_id
WHERE c.updated_at IS NULL
  AND NOT EXISTS (SELECT FROM stage WHERE stage.conversation_id = c.conversation_id);

SET LOCAL enable_sort = off;
CREATE TEMPORARY TABLE redating ON COMMIT DROP AS
SELECT g.*, v.version, f.exported_at
FROM (SELECT load_id, dated_at, file, count(*) AS conversations FROM alike GROUP BY load_id, dated_at, file) AS g
JOIN file AS f USING (file)
LEFT JOIN dated AS d USING (load_id)
CROSS JOIN LATERAL (SELECT coalesce(g.dated_at, d.exported_at) AS version) AS v
WHERE f.exported_at <> v.version;
SET LOCAL enable_sort = on

-- name: count_redated
SELECT coalesce(sum(conversations) FILTER (WHERE exported_at > version), 0),
       coalesce(sum(conversations) FILTER (WHERE exported_at < version), 0)
FROM redating

-- name: confirm
-- Where a newer export repeats more than half of the rows of a load, the ledger gets the new date, and the other rows of the load get the
-- old date as their own. Else each repeated row gets the new date.
CREATE TEMPORARY TABLE confirmed ON COMMIT DROP AS
SELECT r.*, r.conversations < s.conversations AS is_partial
FROM redating AS r
JOIN (
  SELECT load_id, count(*) AS conversations
  FROM ttr_data.conversation
  WHERE exported_at IS NULL
    AND (SELECT sum(conversations) FROM redating) >= 10000  -- for fewer the facts are not read
  GROUP BY load_id
) AS s USING (load_id)
WHERE r.dated_at IS NULL
  AND r.exported_at > r.version
  AND r.conversations * 2 > s.conversations
  AND NOT EXISTS (SELECT FROM ttr_data.statement AS s WHERE s.load_id = r.load_id AND s.exported_at IS NULL);

CREATE TEMPORARY TABLE redated ON COMMIT DROP AS
WITH unconfirmed AS MATERIALIZED (
  SELECT *
  FROM redating AS r
  WHERE r.exported_at > r.version
    AND NOT EXISTS (SELECT FROM confirmed AS c WHERE (c.load_id, c.file) = (r.load_id, r.file) AND r.dated_at IS NULL)
)
SELECT a.conversation_id, r.exported_at
FROM unconfirmed AS r
JOIN alike AS a ON (a.load_id, a.file) = (r.load_id, r.file) AND a.dated_at IS NOT DISTINCT FROM r.dated_at
WHERE EXISTS (SELECT FROM unconfirmed);  -- else the facts are not read

UPDATE ttr_data.statement AS s
SET exported_at = r.exported_at
FROM redated AS r JOIN ttr_data.conversation AS c USING (conversation_id)
WHERE (s.conversation_id, s.fingerprint) = (c.conversation_id, c.fingerprint)
  AND c.field_set IS NULL;

UPDATE ttr_data.conversation AS c
SET exported_at = r.exported_at
FROM redated AS r
WHERE r.conversation_id = c.conversation_id;

UPDATE ttr_data.conversation AS c
SET exported_at = l.version
FROM confirmed AS l
WHERE EXISTS (SELECT FROM confirmed WHERE is_partial)
  AND c.load_id = l.load_id
  AND c.exported_at IS NULL
  AND NOT EXISTS (SELECT FROM alike AS a WHERE a.conversation_id = c.conversation_id AND a.file = l.file);

UPDATE ttr_data.load AS l
SET confirmed_at = n.exported_at
FROM confirmed AS n
WHERE n.load_id = l.load_id

-- name: count_named
-- $1 number of conversations that were not staged, $2 whether some of these may be staged as well. Returns the number of conversations that
-- the run names, each once, and whether there are no others.
WITH named AS (
  SELECT (SELECT count(*) FROM stage)
         - (SELECT count(*) FROM stage JOIN repeated USING (conversation_id)) + (SELECT count(*) FROM repeated)
         + CASE WHEN $2::boolean
                THEN (SELECT count(*)
                      FROM named_range AS r
                      JOIN ttr_data.conversation AS c ON c.conversation_id BETWEEN r.first_id AND r.last_id
                      WHERE NOT EXISTS (SELECT FROM stage WHERE stage.conversation_id = c.conversation_id))
                ELSE $1::bigint
           END AS conversations
)
SELECT conversations,
       conversations = (SELECT count(*) FROM (SELECT FROM ttr_data.conversation LIMIT (SELECT conversations + 1 FROM named)) AS c)
FROM named

-- name: mark_deleted
-- Conversations with a known deletion leave the figures, whichever of the two was loaded first.
UPDATE ttr_data.conversation AS c
SET deleted_at = d.deleted_at
FROM ttr_data.deletion AS d
CROSS JOIN run
WHERE EXISTS (SELECT FROM ttr_data.deletion)
  AND d.conversation_id = c.conversation_id
  AND c.deleted_at IS NULL
  AND (d.load_id = run.load_id OR d.conversation_id IN (SELECT conversation_id FROM stage))

-- name: count_left_out
-- How many conversations that the run named are in no time to resolution: those that lack the start, closed ones that lack the close,
-- and those that were closed before they started.
SELECT count(*) FILTER (WHERE c.started_at IS NULL),
       count(*) FILTER (WHERE c.started_at IS NOT NULL AND c.resolved_at IS NULL),
       count(*) FILTER (WHERE c.resolved_at < c.started_at)
FROM named
JOIN ttr_data.conversation AS c USING (conversation_id)
WHERE c.deleted_at IS NULL
  AND (c.started_at IS NULL OR (c.state = 'closed' AND (c.resolved_at >= c.started_at) IS NOT TRUE))
