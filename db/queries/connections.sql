-- Who is connected, what each connection does, and for how long. "idle in transaction" for minutes, or waiting for a Lock, is what to look into.
SELECT pid, usename AS role, application_name AS program, state, wait_event_type, wait_event,
    round(extract(epoch FROM now() - state_change)) AS seconds_in_state, left(query, 120) AS statement
FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
ORDER BY seconds_in_state DESC NULLS LAST;
