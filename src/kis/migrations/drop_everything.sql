-- All that the revisions made in a database, and all rows with it. Roles belong to the server and stay.
SET LOCAL lock_timeout = '10s';
DROP SCHEMA IF EXISTS assistant, estimator, shared, knowledge, identity CASCADE;
DROP FUNCTION IF EXISTS public.health_check_detailed();
DROP FUNCTION IF EXISTS public.get_phase_balance(uuid);
DROP FUNCTION IF EXISTS public.calculate_quote_totals(uuid);
DROP FUNCTION IF EXISTS public.validate_evidence_integrity(uuid, text);
DROP FUNCTION IF EXISTS public.check_sha256(text);
DROP FUNCTION IF EXISTS public.update_updated_at();
DROP TABLE IF EXISTS public.alembic_version;
