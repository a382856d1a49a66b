-- A dump is restored without its owners, who may have other names here. What must belong to service_role is given back to it.
GRANT USAGE ON SCHEMA public TO anon, authenticated, service_role;
GRANT CREATE ON SCHEMA identity, shared, estimator, knowledge TO service_role;
DO $owners$
DECLARE
    definer regprocedure;
BEGIN
    FOR definer IN
        SELECT p.oid FROM pg_catalog.pg_proc AS p
        WHERE p.prosecdef AND p.pronamespace IN ('identity'::regnamespace, 'shared'::regnamespace, 'estimator'::regnamespace, 'knowledge'::regnamespace)
    LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO service_role', definer);
    END LOOP;
END
$owners$;
REVOKE CREATE ON SCHEMA identity, shared, estimator, knowledge FROM service_role;
