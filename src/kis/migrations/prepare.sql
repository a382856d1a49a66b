-- Run once, as a superuser (or the administrator of a managed server), before "kis db push" on a PostgreSQL of your own:
--
--     kis db prepare-sql | psql postgresql://postgres@db.example.com/postgres
--
-- Then give the two roles that log in their passwords (\password kis_owner, \password kis_app) and set
--     MIGRATION_DATABASE_URL=postgresql://kis_owner:...@db.example.com/kis
--     DATABASE_URL=postgresql://kis_app:...@db.example.com/kis
--
-- On Supabase only the lines about kis_owner and kis_app matter, and its role postgres may stand in for kis_owner.

DO $roles$
DECLARE
    wanted text;
BEGIN
    -- What a transaction works as. No role may pass by row-level security.
    FOREACH wanted IN ARRAY ARRAY['anon', 'authenticated', 'service_role'] LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = wanted) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT', wanted);
        END IF;
    END LOOP;
    -- Owns the schemas; migrations and backups log in as this one.
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'kis_owner') THEN
        CREATE ROLE kis_owner LOGIN INHERIT;
    END IF;
    -- The program logs in as this one. It may do nothing by itself (NOINHERIT) and takes one of the roles above in each transaction.
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'kis_app') THEN
        CREATE ROLE kis_app LOGIN NOINHERIT;
    END IF;
END
$roles$;

GRANT anon, authenticated, service_role TO kis_owner, kis_app;

-- CREATE DATABASE cannot stand in a block: the line is made only where the database is missing, and psql runs it.
SELECT 'CREATE DATABASE kis OWNER kis_owner ENCODING ''UTF8'' TEMPLATE template0'
WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = 'kis')
\gexec
REVOKE ALL ON DATABASE kis FROM PUBLIC;
GRANT CONNECT ON DATABASE kis TO kis_owner, kis_app;
