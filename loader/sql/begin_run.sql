-- $1 version of the loader, $2 when the export was taken or NULL
INSERT INTO run (load_id, started_at, loader_version, exported_at, round)
VALUES (nextval(pg_get_serial_sequence('ttr_data.load', 'load_id')), now(), $1, $2::timestamptz, 1)
RETURNING load_id, started_at
