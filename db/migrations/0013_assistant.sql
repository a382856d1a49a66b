-- Made from the revisions by `kis db sql`; not edited by hand.
BEGIN;

-- Running upgrade 0012_article_views -> 0013_assistant

SET LOCAL lock_timeout = '3s';

SET LOCAL statement_timeout = '60s';

-- Products and their catalogs, the manuals that were fetched, and conversations about them.

CREATE SCHEMA IF NOT EXISTS assistant;
GRANT USAGE ON SCHEMA assistant TO authenticated, service_role;

CREATE FUNCTION identity.acting_user_id() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = ''
AS $$
    SELECT CASE WHEN named.id ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN named.id::uuid END
    FROM (
        SELECT CASE
            WHEN nullif(current_setting('request.jwt.claims', true), '') IS NULL THEN current_setting('kis.user_id', true)
            ELSE current_setting('request.jwt.claims', true)::jsonb ->> 'sub'
        END AS id
    ) AS named
$$;
COMMENT ON FUNCTION identity.acting_user_id() IS 'The person who calls, by the token where PostgREST put one, else as the application says; NULL for machines.';
REVOKE ALL ON FUNCTION identity.acting_user_id() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.acting_user_id() TO authenticated, service_role;

CREATE TABLE assistant.brands (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    organization_id uuid,
    code varchar NOT NULL,
    name varchar NOT NULL,
    hq varchar DEFAULT '' NOT NULL,
    founded varchar DEFAULT '' NOT NULL,
    website varchar DEFAULT '' NOT NULL,
    logo_url varchar DEFAULT '' NOT NULL,
    description varchar DEFAULT '' NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_brands PRIMARY KEY (id),
    CONSTRAINT uq_brands_organization_id_code UNIQUE (organization_id, code),
    CONSTRAINT fk_brands_organization_id FOREIGN KEY (organization_id) REFERENCES identity.organizations (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX uq_brands_shipped ON assistant.brands (code) WHERE organization_id IS NULL;

CREATE TABLE assistant.products (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    organization_id uuid,
    brand_id uuid NOT NULL,
    code varchar NOT NULL,
    position integer DEFAULT 0 NOT NULL,
    name varchar NOT NULL,
    brand varchar DEFAULT '' NOT NULL,
    category varchar DEFAULT '' NOT NULL,
    country varchar DEFAULT '' NOT NULL,
    names varchar[] DEFAULT '{}' NOT NULL,
    images jsonb DEFAULT '{}' NOT NULL,
    documentation jsonb DEFAULT '{}' NOT NULL,
    facts jsonb DEFAULT '{}' NOT NULL,
    relations jsonb DEFAULT '[]' NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_products PRIMARY KEY (id),
    CONSTRAINT uq_products_organization_id_code UNIQUE (organization_id, code),
    CONSTRAINT fk_products_organization_id FOREIGN KEY (organization_id) REFERENCES identity.organizations (id) ON DELETE CASCADE,
    CONSTRAINT fk_products_brand_id FOREIGN KEY (brand_id) REFERENCES assistant.brands (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX uq_products_shipped ON assistant.products (code) WHERE organization_id IS NULL;
CREATE INDEX ix_products_brand_id ON assistant.products (brand_id);

CREATE TABLE assistant.catalog_imports (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    organization_id uuid,
    name varchar NOT NULL,
    sha256 varchar NOT NULL,
    brand varchar DEFAULT '' NOT NULL,
    added integer NOT NULL,
    changed integer NOT NULL,
    unchanged integer NOT NULL,
    removed integer NOT NULL,
    report jsonb DEFAULT '[]' NOT NULL,
    imported_by varchar NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_catalog_imports PRIMARY KEY (id),
    CONSTRAINT ck_catalog_imports_sha256 CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    CONSTRAINT fk_catalog_imports_organization_id FOREIGN KEY (organization_id) REFERENCES identity.organizations (id) ON DELETE CASCADE
);
CREATE INDEX ix_catalog_imports_organization_id_created_at ON assistant.catalog_imports (organization_id, created_at);

CREATE TABLE assistant.threads (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    organization_id uuid NOT NULL,
    user_id uuid NOT NULL,
    title varchar NOT NULL,
    product_id varchar DEFAULT '' NOT NULL,
    messages integer DEFAULT 0 NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    continued_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_threads PRIMARY KEY (id),
    CONSTRAINT uq_threads_organization_id_user_id_id UNIQUE (organization_id, user_id, id),
    CONSTRAINT fk_threads_organization_id FOREIGN KEY (organization_id) REFERENCES identity.organizations (id) ON DELETE CASCADE,
    CONSTRAINT fk_threads_user_id FOREIGN KEY (user_id) REFERENCES identity.users (id) ON DELETE CASCADE
);
CREATE INDEX ix_threads_user_id_continued_at ON assistant.threads (user_id, continued_at);
CREATE INDEX ix_threads_continued_at ON assistant.threads (continued_at);

CREATE TABLE assistant.messages (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    organization_id uuid NOT NULL,
    user_id uuid NOT NULL,
    thread_id uuid NOT NULL,
    number integer NOT NULL,
    role varchar NOT NULL,
    content varchar NOT NULL,
    product_id varchar DEFAULT '' NOT NULL,
    mode varchar DEFAULT '' NOT NULL,
    refusal varchar DEFAULT '' NOT NULL,
    citations jsonb DEFAULT '[]' NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_messages PRIMARY KEY (id),
    CONSTRAINT uq_messages_thread_id_number UNIQUE (thread_id, number),
    CONSTRAINT uq_messages_organization_id_user_id_id UNIQUE (organization_id, user_id, id),
    CONSTRAINT ck_messages_role CHECK (role IN ('question', 'answer')),
    CONSTRAINT fk_messages_organization_id_user_id_thread_id FOREIGN KEY (organization_id, user_id, thread_id)
        REFERENCES assistant.threads (organization_id, user_id, id) ON DELETE CASCADE
);

CREATE TABLE assistant.feedback (
    message_id uuid NOT NULL,
    organization_id uuid NOT NULL,
    user_id uuid NOT NULL,
    is_helpful boolean NOT NULL,
    comment varchar DEFAULT '' NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_feedback PRIMARY KEY (message_id),
    CONSTRAINT fk_feedback_organization_id_user_id_message_id FOREIGN KEY (organization_id, user_id, message_id)
        REFERENCES assistant.messages (organization_id, user_id, id) ON DELETE CASCADE
);

CREATE TABLE assistant.manuals (
    url varchar NOT NULL,
    sha256 varchar,
    etag varchar DEFAULT '' NOT NULL,
    last_modified varchar DEFAULT '' NOT NULL,
    media_type varchar DEFAULT '' NOT NULL,
    bytes bigint DEFAULT 0 NOT NULL,
    state varchar NOT NULL,
    pages integer DEFAULT 0 NOT NULL,
    title varchar DEFAULT '' NOT NULL,
    fetched_at timestamptz NOT NULL,
    CONSTRAINT pk_manuals PRIMARY KEY (url),
    CONSTRAINT ck_manuals_sha256 CHECK (sha256 ~ '^[0-9a-f]{64}$')
);
CREATE INDEX ix_manuals_sha256 ON assistant.manuals (sha256);

-- Triggers -----------------------------------------------------------------------------------------------------------

CREATE TRIGGER trg_brands_updated_at BEFORE UPDATE ON assistant.brands
    FOR EACH ROW EXECUTE FUNCTION public.update_updated_at();
CREATE TRIGGER trg_products_updated_at BEFORE UPDATE ON assistant.products
    FOR EACH ROW EXECUTE FUNCTION public.update_updated_at();
CREATE TRIGGER trg_feedback_updated_at BEFORE UPDATE ON assistant.feedback
    FOR EACH ROW EXECUTE FUNCTION public.update_updated_at();

-- Rights -------------------------------------------------------------------------------------------------------------

GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA assistant TO service_role;

-- What belongs to nobody is everybody's to read and the program's to write; an organisation's own is its members'.
ALTER TABLE assistant.brands ENABLE ROW LEVEL SECURITY;
ALTER TABLE assistant.brands FORCE ROW LEVEL SECURITY;
CREATE POLICY brands_service_role_all ON assistant.brands FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY brands_authenticated_select ON assistant.brands FOR SELECT TO authenticated
    USING ((SELECT identity.current_organization_id()) IS NOT NULL
        AND (organization_id IS NULL OR organization_id = (SELECT identity.current_organization_id())));
CREATE POLICY brands_authenticated_insert ON assistant.brands FOR INSERT TO authenticated
    WITH CHECK (organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY brands_authenticated_update ON assistant.brands FOR UPDATE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()))
    WITH CHECK (organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY brands_authenticated_delete ON assistant.brands FOR DELETE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()));
GRANT SELECT, INSERT, UPDATE, DELETE ON assistant.brands TO authenticated;

ALTER TABLE assistant.products ENABLE ROW LEVEL SECURITY;
ALTER TABLE assistant.products FORCE ROW LEVEL SECURITY;
CREATE POLICY products_service_role_all ON assistant.products FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY products_authenticated_select ON assistant.products FOR SELECT TO authenticated
    USING ((SELECT identity.current_organization_id()) IS NOT NULL
        AND (organization_id IS NULL OR organization_id = (SELECT identity.current_organization_id())));
CREATE POLICY products_authenticated_insert ON assistant.products FOR INSERT TO authenticated
    WITH CHECK (organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY products_authenticated_update ON assistant.products FOR UPDATE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()))
    WITH CHECK (organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY products_authenticated_delete ON assistant.products FOR DELETE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()));
