-- How many jobs wait, run and failed, and how long the oldest of each has been there.
SET ROLE service_role;
SELECT kind, status, count(*) AS jobs, round(extract(epoch FROM now() - min(created_at))) AS oldest_seconds,
    max(attempts) AS most_attempts
FROM shared.jobs
WHERE status <> 'done'
GROUP BY kind, status
ORDER BY kind, status;
