-- $1 number of records. A few for a large database are looked up one by one, through all the joins of the views. The tables'
-- own statistics say how large it is: one that was empty when it was analyzed counts as small, and its joins stay as in
-- session.sql.
SELECT set_config('enable_nestloop', 'on', true), set_config('join_collapse_limit', '20', true)
WHERE $1::bigint * 100 < (SELECT reltuples FROM pg_class WHERE oid = 'ttr_data.conversation'::regclass)