GRANT SELECT, INSERT, UPDATE, DELETE ON assistant.products TO authenticated;

ALTER TABLE assistant.catalog_imports ENABLE ROW LEVEL SECURITY;
ALTER TABLE assistant.catalog_imports FORCE ROW LEVEL SECURITY;
CREATE POLICY catalog_imports_service_role_all ON assistant.catalog_imports FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY catalog_imports_authenticated_select ON assistant.catalog_imports FOR SELECT TO authenticated
    USING ((SELECT identity.current_organization_id()) IS NOT NULL
        AND (organization_id IS NULL OR organization_id = (SELECT identity.current_organization_id())));
CREATE POLICY catalog_imports_authenticated_insert ON assistant.catalog_imports FOR INSERT TO authenticated
    WITH CHECK (organization_id = (SELECT identity.current_organization_id()));
GRANT SELECT, INSERT ON assistant.catalog_imports TO authenticated;

-- A conversation is its user's alone: not an administrator's, not a colleague's.
ALTER TABLE assistant.threads ENABLE ROW LEVEL SECURITY;
ALTER TABLE assistant.threads FORCE ROW LEVEL SECURITY;
CREATE POLICY threads_service_role_all ON assistant.threads FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY threads_authenticated_select ON assistant.threads FOR SELECT TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id())
        AND user_id = (SELECT identity.acting_user_id()));
