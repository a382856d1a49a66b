-- Who did what in the last 24 hours. Whether entries were altered or taken out is for: kis audit verify
SET ROLE service_role;
SELECT a.created_at, coalesce(o.code, '') AS organization, a.actor, a.action, a.target, a.address, a.trace_id
FROM shared.audit_logs a
LEFT JOIN identity.organizations o ON o.id = a.organization_id
WHERE a.created_at > now() - interval '24 hours'
ORDER BY a.sequence DESC;
