-- A calendar of office hours, and five SLA policies in it.
INSERT INTO ttr_data.calendar (name, time_zone, weekly) VALUES ('office', 'Europe/Berlin', 'Mon-Fri 09:00-17:00');
UPDATE ttr_data.setting SET calendar = 'office';
INSERT INTO ttr_data.sla_policy (name, metric, tags, target_seconds, calendar)
SELECT 'policy ' || n, 'resolution', (ARRAY['payout-delay', 'refund', 'card-declined', 'kyc', 'login'])[n:n], n * 7200, 'office'
FROM generate_series(1, 5) AS n;
