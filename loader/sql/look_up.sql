-- What is left after the first round is little, and looked up record by record.
CREATE INDEX ON stage (round);
SET LOCAL enable_nestloop = on
