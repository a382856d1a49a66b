-- How the list of quotations is read, as a caller of the organisation with the most of them: "Index Scan using ix_quotes_organization_id_created_at" is right.
BEGIN;
SET LOCAL ROLE service_role;
SELECT coalesce((SELECT organization_id::text FROM estimator.quotes GROUP BY 1 ORDER BY count(*) DESC LIMIT 1), '') AS busiest \gset
SET LOCAL ROLE authenticated;
SET LOCAL kis.organization_id = :'busiest';
EXPLAIN (ANALYZE, BUFFERS)
SELECT q.id, q.number, q.revision, q.status, q.verdict, q.origin, q.customer_name, q.project_name, q.quotation_date,
    q.valid_until, q.currency, q.total, q.trace_id, q.created_at, q.updated_at, q.completed_at, q.sent_at
FROM estimator.quotes q
WHERE true
ORDER BY q.created_at DESC, q.id
LIMIT 20 OFFSET 0;
ROLLBACK;
