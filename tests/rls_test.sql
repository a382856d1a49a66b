-- Whether a database keeps organisations apart, for any PostgreSQL that holds the schema (Supabase, RDS, one's own):
--
--     psql --set=ON_ERROR_STOP=1 --file=tests/rls_test.sql "$MIGRATION_DATABASE_URL"
--
-- It reads and writes nothing that stays. The first thing that is wrong ends it with an error.

BEGIN;

DO $held$
DECLARE
    wrong text;
BEGIN
    SELECT string_agg(format('%I.%I', n.nspname, c.relname), ', ') INTO wrong
    FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND n.nspname IN ('identity', 'shared', 'estimator', 'knowledge', 'assistant')
        AND NOT (
            c.relrowsecurity AND c.relforcerowsecurity
            AND EXISTS (SELECT FROM pg_catalog.pg_policies AS p WHERE p.schemaname = n.nspname AND p.tablename = c.relname)
        );
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'without row-level security: %', wrong;
    END IF;

    SELECT string_agg(wanted, ', ') INTO wrong
    FROM unnest(ARRAY[
        'catalog_public_select', 'catalog_service_role_all', 'documents_authenticated_select', 'documents_service_role_all',
        'evidence_authenticated_select', 'evidence_service_role_all'
    ]) AS wanted
    WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_policies AS p WHERE p.policyname = wanted);
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'policies are missing: %', wrong;
    END IF;

    SELECT string_agg(format('%I.%I', table_schema, table_name) || ' ' || privilege_type, ', ') INTO wrong
    FROM information_schema.role_table_grants
    WHERE table_schema IN ('identity', 'shared', 'estimator', 'knowledge', 'assistant') AND (
        grantee = 'PUBLIC'
        OR grantee = 'anon' AND (table_name <> 'catalog_items' OR privilege_type <> 'SELECT')
        OR grantee IN ('authenticated', 'service_role') AND privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
        OR grantee = 'authenticated' AND privilege_type <> 'SELECT' AND table_name IN ('audit_logs', 'documents', 'evidence_packs', 'evidence_blobs', 'evidence_heads')
        OR grantee = 'authenticated' AND privilege_type = 'DELETE' AND table_name = 'quotes'
        OR grantee = 'service_role' AND privilege_type IN ('UPDATE', 'DELETE') AND table_name IN ('audit_logs', 'evidence_packs', 'evidence_blobs')
    );
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'rights that nobody needs: %', wrong;
    END IF;
END
$held$;

-- As a caller of an organisation that does not exist: nothing but what is shipped.
SELECT set_config('kis.organization_id', gen_random_uuid()::text, true), set_config('request.jwt.claims', '', true);
SET LOCAL ROLE authenticated;

DO $apart$
DECLARE
    seen record;
    number bigint;
BEGIN
    FOR seen IN
        SELECT n.nspname, c.relname FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND n.nspname IN ('identity', 'shared', 'estimator', 'knowledge', 'assistant')
            AND pg_catalog.has_table_privilege(c.oid, 'SELECT')
    LOOP
        EXECUTE format(
            'SELECT count(*) FROM %I.%I AS r WHERE NOT (to_jsonb(r) ? ''organization_id'') OR to_jsonb(r) ->> ''organization_id'' IS NOT NULL',
            seen.nspname, seen.relname
        ) INTO number;
        IF number > 0 THEN
            RAISE EXCEPTION '%.% shows % rows to a stranger', seen.nspname, seen.relname, number;
        END IF;
    END LOOP;
END
$apart$;

ROLLBACK;
