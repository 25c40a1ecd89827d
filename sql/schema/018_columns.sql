-- What columns mean. A column means the same wherever it stands, and here it is said, once. Where it means something else, it has a
-- comment of its own beside its relation, which stays.
DO $$
BEGIN
  EXECUTE (
    SELECT coalesce(string_agg(format('COMMENT ON COLUMN %s.%I IS %L', a.attrelid::regclass, a.attname, meaning), ';'), '')
    FROM (VALUES
      -- conversations
      ('conversation_id teammate_id tag_id', 'Identifier in the exporting system.'),
      ('user_id', 'The customer''s identifier.'),
      ('state', 'open, snoozed or closed.'),
      ('started_at', 'When the customer first wrote; NULL where no export says so, and then the conversation is in no time to resolution.'),
      ('first_response_at', 'When a teammate first answered.'),
      ('resolved_at', 'The close that still holds; NULL while there is none.'),
      ('resolved_on', 'Day of resolution in the reporting time zone; NULL unless counted as closed.'),
      ('assignee', 'The assignee''s e-mail address in lower case, else the name, else the identifier; NULL for nobody.'),
      ('assignee_id', 'The assignee''s identifier.'),
      ('assignee_email', 'The assignee''s e-mail address as exported.'),
      ('closed_by', 'Who closed it: admin, bot or user.'),
      ('tag', 'The tag.'),
      ('tags', 'The tags, separated by semicolons.'),
      ('message_count', 'Number of messages; NULL where the export does not say.'),
      ('reopen_count', 'How often it was reopened; NULL where the export does not say.'),
      ('event_total', 'How many events there are according to the newest record that says so; NULL where it does not say. With more than '
                      'are known the timeline is truncated.'),
      ('updated_at', 'When it last changed, according to the export: its version where known.'),
      ('field_set', 'Which fields the record speaks of: the sum of user_id 1, started_at 2, first_response_at 4, resolved_at 8, assignee '
                    '16, closed_by 32, tags 64, message_count 128, reopen_count 256, attributes 512, state 1024. NULL where the records '
                    'stand in ttr_data.statement.'),
      ('fingerprint', 'A hash of all that its newest record says, by which an export that repeats the record is recognized; NULL for '
                      'none.'),
      ('attributes', 'Every other column of the export; null for one that was empty, and for text that is not kept.'),
      ('open_intervals', 'When it was open from its start on, neither snoozed nor closed; NULL where no timeline is known from there on.'),
      ('deleted_at', 'When the vendor deleted it, as far as is known: it is in no figure. NULL for one that was not deleted.'),
      -- what is counted of one
      ('is_closed', 'Whether it counts as closed: state is closed, its start and its resolution are known, and it was not resolved before '
                    'it started.'),
      ('resolution_seconds', 'Time to resolution in seconds: time open where the timeline is known, else time elapsed.'),
      ('resolution_hours', 'Time to resolution in hours.'),
      ('basis', 'What the time to resolution was counted from: timeline (open intervals) or span (start to close).'),
      ('elapsed_seconds', 'Seconds from start to resolution by the wall clock.'),
      ('open_seconds', 'Seconds open until resolution, without snoozed and closed time; NULL where no timeline is known.'),
      ('business_seconds', 'Seconds of the time to resolution that lie within business hours; NULL without a calendar, and outside of the '
                           'days that it covers.'),
      ('sla_policy', 'SLA policy that applies to the resolution; NULL for the target of the settings.'),
      ('sla_seconds', 'What counts towards the target so far, in seconds by the clock of the policy: without snoozed time where the '
                      'timeline is known.'),
      ('due_at', 'When what counts reaches the target, or would if nothing changed; NULL where it was closed or snoozed before.'),
      ('is_breach', 'Whether it took more than its target; NULL unless counted as closed.'),
      ('first_response_seconds', 'Seconds from start to the first response.'),
      ('first_response_policy', 'SLA policy that applies to the first response; NULL for none.'),
      ('age_seconds', 'Age in seconds of one that is open or snoozed, at the time of the newest export.'),
      ('business_age_seconds', 'Seconds of that age that lie within business hours, by the calendar of the settings; NULL without one.'),
      ('left_seconds', 'Seconds left by the clock of the policy; negative once the target is missed.'),
      ('is_past_target', 'Whether the target is missed already.'),
      ('ended_at', 'When it was resolved, or answered; NULL while it goes on.'),
      ('is_running', 'Whether it goes on, and gets later.'),
      ('seconds', 'What it took, in seconds by the clock of the policy; so far, at the time of the newest export, of one that goes on.'),
      ('late_seconds', 'How much more that is, in seconds.'),
      ('age_hours business_age_hours left_hours late_hours difference_hours', 'The same in hours.'),
      -- beside Intercom
      ('intercom_close_seconds', 'Intercom''s time to close by the wall clock; of its API, whose durations leave out-of-office hours out, '
                                 'from the first customer''s message to the last close.'),
      ('intercom_business_close_seconds', 'Intercom''s time to close within its office hours.'),
      ('intercom_first_close_seconds', 'Intercom''s time to the first close by the wall clock.'),
      ('intercom_business_first_close_seconds', 'Intercom''s time to the first close within its office hours.'),
      ('intercom_handling_seconds', 'Intercom''s handling time: open and assigned to a teammate.'),
      ('compared_figure', 'Which of these is compared: time to close, time to close in office hours, the same to the first close, or '
                          'handling time; NULL where the export carried none.'),
      ('intercom_seconds', 'That figure in seconds.'),
      ('difference_seconds', 'Our time to resolution less that figure, in seconds.'),
      ('matching_clock', 'The first of our clocks that comes to the same number, within one second; NULL if none does.'),
      ('reason', 'The likely reason of the difference: equal (there is none), snoozed, reopened, office hours, truncated, unknown start, '
                 'unknown resolution or unknown; NULL where there is nothing to compare.'),
      -- events, teammates and tags
      ('event_id', 'Identifier of the event within the conversation.'),
      ('at', 'When it happened.'),
      ('type', 'What happened, as exported.'),
      ('state_before', 'State of the conversation before it, as exported; NULL where the export does not tell. One that no event led to '
                       'shows that events are missing.'),
      ('author', 'Who did it: admin, bot or user; NULL where that is not known.'),
      ('is_reply', 'Whether it is a teammate''s reply that the customer could see; NULL where that is not known.'),
      ('is_part', 'Whether it is one of the parts that the vendor counts. A log or a dataset may have the same event under another '
                  'identifier.'),
      ('team_id', 'Identifier of the team that it assigned the conversation to; NULL for none.'),
      ('version', 'Version of the newest record that has it.'),
      ('email', 'E-mail address.'),
      ('name', 'Its name, as people read it.'),
      ('email_version', 'Version of the newest record that has the address; NULL where none does.'),
      ('name_version', 'Version of the newest record or list that has the name; NULL where none does.'),
      -- loads
      ('load_id', 'Number of the load that wrote it; a load that was rolled back leaves a gap.'),
      ('finished_at', 'End of the merge, just before the commit.'),
      ('loaded_by', 'The database role that loaded.'),
      ('loader_version', 'Version of ttr-load.'),
      ('exported_at', 'When the export was taken: as given, else the newest time in it. NULL for a load of no records.'),
      ('confirmed_at', 'When the newest export was taken that repeats all that stands of this load; NULL for none. It dates those rows in '
                       'place of exported_at.'),
      ('files', 'The files in order: name, format, bytes, read, rejected.'),
      ('bytes', 'Bytes read, all files together.'),
      ('read', 'Records read: the sum of the seven counts that follow.'),
      ('inserted', 'Conversations that were new.'),
      ('updated', 'Conversations whose facts changed.'),
      ('unchanged', 'Conversations that stood there already, just so.'),
      ('older', 'Records older than what was known, and left out.'),
      ('duplicate', 'Records of a conversation that a newer or later record of the same load replaced.'),
      ('rejected', 'Records that could not be read; they are kept in ttr_data.reject.'),
      ('ignored', 'Records that are no conversations and need not be: notifications that test a connection, deletions, an ETL tool''s '
                  'notes to itself.'),
      ('deleted', 'Conversations that left the figures because the vendor deleted them.'),
      ('events', 'Events of timelines that were inserted or changed.'),
      ('naive_timestamps', 'Times that carried no offset and were read in the zone given by --timezone.'),
      ('placeholders', 'Values that stand for nothing, such as nan or N/A, and were read as empty.'),
      ('summary', 'The summary as ttr-load printed it; NULL until the figures are refreshed, and for good where ttr-load ended before '
                  'that.'),
      ('file', 'Name of the file as given; - for standard input.'),
      ('line', 'Line on which the record starts, counted from 1.'),
      ('byte_offset', 'Byte at which the record starts, counted from 0.'),
      ('column_name', 'Column at fault; NULL where the record as a whole is.'),
      ('detail', 'What is wrong, in words.'),
      ('raw', 'The record as it was read, its first 8,192 bytes.'),
      ('problem', 'The problem, as a stable code.'),
      -- settings, calendars and policies
      ('only_row', 'Always true: keeps the table at one row.'),
      ('reporting_time_zone', 'IANA zone, such as Europe/Berlin, that decides in which hour, on which day and in which week something '
                              'happened.'),
      ('target_seconds', 'What is promised, in seconds; strictly more is a breach.'),
      ('target_hours', 'What is promised, in hours.'),
      ('time_zone', 'IANA zone of the clock on the team''s wall, such as Europe/Berlin.'),
      ('weekly', 'Openings of a week, such as: mon-fri 09:00-17:30; sat 10:00-14:00'),
      ('exceptions', 'Holidays and days of other hours, such as: 2025-12-25; 2025-12-24 09:00-12:00'),
      ('from_day', 'First day that is compiled; loads move it back when they bring older conversations.'),
      ('to_day', 'Day after the last one that is compiled; loads move it on.'),
      ('covered', 'The same days as a range of instants: outside of it working time is not known.'),
      ('working_time', 'The compiled openings, as ttr.business_calendar() gives them.'),
      ('metric', 'What the target is for: resolution or first_response.'),
      ('policy', 'SLA policy that applies; NULL for the target of the settings.'),
      ('calendar', 'Calendar whose working time counts; NULL for the clock on the wall.'),
      ('conditions', 'Number of conditions.'),
      ('digest', 'SHA-256 of the salt and the customer''s identifier.'),
      ('salt', 'A random number, the same in all rows of this database.'),
      ('forgotten_at', 'When the customer was forgotten.'),
      -- periods and keys
      ('day', 'The day, in the reporting time zone.'),
      ('week', 'Monday of the week, in the reporting time zone.'),
      ('month', 'First day of the month, in the reporting time zone.'),
      ('year', 'First day of the year.'),
      ('begins_at', 'When that begins: midnight in the reporting time zone.'),
      ('ends_at', 'When the 24 hours end: a full hour of UTC.'),
      ('weekday', 'Weekday of the start in the reporting time zone: 1 for Monday to 7 for Sunday.'),
      ('hour', 'Hour of the start in the reporting time zone, from 0 to 23; the one that a clock change repeats stands once.'),
      ('dimension', 'What the key is: all, assignee or tag.'),
      ('key', 'The assignee, '''' for nobody; the tag; of all ''''.'),
      ('grouping', '1 for all conversations, 2 for those of an assignee, 3 for those of a tag.'),
      -- measures
      ('total', 'Conversations in any state.'),
      ('total_open', 'Conversations in state open.'),
      ('total_snoozed', 'Conversations in state snoozed.'),
      ('running_since', 'When those that are open or snoozed started, in seconds since 1970: their ages at any time follow.'),
      ('total_closed', 'Conversations that count as closed: state is closed, and not resolved before the start. The population of the '
                       'figures.'),
      ('span', 'Seconds from start to resolution of those without a timeline: both their time to resolution and what elapsed.'),
      ('timeline', 'Times to resolution of those with a timeline, in seconds.'),
      ('timeline_span', 'Seconds from start to resolution of the same.'),
      ('business', 'Times to resolution in business seconds, where known.'),
      ('first_response', 'Seconds from start to first response, where known.'),
      ('sla_met', 'Closed conversations that took at most their target.'),
      ('sla_breaches', 'Closed conversations that took more than their target.'),
      ('messages', 'Messages of those whose number is known.'),
      ('messages_known', 'How many have a known number of messages.'),
      ('reopened', 'How many were reopened.'),
      ('reopened_known', 'Of how many it is known whether they were reopened.'),
      ('running total_running', 'Conversations that go on, or wait for an answer.'),
      ('past_from', 'From when on more than the target counts of those, in seconds since 1970; -Infinity of those that it does already.'),
      -- figures
      ('median_hours', 'Median time to resolution in hours.'),
      ('p95_hours', '95th percentile of time to resolution in hours.'),
      ('mean_hours', 'Mean time to resolution in hours.'),
      ('median_seconds', 'Median time to resolution in seconds.'),
      ('p95_seconds', '95th percentile of time to resolution in seconds.'),
      ('mean_seconds', 'Mean time to resolution in seconds.'),
      ('share_within_24h', 'Share of closed conversations resolved within 24 hours, from 0 to 1.'),
      ('sla_met_ratio', 'Share of closed conversations resolved within their target, from 0 to 1.'),
      ('avg_messages', 'Mean number of messages of a closed conversation, where known.'),
      ('reopened_ratio', 'Share of closed conversations that were reopened at least once, where known, from 0 to 1.'),
      ('timeline_ratio', 'Share of closed conversations whose time to resolution comes from their timeline, from 0 to 1; the rest is the '
                         'span from start to close.'),
      ('elapsed_median_hours', 'Median hours from start to resolution by the wall clock.'),
      ('elapsed_p95_hours', '95th percentile of hours from start to resolution by the wall clock.'),
      ('business_median_hours', 'Median business hours to resolution, by the calendar of the settings; NULL without one.'),
      ('business_p95_hours', '95th percentile of business hours to resolution.'),
      ('first_response_count', 'Closed conversations whose first response is known.'),
      ('first_response_median_hours', 'Median hours from start to first response.'),
      ('first_response_p95_hours', '95th percentile of hours from start to first response.'),
      ('open_median_age_hours', 'Median age in hours of the open and snoozed ones, at the time of the newest export.'),
      ('open_past_target', 'Open and snoozed conversations for which more than their target counts already.'),
      ('total_ended', 'Conversations that were resolved, or answered, in a time that is known. The population of the figures.'),
      ('running_past_target', 'Those of them for which more than the target counts already.'),
      ('total_started', 'Conversations that started in it, in any state. The population of the shares.'),
      ('share_within_1h', 'Share of them with a time to resolution of at most an hour, from 0 to 1.'),
      ('share_within_4h', 'Share of at most 4 hours.'),
      ('share_within_3d', 'Share of at most 3 days.'),
      ('share_within_7d', 'Share of at most 7 days.'),
      ('is_complete', 'Whether each of them had 7 days until the newest export; before that the shares may grow by themselves.'),
      ('step', 'Place in the order, from 1.'),
      ('time_to_resolution', 'The times to resolution that are counted, in words.'),
      ('above_hours', 'They are more than this many hours (the first ones from 0 on).'),
      ('up_to_hours', 'They are at most this many hours; NULL for no limit.'),
      ('share', 'Their share of all closed ones, from 0 to 1.'),
      ('cumulative_share', 'Share of all that took as long or less, from 0 to 1.'),
      -- how fresh it all is
      ('data_as_of', 'When the newest export was taken: what goes on is counted up to then.'),
      ('refreshed_at', 'When the figures last followed the facts; NULL before the first time.'),
      ('last_load_id', 'Number of the newest load.'),
      ('last_load_at', 'When it was merged.'),
      ('days_marked', 'Days that changed since then.'),
      ('is_fresh', 'Whether nothing changed since then.'),
      ('schema_version', 'Version of the schema.'),
      ('extension_version', 'Version of the extension.'),
      ('applied_at', 'When it was applied.'),
      ('keypath', 'What is told: view.property or view.column.property.'),
      ('value', 'The description, the display name or the semantic type.')
    ) AS dictionary (names, meaning)
    CROSS JOIN LATERAL string_to_table(names, ' ') AS name
    JOIN pg_attribute AS a ON a.attname = name::name AND a.attnum > 0
    JOIN pg_class AS c ON c.oid = a.attrelid
    WHERE c.relnamespace IN ('ttr'::regnamespace, 'ttr_data'::regnamespace)
      AND (c.relkind IN ('r', 'c') OR (c.relkind = 'v' AND c.relnamespace = 'ttr'::regnamespace))
      AND col_description(c.oid, a.attnum) IS NULL
  );
END
$$;
