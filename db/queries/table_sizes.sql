-- How large the tables are, with indexes and without, and how many rows are dead.
SELECT s.schemaname AS schema, s.relname AS "table", pg_size_pretty(pg_total_relation_size(s.relid)) AS total,
    pg_size_pretty(pg_relation_size(s.relid)) AS rows_only, s.n_live_tup AS live_rows, s.n_dead_tup AS dead_rows,
    greatest(s.last_vacuum, s.last_autovacuum) AS last_vacuum, greatest(s.last_analyze, s.last_autoanalyze) AS last_analyze
FROM pg_stat_user_tables s
ORDER BY pg_total_relation_size(s.relid) DESC;
