-- Which rule of row-level security lets whom do what, and which tables have none (policy is then empty: mend that at once).
SELECT n.nspname AS schema, c.relname AS "table", c.relrowsecurity AND c.relforcerowsecurity AS is_enforced,
    p.policyname AS policy, p.roles::text[] AS roles, p.cmd AS command, p.qual AS sees, p.with_check AS writes
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_policies p ON p.schemaname = n.nspname AND p.tablename = c.relname
WHERE c.relkind IN ('r', 'p') AND n.nspname IN ('identity', 'shared', 'estimator', 'knowledge')
ORDER BY 1, 2, 4;
