-- What decides on joins, from a small sample: identifiers hardly repeat, files and shapes are few. The planner is told that the
-- tables beside the stage are small, so that each conversation is looked up in them, and conversations keep their order: in
-- that of the key, what is inserted takes half the time.
SET LOCAL default_statistics_target = 10;
ANALYZE stage (conversation_id, file, shape), run, file, shape;
