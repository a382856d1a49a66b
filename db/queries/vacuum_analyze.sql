-- Clears dead rows and counts anew for the planner, without locking anybody out; as the owner. PostgreSQL does it by itself: after a restore or a large removal.
VACUUM (ANALYZE) shared.jobs, shared.outbox, shared.api_metrics, shared.idempotency_keys, identity.sessions, identity.refresh_tokens;
ANALYZE;
