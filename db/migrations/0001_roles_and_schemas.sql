-- Made from the revisions by `kis db sql`; not edited by hand.
BEGIN;

CREATE TABLE public.alembic_version (
    version_num VARCHAR(32) NOT NULL, 
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

-- Running upgrade  -> 0001_roles_and_schemas

SET LOCAL lock_timeout = '3s';

SET LOCAL statement_timeout = '60s';

-- Roles, schemas, and whose rows a transaction sees.

-- The three roles of Supabase, made where they are missing. None may log in; none may pass by row-level security.
-- A migrating role that may not make roles must find them made: what is missing is named, with what to run.
DO $roles$
DECLARE
    wanted text;
    missing text[] := '{}';
BEGIN
    FOREACH wanted IN ARRAY ARRAY['anon', 'authenticated', 'service_role'] LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = wanted) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT', wanted);
            EXCEPTION
                WHEN duplicate_object OR unique_violation THEN NULL; -- another database of this server was faster
                WHEN insufficient_privilege THEN missing := missing || wanted;
            END;
        END IF;
    END LOOP;
    IF missing <> '{}' THEN
        RAISE EXCEPTION 'roles are missing and % may not create them: %', current_user, array_to_string(missing, ', ')
            USING ERRCODE = 'KIS10', HINT = 'Run the SQL of "kis db prepare-sql" as a superuser once.';
    END IF;
END
$roles$;

-- The owner of the schemas works as service_role where it must see rows (backup), and gives its functions to it.
DO $membership$
DECLARE
    granted text;
BEGIN
    IF NOT (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) THEN
        BEGIN
            EXECUTE format('GRANT service_role TO %I', current_user);
        EXCEPTION
            WHEN insufficient_privilege THEN -- good enough where somebody granted it before
                IF NOT pg_catalog.pg_has_role(current_user, 'service_role', 'MEMBER') THEN RAISE; END IF;
        END;
    END IF;
    -- The role the application logs in with. It is made by whoever runs the server; without it nothing is granted here.
    IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'kis_app') THEN
        FOREACH granted IN ARRAY ARRAY['anon', 'authenticated', 'service_role'] LOOP
            IF NOT pg_catalog.pg_has_role('kis_app', granted, 'MEMBER') THEN
                EXECUTE format('GRANT %I TO kis_app', granted);
            END IF;
        END LOOP;
    END IF;
EXCEPTION
    WHEN insufficient_privilege THEN
        RAISE EXCEPTION '% may not grant the roles anon, authenticated, service_role', current_user
            USING ERRCODE = 'KIS10', HINT = 'Run the SQL of "kis db prepare-sql" as a superuser once.';
END
$membership$;

CREATE SCHEMA IF NOT EXISTS identity;
CREATE SCHEMA IF NOT EXISTS shared;
CREATE SCHEMA IF NOT EXISTS estimator;
CREATE SCHEMA IF NOT EXISTS knowledge;

GRANT USAGE ON SCHEMA identity, shared, estimator, knowledge TO authenticated, service_role;
GRANT USAGE ON SCHEMA shared, identity TO anon;
GRANT USAGE ON SCHEMA public TO anon, authenticated, service_role;

-- Extensions only where the server has them and this role may make them; nothing here needs one.
DO $extensions$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['vector', 'pg_stat_statements'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_catalog.pg_available_extensions WHERE name = wanted) THEN
                RAISE NOTICE 'extension %: not on this server, skipped', wanted;
            ELSIF wanted = 'pg_stat_statements' AND position(wanted IN current_setting('shared_preload_libraries')) = 0 THEN
                RAISE NOTICE 'extension %: not loaded by this server, skipped', wanted;
            ELSE
                EXECUTE format('CREATE EXTENSION IF NOT EXISTS %I', wanted);
            END IF;
        EXCEPTION
            WHEN insufficient_privilege THEN RAISE NOTICE 'extension %: % may not make it, skipped', wanted, current_user;
        END;
    END LOOP;
END
$extensions$;

-- Whose rows this transaction sees: the organisation of the token where PostgREST put one (app_metadata cannot be changed by
-- its user), else the one the application set for the transaction. NULL: nobody's.
-- Policies call it as (SELECT identity.current_organization_id()), which runs once in a statement and not once in a row.
CREATE FUNCTION identity.current_organization_id() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = ''
AS $$
    SELECT CASE
        WHEN nullif(current_setting('request.jwt.claims', true), '') IS NULL
        THEN nullif(current_setting('kis.organization_id', true), '')
        ELSE coalesce(
            current_setting('request.jwt.claims', true)::jsonb -> 'app_metadata' ->> 'organization_id',
            current_setting('request.jwt.claims', true)::jsonb ->> 'organization_id'
        )
    END::uuid
$$;

REVOKE ALL ON FUNCTION identity.current_organization_id() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.current_organization_id() TO anon, authenticated, service_role;

INSERT INTO public.alembic_version (version_num) VALUES ('0001_roles_and_schemas') RETURNING public.alembic_version.version_num;

COMMIT;
