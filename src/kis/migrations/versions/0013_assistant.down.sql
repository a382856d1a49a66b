CREATE OR REPLACE FUNCTION public.health_check_detailed() RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = ''
AS $$
DECLARE
    unprotected bigint;
    revision text;
BEGIN
    SELECT count(*) INTO unprotected FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname IN ('estimator', 'shared', 'knowledge', 'identity') AND c.relkind IN ('r', 'p')
        AND NOT (c.relrowsecurity AND c.relforcerowsecurity);
    IF pg_catalog.has_table_privilege('public.alembic_version', 'SELECT') THEN
        SELECT version_num INTO revision FROM public.alembic_version;
    END IF;
    RETURN jsonb_build_object(
        'status', CASE WHEN unprotected = 0 AND NOT pg_catalog.pg_is_in_recovery() THEN 'healthy' ELSE 'degraded' END,
        'database', current_database(),
        'server_version', current_setting('server_version'),
        'read_only', pg_catalog.pg_is_in_recovery(),
        'migration', revision,
        'tables_without_row_level_security', unprotected,
        'size_bytes', CASE
            WHEN pg_catalog.has_database_privilege(current_database(), 'CONNECT')
            THEN pg_catalog.pg_database_size(current_database())
        END,
        'connections', jsonb_build_object(
            'used', (SELECT sum(numbackends) FROM pg_catalog.pg_stat_database),
            'most', current_setting('max_connections')::integer
        ),
        'timestamp', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    );
END
$$;

DROP TABLE assistant.manuals;
DROP TABLE assistant.feedback;
DROP TABLE assistant.messages;
DROP TABLE assistant.threads;
DROP TABLE assistant.catalog_imports;
DROP TABLE assistant.products;
DROP TABLE assistant.brands;
DROP SCHEMA assistant;

DROP FUNCTION identity.acting_user_id();
