-- Which statements take more than 100 ms on average. Only where the server has pg_stat_statements; the embedded one has not.
SELECT to_regclass('pg_stat_statements') IS NOT NULL AS is_there \gset
\if :is_there
SELECT calls, round(mean_exec_time::numeric, 1) AS mean_ms, round(max_exec_time::numeric, 1) AS max_ms,
    round(total_exec_time::numeric / 1000, 1) AS total_seconds, rows, left(query, 200) AS statement
FROM pg_stat_statements
WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND mean_exec_time > 100
ORDER BY total_exec_time DESC
LIMIT 20;
\else
\warn 'pg_stat_statements is not installed in this database.'
\endif
