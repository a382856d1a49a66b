-- The newest evidence packs: of which organisation and quotation, and what was signed. Verify one: kis evidence verify TRACE_ID
SET ROLE service_role;
SELECT p.created_at, o.code AS organization, q.number, q.revision, p.trace_id, p.sequence,
    p.facts -> 'signed' ->> 'verdict' AS verdict, count(b.id) AS files, pg_size_pretty(p.size) AS size, p.sha256
FROM estimator.evidence_packs p
JOIN identity.organizations o ON o.id = p.organization_id
JOIN estimator.quotes q ON q.id = p.quote_id
LEFT JOIN estimator.evidence_blobs b ON b.trace_id = p.trace_id
GROUP BY p.trace_id, o.code, q.number, q.revision
ORDER BY p.created_at DESC, p.trace_id
LIMIT 20;
