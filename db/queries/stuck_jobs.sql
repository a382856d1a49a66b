-- Jobs that should have moved: held by a worker that gives no sign of life, due for five minutes and not taken, or given up in the last day.
SET ROLE service_role;
SELECT CASE status WHEN 'running' THEN 'lease ran out' WHEN 'queued' THEN 'nobody takes it' ELSE 'given up' END AS why,
    id, kind, subject_id, attempts, lease_owner, run_after, error ->> 'code' AS error, trace_id
FROM shared.jobs
WHERE (status = 'running' AND lease_until < now())
    OR (status = 'queued' AND run_after < now() - interval '5 minutes')
    OR (status = 'failed' AND finished_at > now() - interval '1 day')
ORDER BY why, run_after;
