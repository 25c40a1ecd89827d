// The figures and the report of test/pandas_script.py, by DuckDB in memory: script.mjs EXPORT.csv REPORT.csv
import { createRequire } from 'node:module';

// From where npm put it, which is not beside this file.
const { DuckDBInstance } = createRequire(`${process.env.DUCKDB_MODULES}/`)('@duckdb/node-api');

const [exported, report] = process.argv.slice(2);
const quote = (text) => `'${text.replaceAll("'", "''")}'`;
const connection = await (await DuckDBInstance.create(':memory:')).connect();

await connection.run(`
  CREATE TABLE closed AS
  SELECT conversation_id, user_id, started_at, resolved_at, epoch(resolved_at - started_at) AS resolution_seconds, assignee_email, tags
  FROM read_csv(${quote(exported)}, header = true, types = {'conversation_id': 'VARCHAR', 'user_id': 'VARCHAR',
                                                            'started_at': 'TIMESTAMPTZ', 'resolved_at': 'TIMESTAMPTZ'})
  WHERE state = 'closed' AND resolved_at >= started_at`);
const figures = await connection.runAndReadAll(`
  SELECT count(*)::INTEGER AS total_closed,
         quantile_cont(resolution_seconds, 0.5) / 3600 AS median_hours,
         quantile_cont(resolution_seconds, 0.95) / 3600 AS p95_hours,
         avg((resolution_seconds <= 86400)::INTEGER) AS pct_within_24h
  FROM closed`);
console.log(JSON.stringify(figures.getRowObjects()[0]));
await connection.run(`COPY closed TO ${quote(report)} (HEADER)`);