CREATE POLICY threads_authenticated_insert ON assistant.threads FOR INSERT TO authenticated
    WITH CHECK (organization_id = (SELECT identity.current_organization_id())
        AND user_id = (SELECT identity.acting_user_id()));
CREATE POLICY threads_authenticated_update ON assistant.threads FOR UPDATE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id())
        AND user_id = (SELECT identity.acting_user_id()))
    WITH CHECK (organization_id = (SELECT identity.current_organization_id())
        AND user_id = (SELECT identity.acting_user_id()));
CREATE POLICY threads_authenticated_delete ON assistant.threads FOR DELETE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id())
        AND user_id = (SELECT identity.acting_user_id()));
GRANT SELECT, INSERT, UPDATE, DELETE ON assistant.threads TO authenticated;

ALTER TABLE assistant.messages ENABLE ROW LEVEL SECURITY;
ALTER TABLE assistant.messages FORCE ROW LEVEL SECURITY;
CREATE POLICY messages_service_role_all ON assistant.messages FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY messages_authenticated_select ON assistant.messages FOR SELECT TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id())
        AND user_id = (SELECT identity.acting_user_id()));
CREATE POLICY messages_authenticated_insert ON assistant.messages FOR INSERT TO authenticated
    WITH CHECK (organization_id = (SELECT identity.current_organization_id())
        AND user_id = (SELECT identity.acting_user_id()));
CREATE POLICY messages_authenticated_delete ON assistant.messages FOR DELETE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id())
        AND user_id = (SELECT identity.acting_user_id()));
GRANT SELECT, INSERT, DELETE ON assistant.messages TO authenticated;

ALTER TABLE assistant.feedback ENABLE ROW LEVEL SECURITY;
ALTER TABLE assistant.feedback FORCE ROW LEVEL SECURITY;
CREATE POLICY feedback_service_role_all ON assistant.feedback FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY feedback_authenticated_select ON assistant.feedback FOR SELECT TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id())
        AND user_id = (SELECT identity.acting_user_id()));
CREATE POLICY feedback_authenticated_insert ON assistant.feedback FOR INSERT TO authenticated
    WITH CHECK (organization_id = (SELECT identity.current_organization_id())
        AND user_id = (SELECT identity.acting_user_id()));
CREATE POLICY feedback_authenticated_update ON assistant.feedback FOR UPDATE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id())
        AND user_id = (SELECT identity.acting_user_id()))
    WITH CHECK (organization_id = (SELECT identity.current_organization_id())
        AND user_id = (SELECT identity.acting_user_id()));
CREATE POLICY feedback_authenticated_delete ON assistant.feedback FOR DELETE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id())
        AND user_id = (SELECT identity.acting_user_id()));
GRANT SELECT, INSERT, UPDATE, DELETE ON assistant.feedback TO authenticated;

-- Which manuals were fetched tells who reads what: the program's own.
ALTER TABLE assistant.manuals ENABLE ROW LEVEL SECURITY;
ALTER TABLE assistant.manuals FORCE ROW LEVEL SECURITY;
CREATE POLICY manuals_service_role_all ON assistant.manuals FOR ALL TO service_role USING (true) WITH CHECK (true);

-- Health looks at the tables of the assistant, too -------------------------------------------------------------------

CREATE OR REPLACE FUNCTION public.health_check_detailed() RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = ''
AS $$
DECLARE
    unprotected bigint;
    revision text;
BEGIN
    SELECT count(*) INTO unprotected FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname IN ('estimator', 'shared', 'knowledge', 'identity', 'assistant') AND c.relkind IN ('r', 'p')
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

UPDATE public.alembic_version SET version_num='0013_assistant' WHERE public.alembic_version.version_num = '0012_article_views';

COMMIT;
