-- Made from the revisions by `kis db sql`; not edited by hand.
-- All revisions: psql --set=ON_ERROR_STOP=1 --file=db/schema.sql
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

BEGIN;

-- Running upgrade 0001_roles_and_schemas -> 0002_identity

SET LOCAL lock_timeout = '3s';

SET LOCAL statement_timeout = '60s';

-- Organisations, people and their credentials. Secrets stand here only as digests.

CREATE TABLE identity.organizations (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    code varchar NOT NULL,
    name varchar NOT NULL,
    locale varchar DEFAULT 'ko' NOT NULL,
    currency varchar DEFAULT 'KRW' NOT NULL,
    time_zone varchar DEFAULT 'Asia/Seoul' NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_organizations PRIMARY KEY (id),
    CONSTRAINT ck_organizations_code CHECK (code ~ '^[A-Z0-9]{1,8}$'),
    CONSTRAINT ck_organizations_name CHECK (length(btrim(name)) BETWEEN 1 AND 200),
    CONSTRAINT uq_organizations_code UNIQUE (code)
);

CREATE TABLE identity.users (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    email varchar NOT NULL,
    name varchar DEFAULT '' NOT NULL,
    password_hash varchar,
    locale varchar DEFAULT 'ko' NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    is_operator boolean DEFAULT false NOT NULL,
    last_login_at timestamptz,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_users PRIMARY KEY (id),
    CONSTRAINT ck_users_email CHECK (position('@' in email) > 1 AND length(email) <= 254)
);
CREATE UNIQUE INDEX uq_users_email ON identity.users (lower(email));

CREATE TABLE identity.memberships (
    organization_id uuid NOT NULL,
    user_id uuid NOT NULL,
    role varchar NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_memberships PRIMARY KEY (organization_id, user_id),
    CONSTRAINT ck_memberships_role CHECK (role IN ('admin', 'estimator', 'editor', 'reviewer', 'viewer')),
    CONSTRAINT fk_memberships_organization_id FOREIGN KEY (organization_id) REFERENCES identity.organizations (id) ON DELETE CASCADE,
    CONSTRAINT fk_memberships_user_id FOREIGN KEY (user_id) REFERENCES identity.users (id) ON DELETE CASCADE
);
CREATE INDEX ix_memberships_user_id ON identity.memberships (user_id);

CREATE TABLE identity.sessions (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    organization_id uuid NOT NULL,
    address varchar DEFAULT '' NOT NULL,
    user_agent varchar(400) DEFAULT '' NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    revoked_because varchar,
    created_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_sessions PRIMARY KEY (id),
    CONSTRAINT fk_sessions_user_id FOREIGN KEY (user_id) REFERENCES identity.users (id) ON DELETE CASCADE,
    CONSTRAINT fk_sessions_organization_id FOREIGN KEY (organization_id) REFERENCES identity.organizations (id) ON DELETE CASCADE
);
CREATE INDEX ix_sessions_organization_id ON identity.sessions (organization_id);
CREATE INDEX ix_sessions_user_id ON identity.sessions (user_id);

CREATE TABLE identity.refresh_tokens (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    session_id uuid NOT NULL,
    token_sha256 varchar NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    created_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_refresh_tokens PRIMARY KEY (id),
    CONSTRAINT fk_refresh_tokens_session_id FOREIGN KEY (session_id) REFERENCES identity.sessions (id) ON DELETE CASCADE,
    CONSTRAINT uq_refresh_tokens_token_sha256 UNIQUE (token_sha256)
);
CREATE INDEX ix_refresh_tokens_session_id ON identity.refresh_tokens (session_id);

CREATE TABLE identity.api_keys (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    organization_id uuid NOT NULL,
    created_by uuid,
    name varchar NOT NULL,
    prefix varchar NOT NULL,
    key_sha256 varchar NOT NULL,
    role varchar NOT NULL,
    permissions varchar[] DEFAULT '{}' NOT NULL,
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz,
    created_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_api_keys PRIMARY KEY (id),
    CONSTRAINT ck_api_keys_role CHECK (role IN ('admin', 'estimator', 'editor', 'reviewer', 'viewer')),
    CONSTRAINT fk_api_keys_organization_id FOREIGN KEY (organization_id) REFERENCES identity.organizations (id) ON DELETE CASCADE,
    CONSTRAINT fk_api_keys_created_by FOREIGN KEY (created_by) REFERENCES identity.users (id) ON DELETE SET NULL,
    CONSTRAINT uq_api_keys_key_sha256 UNIQUE (key_sha256)
);
CREATE INDEX ix_api_keys_created_by ON identity.api_keys (created_by);
CREATE INDEX ix_api_keys_organization_id ON identity.api_keys (organization_id);

CREATE TABLE identity.one_time_links (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    organization_id uuid NOT NULL,
    purpose varchar NOT NULL,
    token_sha256 varchar NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    created_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_one_time_links PRIMARY KEY (id),
    CONSTRAINT ck_one_time_links_purpose CHECK (purpose IN ('login', 'invite', 'reset')),
    CONSTRAINT fk_one_time_links_user_id FOREIGN KEY (user_id) REFERENCES identity.users (id) ON DELETE CASCADE,
    CONSTRAINT fk_one_time_links_organization_id FOREIGN KEY (organization_id) REFERENCES identity.organizations (id) ON DELETE CASCADE,
    CONSTRAINT uq_one_time_links_token_sha256 UNIQUE (token_sha256)
);
CREATE INDEX ix_one_time_links_organization_id ON identity.one_time_links (organization_id);
CREATE INDEX ix_one_time_links_user_id ON identity.one_time_links (user_id);

CREATE TABLE identity.foreign_identities (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    issuer varchar NOT NULL,
    subject varchar NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_foreign_identities PRIMARY KEY (id),
    CONSTRAINT uq_foreign_identities_issuer_subject UNIQUE (issuer, subject),
    CONSTRAINT fk_foreign_identities_user_id FOREIGN KEY (user_id) REFERENCES identity.users (id) ON DELETE CASCADE
);
CREATE INDEX ix_foreign_identities_user_id ON identity.foreign_identities (user_id);

UPDATE public.alembic_version SET version_num='0002_identity' WHERE public.alembic_version.version_num = '0001_roles_and_schemas';

COMMIT;

BEGIN;

-- Running upgrade 0002_identity -> 0003_shared

SET LOCAL lock_timeout = '3s';

SET LOCAL statement_timeout = '60s';

-- The catalogue, the audit log, jobs, and what the platform keeps for itself.

CREATE TABLE shared.catalog_items (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    organization_id uuid,
    kind varchar NOT NULL,
    key varchar NOT NULL,
    make varchar NOT NULL,
    model varchar NOT NULL,
    search varchar NOT NULL,
    columns jsonb NOT NULL,
    source varchar NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_catalog_items PRIMARY KEY (id),
    CONSTRAINT uq_catalog_items_organization_id_kind_key UNIQUE (organization_id, kind, key),
    CONSTRAINT ck_catalog_items_kind CHECK (kind IN ('breaker', 'enclosure', 'accessory')),
    CONSTRAINT fk_catalog_items_organization_id FOREIGN KEY (organization_id) REFERENCES identity.organizations (id) ON DELETE CASCADE
);
CREATE INDEX ix_catalog_items_organization_id ON shared.catalog_items (organization_id);
CREATE INDEX ix_catalog_items_search ON shared.catalog_items USING gin (array_to_tsvector(string_to_array(search, ' '))) WHERE is_active;
CREATE UNIQUE INDEX uq_catalog_items_shipped ON shared.catalog_items (kind, key) WHERE organization_id IS NULL;

CREATE TABLE shared.catalog_editions (
    digest varchar NOT NULL,
    organization_id uuid,
    version varchar NOT NULL,
    files jsonb NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_catalog_editions PRIMARY KEY (digest),
    CONSTRAINT fk_catalog_editions_organization_id FOREIGN KEY (organization_id) REFERENCES identity.organizations (id) ON DELETE CASCADE
);
CREATE INDEX ix_catalog_editions_organization_id ON shared.catalog_editions (organization_id);

CREATE TABLE shared.price_books (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    organization_id uuid,
    name varchar NOT NULL,
    version varchar NOT NULL,
    title jsonb NOT NULL,
    currency varchar NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    digest varchar NOT NULL,
    content bytea NOT NULL,
    is_illustrative boolean DEFAULT false NOT NULL,
    created_by uuid,
    created_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_price_books PRIMARY KEY (id),
    CONSTRAINT uq_price_books_organization_id_name_version UNIQUE (organization_id, name, version),
    CONSTRAINT fk_price_books_organization_id FOREIGN KEY (organization_id) REFERENCES identity.organizations (id) ON DELETE CASCADE
);
CREATE INDEX ix_price_books_organization_id ON shared.price_books (organization_id);
CREATE UNIQUE INDEX uq_price_books_shipped ON shared.price_books (name, version) WHERE organization_id IS NULL;

CREATE TABLE shared.audit_logs (
    sequence bigint NOT NULL,
    organization_id uuid,
    actor varchar NOT NULL,
    action varchar NOT NULL,
    target varchar NOT NULL,
    before jsonb,
    after jsonb,
    address varchar DEFAULT '' NOT NULL,
    trace_id varchar DEFAULT '' NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    previous_sha256 varchar NOT NULL,
    sha256 varchar NOT NULL,
    CONSTRAINT pk_audit_logs PRIMARY KEY (sequence),
    CONSTRAINT ck_audit_logs_sha256 CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    CONSTRAINT uq_audit_logs_sha256 UNIQUE (sha256)
);
CREATE INDEX ix_audit_logs_organization_id_created_at ON shared.audit_logs (organization_id, created_at);
CREATE INDEX ix_audit_logs_target ON shared.audit_logs (target);

-- Empty whenever no transaction is open: entries wait here for the commit of theirs, see shared.append_audit. So there is nothing to lose.
CREATE UNLOGGED TABLE shared.audit_pending (
    id bigint GENERATED ALWAYS AS IDENTITY,
    organization_id uuid,
    actor varchar NOT NULL,
    action varchar NOT NULL,
    target varchar NOT NULL,
    before jsonb,
    after jsonb,
    address varchar DEFAULT '' NOT NULL,
    trace_id varchar DEFAULT '' NOT NULL,
    CONSTRAINT pk_audit_pending PRIMARY KEY (id)
);

CREATE TABLE shared.jobs (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    organization_id uuid,
    kind varchar NOT NULL,
    subject_id uuid,
    payload jsonb DEFAULT '{}' NOT NULL,
    status varchar DEFAULT 'queued' NOT NULL,
    priority integer DEFAULT 100 NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    run_after timestamptz DEFAULT now() NOT NULL,
    lease_owner varchar,
    lease_until timestamptz,
    progress jsonb DEFAULT '{}' NOT NULL,
    error jsonb,
    trace_id varchar DEFAULT '' NOT NULL,
    dedup_key varchar,
    dispatched_at timestamptz,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    started_at timestamptz,
    finished_at timestamptz,
    CONSTRAINT pk_jobs PRIMARY KEY (id),
    CONSTRAINT ck_jobs_status CHECK (status IN ('queued', 'running', 'done', 'failed')),
    CONSTRAINT ck_jobs_lease CHECK ((status = 'running') = (lease_owner IS NOT NULL)),
    CONSTRAINT uq_jobs_dedup_key UNIQUE (dedup_key)
);
CREATE INDEX ix_jobs_organization_id ON shared.jobs (organization_id);
CREATE INDEX ix_jobs_ready ON shared.jobs (priority, run_after, id) WHERE status IN ('queued', 'running');
CREATE INDEX ix_jobs_subject ON shared.jobs (subject_id);

CREATE TABLE shared.outbox (
    id bigint GENERATED ALWAYS AS IDENTITY,
    organization_id uuid,
    topic varchar NOT NULL,
    payload jsonb NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    run_after timestamptz DEFAULT now() NOT NULL,
    sent_at timestamptz,
    failed_at timestamptz,
    error varchar,
    created_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_outbox PRIMARY KEY (id)
);
CREATE INDEX ix_outbox_waiting ON shared.outbox (run_after, id) WHERE sent_at IS NULL AND failed_at IS NULL;

CREATE TABLE shared.idempotency_keys (
    organization_id uuid NOT NULL,
    caller varchar NOT NULL,
    key varchar NOT NULL,
    route varchar NOT NULL,
    request_sha256 varchar NOT NULL,
    status_code integer NOT NULL,
    body bytea NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_idempotency_keys PRIMARY KEY (organization_id, caller, key)
);
CREATE INDEX ix_idempotency_keys_created_at ON shared.idempotency_keys (created_at);

CREATE TABLE shared.api_metrics (
    id bigint GENERATED ALWAYS AS IDENTITY,
    timestamp timestamptz DEFAULT now() NOT NULL,
    route varchar NOT NULL,
    method varchar NOT NULL,
    status integer NOT NULL,
    response_time_ms double precision NOT NULL,
    CONSTRAINT pk_api_metrics PRIMARY KEY (id)
);
CREATE INDEX ix_api_metrics_timestamp ON shared.api_metrics (timestamp);

UPDATE public.alembic_version SET version_num='0003_shared' WHERE public.alembic_version.version_num = '0002_identity';

COMMIT;

BEGIN;

-- Running upgrade 0003_shared -> 0004_estimator

SET LOCAL lock_timeout = '3s';

SET LOCAL statement_timeout = '60s';

-- Quotations, their parts for questions and reports, what people decided, documents and evidence.

CREATE TABLE estimator.quotes (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    organization_id uuid NOT NULL,
    number varchar NOT NULL,
    revision integer DEFAULT 0 NOT NULL,
    previous_id uuid,
    origin varchar DEFAULT 'request' NOT NULL,
    status varchar DEFAULT 'queued' NOT NULL,
    request jsonb NOT NULL,
    request_sha256 varchar NOT NULL,
    customer_name varchar NOT NULL,
    project_name varchar NOT NULL,
    locale varchar NOT NULL,
    currency varchar NOT NULL,
    documents_wanted jsonb DEFAULT '[]' NOT NULL,
    quotation_date date NOT NULL,
    valid_until date NOT NULL,
    trace_id varchar NOT NULL,
    verdict varchar,
    totals jsonb DEFAULT '{}' NOT NULL,
    subtotal numeric(18, 4),
    total numeric(18, 4),
    margin_percent numeric(7, 4) DEFAULT 0 NOT NULL,
    discount_percent numeric(7, 4) DEFAULT 0 NOT NULL,
    vat_percent numeric(7, 4) DEFAULT 10 NOT NULL,
    engineering_sha256 varchar,
    document_id varchar,
    catalog_digest varchar,
    price_book_digest varchar,
    rulebook_digest varchar,
    result bytea,
    failure jsonb,
    comparison jsonb,
    event_sequence bigint DEFAULT 0 NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_by varchar NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    started_at timestamptz,
    completed_at timestamptz,
    sent_at timestamptz,
    closed_at timestamptz,
    CONSTRAINT pk_quotes PRIMARY KEY (id),
    CONSTRAINT uq_quotes_id_organization_id UNIQUE (id, organization_id),
    CONSTRAINT fk_quotes_previous_id_organization_id FOREIGN KEY (previous_id, organization_id) REFERENCES estimator.quotes (id, organization_id),
    CONSTRAINT uq_quotes_organization_id_number_revision UNIQUE (organization_id, number, revision),
    CONSTRAINT ck_quotes_status CHECK (status IN ('draft', 'queued', 'processing', 'completed', 'review', 'failed', 'sent', 'won', 'lost', 'expired')),
    CONSTRAINT ck_quotes_revision CHECK (revision BETWEEN 0 AND 999),
    CONSTRAINT ck_quotes_trace_id CHECK (trace_id ~ '^[0-9a-f]{32}$'),
    CONSTRAINT ck_quotes_verdict CHECK (verdict IS NULL OR verdict IN ('pass', 'remark', 'fail')),
    CONSTRAINT ck_quotes_sent CHECK (status <> 'sent' OR sent_at IS NOT NULL),
    CONSTRAINT fk_quotes_organization_id FOREIGN KEY (organization_id) REFERENCES identity.organizations (id)
);
CREATE INDEX ix_quotes_organization_id_created_at ON estimator.quotes (organization_id, created_at DESC, id);
CREATE INDEX ix_quotes_organization_id_status ON estimator.quotes (organization_id, status, created_at DESC);
CREATE INDEX ix_quotes_previous_id ON estimator.quotes (previous_id);
CREATE INDEX ix_quotes_trace_id ON estimator.quotes (trace_id);

CREATE TABLE estimator.panels (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    organization_id uuid NOT NULL,
    quote_id uuid NOT NULL,
    position integer NOT NULL,
    name varchar NOT NULL,
    quantity integer NOT NULL,
    is_designed boolean NOT NULL,
    enclosure_model varchar,
    width_mm integer,
    height_mm integer,
    depth_mm integer,
    fit_score numeric(6, 4),
    phase_r_a numeric(14, 4),
    phase_s_a numeric(14, 4),
    phase_t_a numeric(14, 4),
    imbalance numeric(8, 6),
    unit_subtotal numeric(18, 4),
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_panels PRIMARY KEY (id),
    CONSTRAINT uq_panels_id_organization_id UNIQUE (id, organization_id),
    CONSTRAINT fk_panels_quote_id_organization_id FOREIGN KEY (quote_id, organization_id) REFERENCES estimator.quotes (id, organization_id) ON DELETE CASCADE,
    CONSTRAINT uq_panels_quote_id_position UNIQUE (quote_id, position),
    CONSTRAINT fk_panels_organization_id FOREIGN KEY (organization_id) REFERENCES identity.organizations (id)
);
CREATE INDEX ix_panels_organization_id ON estimator.panels (organization_id);

CREATE TABLE estimator.breakers (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    organization_id uuid NOT NULL,
    panel_id uuid NOT NULL,
    position integer NOT NULL,
    role varchar NOT NULL,
    kind varchar NOT NULL,
    make varchar NOT NULL,
    model varchar NOT NULL,
    poles integer NOT NULL,
    frame_af integer,
    rating_a numeric(10, 2) NOT NULL,
    quantity integer NOT NULL,
    load_name varchar DEFAULT '' NOT NULL,
    phase varchar DEFAULT '' NOT NULL,
    phase_r_a numeric(14, 4) DEFAULT 0 NOT NULL,
    phase_s_a numeric(14, 4) DEFAULT 0 NOT NULL,
    phase_t_a numeric(14, 4) DEFAULT 0 NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_breakers PRIMARY KEY (id),
    CONSTRAINT fk_breakers_panel_id_organization_id FOREIGN KEY (panel_id, organization_id) REFERENCES estimator.panels (id, organization_id) ON DELETE CASCADE,
    CONSTRAINT uq_breakers_panel_id_position UNIQUE (panel_id, position),
    CONSTRAINT ck_breakers_role CHECK (role IN ('main', 'branch')),
    CONSTRAINT ck_breakers_quantity CHECK (quantity > 0),
    CONSTRAINT fk_breakers_organization_id FOREIGN KEY (organization_id) REFERENCES identity.organizations (id)
);
CREATE INDEX ix_breakers_organization_id ON estimator.breakers (organization_id);

CREATE TABLE estimator.quote_items (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    organization_id uuid NOT NULL,
    quote_id uuid NOT NULL,
    panel_id uuid,
    position integer NOT NULL,
    item varchar NOT NULL,
    spec varchar DEFAULT '' NOT NULL,
    unit varchar DEFAULT '' NOT NULL,
    quantity numeric(16, 4) NOT NULL,
    unit_price numeric(18, 4) NOT NULL,
    amount numeric(18, 4) NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_quote_items PRIMARY KEY (id),
    CONSTRAINT fk_quote_items_quote_id_organization_id FOREIGN KEY (quote_id, organization_id) REFERENCES estimator.quotes (id, organization_id) ON DELETE CASCADE,
    CONSTRAINT fk_quote_items_panel_id_organization_id FOREIGN KEY (panel_id, organization_id) REFERENCES estimator.panels (id, organization_id) ON DELETE CASCADE,
    CONSTRAINT uq_quote_items_quote_id_position UNIQUE (quote_id, position),
    CONSTRAINT fk_quote_items_organization_id FOREIGN KEY (organization_id) REFERENCES identity.organizations (id)
);
CREATE INDEX ix_quote_items_organization_id ON estimator.quote_items (organization_id);
CREATE INDEX ix_quote_items_panel_id ON estimator.quote_items (panel_id);

CREATE TABLE estimator.gate_results (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    organization_id uuid NOT NULL,
    quote_id uuid NOT NULL,
    position integer NOT NULL,
    panel varchar DEFAULT '' NOT NULL,
    gate varchar NOT NULL,
    stage varchar DEFAULT '' NOT NULL,
    verdict varchar NOT NULL,
    measured varchar,
    operator varchar DEFAULT '' NOT NULL,
    "limit" varchar,
    unit varchar DEFAULT '' NOT NULL,
    explanation varchar DEFAULT '' NOT NULL,
    acceptance jsonb,
    created_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_gate_results PRIMARY KEY (id),
    CONSTRAINT fk_gate_results_quote_id_organization_id FOREIGN KEY (quote_id, organization_id) REFERENCES estimator.quotes (id, organization_id) ON DELETE CASCADE,
    CONSTRAINT uq_gate_results_quote_id_position UNIQUE (quote_id, position),
    CONSTRAINT ck_gate_results_verdict CHECK (verdict IN ('pass', 'remark', 'fail', 'not_applicable', 'not_checked')),
    CONSTRAINT fk_gate_results_organization_id FOREIGN KEY (organization_id) REFERENCES identity.organizations (id)
);
CREATE INDEX ix_gate_results_gate ON estimator.gate_results (gate);
CREATE INDEX ix_gate_results_organization_id ON estimator.gate_results (organization_id);

CREATE TABLE estimator.gate_acceptances (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    organization_id uuid NOT NULL,
    quote_id uuid NOT NULL,
    panel varchar DEFAULT '' NOT NULL,
    gate varchar NOT NULL,
    measured varchar,
    reason varchar NOT NULL,
    accepted_by varchar NOT NULL,
    accepted_name varchar DEFAULT '' NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_gate_acceptances PRIMARY KEY (id),
    CONSTRAINT fk_gate_acceptances_quote_id_organization_id FOREIGN KEY (quote_id, organization_id) REFERENCES estimator.quotes (id, organization_id),
    CONSTRAINT uq_gate_acceptances_quote_id_panel_gate UNIQUE (quote_id, panel, gate),
    CONSTRAINT fk_gate_acceptances_organization_id FOREIGN KEY (organization_id) REFERENCES identity.organizations (id)
);
CREATE INDEX ix_gate_acceptances_organization_id ON estimator.gate_acceptances (organization_id);

CREATE TABLE estimator.mixed_exceptions (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    organization_id uuid NOT NULL,
    month date NOT NULL,
    ordinal integer NOT NULL,
    quote_id uuid NOT NULL,
    panel varchar NOT NULL,
    makes varchar NOT NULL,
    reason varchar NOT NULL,
    approved_by varchar NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_mixed_exceptions PRIMARY KEY (id),
    CONSTRAINT fk_mixed_exceptions_quote_id_organization_id FOREIGN KEY (quote_id, organization_id) REFERENCES estimator.quotes (id, organization_id),
    CONSTRAINT uq_mixed_exceptions_organization_id_month_ordinal UNIQUE (organization_id, month, ordinal),
    CONSTRAINT uq_mixed_exceptions_quote_id_panel UNIQUE (quote_id, panel),
    CONSTRAINT ck_mixed_exceptions_ordinal CHECK (ordinal BETWEEN 1 AND 2),
    CONSTRAINT ck_mixed_exceptions_month CHECK (month = date_trunc('month', created_at AT TIME ZONE 'Asia/Seoul')::date),
    CONSTRAINT fk_mixed_exceptions_organization_id FOREIGN KEY (organization_id) REFERENCES identity.organizations (id)
);

CREATE TABLE estimator.documents (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    organization_id uuid NOT NULL,
    quote_id uuid NOT NULL,
    trace_id varchar NOT NULL,
    kind varchar NOT NULL,
    name varchar NOT NULL,
    path varchar NOT NULL,
    media_type varchar NOT NULL,
    sha256 varchar NOT NULL,
    size bigint NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_documents PRIMARY KEY (id),
    CONSTRAINT fk_documents_quote_id_organization_id FOREIGN KEY (quote_id, organization_id) REFERENCES estimator.quotes (id, organization_id) ON DELETE CASCADE,
    CONSTRAINT uq_documents_quote_id_trace_id_name UNIQUE (quote_id, trace_id, name),
    CONSTRAINT ck_documents_sha256 CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    CONSTRAINT fk_documents_organization_id FOREIGN KEY (organization_id) REFERENCES identity.organizations (id)
);
CREATE INDEX ix_documents_organization_id ON estimator.documents (organization_id);
CREATE INDEX ix_documents_sha256 ON estimator.documents (sha256);

CREATE TABLE estimator.quote_events (
    quote_id uuid NOT NULL,
    seq bigint NOT NULL,
    organization_id uuid NOT NULL,
    kind varchar NOT NULL,
    data jsonb NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_quote_events PRIMARY KEY (quote_id, seq),
    CONSTRAINT fk_quote_events_quote_id_organization_id FOREIGN KEY (quote_id, organization_id) REFERENCES estimator.quotes (id, organization_id) ON DELETE CASCADE,
    CONSTRAINT ck_quote_events_kind CHECK (kind IN ('PROGRESS', 'GATE_RESULT', 'DONE', 'ERROR')),
    CONSTRAINT fk_quote_events_organization_id FOREIGN KEY (organization_id) REFERENCES identity.organizations (id)
);

CREATE TABLE estimator.number_counters (
    organization_id uuid NOT NULL,
    year integer NOT NULL,
    running integer NOT NULL,
    CONSTRAINT pk_number_counters PRIMARY KEY (organization_id, year),
    CONSTRAINT fk_number_counters_organization_id FOREIGN KEY (organization_id) REFERENCES identity.organizations (id)
);

CREATE TABLE estimator.rulebooks (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    organization_id uuid,
    name varchar NOT NULL,
    version varchar NOT NULL,
    valid_from date NOT NULL,
    digest varchar NOT NULL,
    content bytea NOT NULL,
    created_by uuid,
    created_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_rulebooks PRIMARY KEY (id),
    CONSTRAINT uq_rulebooks_organization_id_name_version UNIQUE (organization_id, name, version),
    CONSTRAINT fk_rulebooks_organization_id FOREIGN KEY (organization_id) REFERENCES identity.organizations (id) ON DELETE CASCADE
);
CREATE INDEX ix_rulebooks_organization_id ON estimator.rulebooks (organization_id);

CREATE TABLE estimator.evidence_packs (
    trace_id varchar NOT NULL,
    organization_id uuid NOT NULL,
    quote_id uuid NOT NULL,
    sequence bigint NOT NULL,
    previous_sha256 varchar,
    sha256 varchar NOT NULL,
    size bigint NOT NULL,
    facts jsonb NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_evidence_packs PRIMARY KEY (trace_id),
    CONSTRAINT uq_evidence_packs_organization_id_sequence UNIQUE (organization_id, sequence),
    CONSTRAINT uq_evidence_packs_trace_id_organization_id UNIQUE (trace_id, organization_id),
    CONSTRAINT fk_evidence_packs_quote_id_organization_id FOREIGN KEY (quote_id, organization_id) REFERENCES estimator.quotes (id, organization_id),
    CONSTRAINT ck_evidence_packs_trace_id CHECK (trace_id ~ '^[0-9a-f]{32}$'),
    CONSTRAINT ck_evidence_packs_sha256 CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    CONSTRAINT fk_evidence_packs_organization_id FOREIGN KEY (organization_id) REFERENCES identity.organizations (id),
    CONSTRAINT uq_evidence_packs_sha256 UNIQUE (sha256)
);
CREATE INDEX ix_evidence_packs_quote_id ON estimator.evidence_packs (quote_id);

CREATE TABLE estimator.evidence_blobs (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    organization_id uuid NOT NULL,
    quote_id uuid NOT NULL,
    trace_id varchar NOT NULL,
    stage varchar NOT NULL,
    name varchar NOT NULL,
    path varchar NOT NULL,
    sha256 varchar NOT NULL,
    size bigint NOT NULL,
    media_type varchar NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_evidence_blobs PRIMARY KEY (id),
    CONSTRAINT uq_evidence_blobs_trace_id_name UNIQUE (trace_id, name),
    CONSTRAINT fk_evidence_blobs_quote_id_organization_id FOREIGN KEY (quote_id, organization_id) REFERENCES estimator.quotes (id, organization_id),
    CONSTRAINT fk_evidence_blobs_trace_id_organization_id FOREIGN KEY (trace_id, organization_id) REFERENCES estimator.evidence_packs (trace_id, organization_id),
    CONSTRAINT ck_evidence_blobs_sha256 CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    CONSTRAINT fk_evidence_blobs_organization_id FOREIGN KEY (organization_id) REFERENCES identity.organizations (id)
);
CREATE INDEX ix_evidence_blobs_organization_id ON estimator.evidence_blobs (organization_id);
CREATE INDEX ix_evidence_blobs_path ON estimator.evidence_blobs (path);
CREATE INDEX ix_evidence_blobs_quote_id ON estimator.evidence_blobs (quote_id);
CREATE INDEX ix_evidence_blobs_sha256 ON estimator.evidence_blobs (sha256);

CREATE TABLE estimator.evidence_heads (
    organization_id uuid NOT NULL,
    sequence bigint NOT NULL,
    trace_id varchar NOT NULL,
    sha256 varchar NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_evidence_heads PRIMARY KEY (organization_id),
    CONSTRAINT fk_evidence_heads_organization_id FOREIGN KEY (organization_id) REFERENCES identity.organizations (id)
);

UPDATE public.alembic_version SET version_num='0004_estimator' WHERE public.alembic_version.version_num = '0003_shared';

COMMIT;

BEGIN;

-- Running upgrade 0004_estimator -> 0005_functions

SET LOCAL lock_timeout = '3s';

SET LOCAL statement_timeout = '60s';

-- Functions. Each sees only what its caller may see (SECURITY INVOKER, row-level security applies), except those that hold a rule
-- their caller must not be able to go round: shared.append_audit, shared.chain_audit and estimator.approve_mixed_exception.
--
-- Conditions the application tells apart by their SQLSTATE:
--   KIS01 the quotation was sent and is frozen          KIS02 this status may not follow that one
--   KIS03 the month's mixed exceptions are used up      KIS04 the quotation is not there, for this caller
--   KIS05 the audit log is only ever added to           KIS06 evidence is only ever added to
--   KIS07 a saved version of an article is not changed (revision 0008)
--   KIS10 a role is missing (migrations)

-- Integrity ----------------------------------------------------------------------------------------------------------

CREATE FUNCTION public.check_sha256(value text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = ''
AS $$ SELECT coalesce(value ~ '^[0-9a-f]{64}$', false) $$;
COMMENT ON FUNCTION public.check_sha256(text) IS 'Whether a text is a SHA-256 as KIS writes it: 64 digits, lower case.';

CREATE FUNCTION public.validate_evidence_integrity(evidence_id uuid, expected_sha256 text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = ''
AS $$
    SELECT public.check_sha256(expected_sha256) AND EXISTS (
        SELECT FROM estimator.evidence_blobs AS blob
        JOIN estimator.evidence_packs AS pack USING (trace_id, organization_id, quote_id)
        WHERE blob.id = evidence_id AND blob.sha256 = expected_sha256
    )
$$;
COMMENT ON FUNCTION public.validate_evidence_integrity(uuid, text) IS
    'Whether the evidence file of this id is there, belongs to a pack of the same quotation, and was sealed with this digest.';

-- Reckoning ----------------------------------------------------------------------------------------------------------

CREATE FUNCTION public.calculate_quote_totals(quote_id uuid) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = ''
AS $$
    -- The engine's own rule: every shown amount is rounded once, half up, to the digits of the currency.
    WITH quote AS (
        SELECT q.*, CASE q.currency WHEN 'KRW' THEN 0 ELSE 2 END AS digits,
            (SELECT coalesce(sum(i.amount), 0) FROM estimator.quote_items AS i WHERE i.quote_id = q.id) AS items_sum,
            (SELECT count(*) FROM estimator.quote_items AS i WHERE i.quote_id = q.id) AS items
        FROM estimator.quotes AS q WHERE q.id = calculate_quote_totals.quote_id
    ), with_margin AS (
        SELECT *, round(items_sum * margin_percent / 100, digits) AS margin FROM quote
    ), with_discount AS (
        SELECT *, round((items_sum + margin) * discount_percent / 100, digits) AS discount FROM with_margin
    ), with_vat AS (
        SELECT *, round((items_sum + margin - discount) * vat_percent / 100, digits) AS vat FROM with_discount
    )
    SELECT jsonb_build_object(
        'items', items,
        'subtotal', round(items_sum, digits)::text,
        'margin', margin::text,
        'discount', discount::text,
        'net', round(items_sum + margin - discount, digits)::text,
        'vat', vat::text,
        'total', round(items_sum + margin - discount + vat, digits)::text,
        'currency', currency,
        'calculated_at', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    )
    FROM with_vat
$$;
COMMENT ON FUNCTION public.calculate_quote_totals(uuid) IS
    'Totals of a quotation from its lines; amounts are texts of decimals. NULL where there is no such quotation for the caller.';

CREATE FUNCTION public.get_phase_balance(subject_id uuid) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = ''
AS $$
    -- Imbalance is (largest - smallest) / largest. A panel behind a two-pole main has the phases its branches name; any other
    -- has three, and one without load counts as 0 A.
    WITH panel AS (
        SELECT p.id, CASE WHEN p.id = subject_id THEN 1 ELSE p.quantity END AS times
        FROM estimator.panels AS p WHERE p.id = subject_id OR p.quote_id = subject_id
    ), breaker AS (
        SELECT b.*, panel.times FROM estimator.breakers AS b JOIN panel ON panel.id = b.panel_id
    ), load AS (
        SELECT
            coalesce(sum(phase_r_a * times) FILTER (WHERE role = 'branch'), 0) AS r,
            coalesce(sum(phase_s_a * times) FILTER (WHERE role = 'branch'), 0) AS s,
            coalesce(sum(phase_t_a * times) FILTER (WHERE role = 'branch'), 0) AS t,
            coalesce(max(poles) FILTER (WHERE role = 'main'), 3) >= 3 AS is_three_phase,
            coalesce(string_agg(phase, '') FILTER (WHERE role = 'branch'), '') AS used
        FROM breaker
    ), extreme AS (
        SELECT load.*,
            (SELECT max(a) FROM unnest(ARRAY[r, s, t]) AS a) AS largest,
            (
                SELECT min(a) FROM unnest(ARRAY[r, s, t], ARRAY['R', 'S', 'T']) AS phase (a, letter)
                WHERE is_three_phase OR used = '' OR position(letter IN used) > 0
            ) AS smallest
        FROM load WHERE EXISTS (SELECT FROM panel)
    ), result AS (
        SELECT *, CASE WHEN largest > 0 THEN (largest - smallest) / largest ELSE 0 END AS imbalance FROM extreme
    )
    SELECT jsonb_build_object(
        'phase_r', trim_scale(r), 'phase_s', trim_scale(s), 'phase_t', trim_scale(t), 'total', trim_scale(r + s + t),
        'imbalance', round(imbalance, 4), 'imbalance_percent', round(imbalance * 100, 2), 'balanced', imbalance <= 0.04,
        'calculated_at', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    )
    FROM result
$$;
COMMENT ON FUNCTION public.get_phase_balance(uuid) IS
    'Load of the phases, in amperes, of one panel (its id) or of all panels of a quotation (its id). balanced: imbalance of at most '
    '0.04; the gate of the engine is stricter. NULL where there is no such panel or quotation for the caller.';

-- Health -------------------------------------------------------------------------------------------------------------

CREATE FUNCTION public.health_check_detailed() RETURNS jsonb
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
COMMENT ON FUNCTION public.health_check_detailed() IS 'State of the database, without secrets and without rows of anybody.';

-- Audit --------------------------------------------------------------------------------------------------------------

CREATE FUNCTION shared.audit_digest(entry shared.audit_logs) RETURNS text
LANGUAGE sql STABLE SET search_path = ''
AS $$
    -- SHA-256 over the UTF-8 bytes of eleven lines, each ended by a line feed, in this order: sequence, organization_id, actor,
    -- action, target, before, after, address, trace_id, created_at, previous_sha256. A line is <length in bytes>:<text>, or - for
    -- NULL. uuid is lower case with hyphens; before and after are the text PostgreSQL gives for the jsonb (before::text);
    -- created_at is UTC with microseconds, 2026-11-20T01:02:03.000004Z. previous_sha256 of the first entry is 64 zeros.
    SELECT encode(sha256(convert_to(string_agg(
        CASE WHEN line IS NULL THEN '-' ELSE octet_length(convert_to(line, 'UTF8')) || ':' || line END || E'\n',
        '' ORDER BY place
    ), 'UTF8')), 'hex')
    FROM unnest(ARRAY[
        entry.sequence::text, entry.organization_id::text, entry.actor, entry.action, entry.target, entry.before::text,
        entry.after::text, entry.address, entry.trace_id,
        to_char(entry.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), entry.previous_sha256
    ]) WITH ORDINALITY AS canonical (line, place)
$$;
COMMENT ON FUNCTION shared.audit_digest(shared.audit_logs) IS 'The digest an entry of the audit log must carry; its body tells the canonical form.';

CREATE FUNCTION identity.is_service() RETURNS boolean
LANGUAGE sql STABLE SET search_path = ''
AS $$
    -- Inside a SECURITY DEFINER function current_user is its owner; the setting "role" still names who called.
    SELECT CASE current_setting('role')
        WHEN 'service_role' THEN true
        WHEN 'none' THEN pg_catalog.pg_has_role(session_user, 'service_role', 'USAGE')
        ELSE pg_catalog.pg_has_role(current_setting('role'), 'service_role', 'USAGE')
    END
$$;
COMMENT ON FUNCTION identity.is_service() IS 'Whether the caller works for the program and not for one organisation.';

CREATE FUNCTION shared.append_audit(
    organization uuid, actor text, action text, target text,
    before jsonb DEFAULT NULL, after jsonb DEFAULT NULL, address text DEFAULT '', trace_id text DEFAULT ''
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    IF NOT identity.is_service() AND organization IS DISTINCT FROM identity.current_organization_id() THEN
        RAISE EXCEPTION 'an entry for another organisation' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO shared.audit_pending (organization_id, actor, action, target, before, after, address, trace_id)
    VALUES (organization, actor, action, target, before, after, coalesce(address, ''), coalesce(trace_id, ''));
END
$$;
COMMENT ON FUNCTION shared.append_audit(uuid, text, text, text, jsonb, jsonb, text, text) IS
    'Add an entry to the audit log when this transaction commits; the only way to add one.';

CREATE FUNCTION shared.chain_audit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    entry shared.audit_logs;
BEGIN
    -- One at a time until the transaction ends, so that the sequence has no gap and the chain no fork. Deferred to the commit, the lock is
    -- held only while the server itself commits: no caller waits for another caller's program, which may come late to its commit.
    PERFORM pg_advisory_xact_lock(7203400801);
    SELECT last.sequence, last.sha256 INTO entry.sequence, entry.previous_sha256
    FROM shared.audit_logs AS last ORDER BY last.sequence DESC LIMIT 1;
    entry.sequence := coalesce(entry.sequence, 0) + 1;
    entry.previous_sha256 := coalesce(entry.previous_sha256, repeat('0', 64));
    entry.organization_id := NEW.organization_id;
    entry.actor := NEW.actor;
    entry.action := NEW.action;
    entry.target := NEW.target;
    entry.before := NEW.before;
    entry.after := NEW.after;
    entry.address := NEW.address;
    entry.trace_id := NEW.trace_id;
    entry.created_at := clock_timestamp();
    entry.sha256 := shared.audit_digest(entry);
    INSERT INTO shared.audit_logs SELECT entry.*;
    DELETE FROM shared.audit_pending AS pending WHERE pending.id = NEW.id;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION shared.chain_audit() IS 'Trigger at commit: put a waiting entry at the end of the audit log.';

-- Quotations ---------------------------------------------------------------------------------------------------------

CREATE FUNCTION estimator.next_running_number(organization uuid, for_year integer) RETURNS integer
LANGUAGE sql VOLATILE SET search_path = ''
AS $$
    INSERT INTO estimator.number_counters AS counter (organization_id, year, running) VALUES (organization, for_year, 1)
    ON CONFLICT (organization_id, year) DO UPDATE SET running = counter.running + 1
    RETURNING running
$$;
COMMENT ON FUNCTION estimator.next_running_number(uuid, integer) IS
    'The next number of an organisation in a year; given back when the transaction is rolled back, so that numbers have no gap.';

CREATE FUNCTION estimator.month_in_seoul(at timestamptz) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = ''
AS $$ SELECT date_trunc('month', at AT TIME ZONE 'Asia/Seoul')::date $$;
COMMENT ON FUNCTION estimator.month_in_seoul(timestamptz) IS 'First day of the calendar month it is in Seoul at a moment.';

CREATE FUNCTION estimator.approve_mixed_exception(
    quote uuid, panel text, makes text, reason text, actor text, at timestamptz DEFAULT NULL
) RETURNS estimator.mixed_exceptions
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    approved estimator.mixed_exceptions;
    owner_id uuid;
    moment timestamptz := coalesce(at, now());
    free integer;
BEGIN
    IF at IS NOT NULL AND NOT identity.is_service() THEN
        RAISE EXCEPTION 'the moment of an approval is now' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT q.organization_id INTO owner_id FROM estimator.quotes AS q WHERE q.id = quote;
    IF owner_id IS NULL OR NOT (identity.is_service() OR owner_id = identity.current_organization_id()) THEN
        RAISE EXCEPTION 'quotation % is not there', quote USING ERRCODE = 'KIS04';
    END IF;
    -- One at a time in an organisation and month; the unique ordinals hold even against who goes round this function.
    PERFORM pg_advisory_xact_lock(hashtextextended('mixed:' || owner_id || estimator.month_in_seoul(moment), 0));
    SELECT m.* INTO approved FROM estimator.mixed_exceptions AS m
    WHERE m.quote_id = quote AND m.panel = approve_mixed_exception.panel;
    IF FOUND THEN
        RETURN approved;
    END IF;
    SELECT min(candidate) INTO free FROM generate_series(1, 2) AS candidate
    WHERE NOT EXISTS (
        SELECT FROM estimator.mixed_exceptions AS m
        WHERE m.organization_id = owner_id AND m.month = estimator.month_in_seoul(moment) AND m.ordinal = candidate
    );
    IF free IS NULL THEN
        RAISE EXCEPTION 'the mixed exceptions of % are used up', to_char(estimator.month_in_seoul(moment), 'YYYY-MM')
            USING ERRCODE = 'KIS03';
    END IF;
    INSERT INTO estimator.mixed_exceptions AS m
        (organization_id, month, ordinal, quote_id, panel, makes, reason, approved_by, created_at)
    VALUES (
        owner_id, estimator.month_in_seoul(moment), free, quote, approve_mixed_exception.panel, approve_mixed_exception.makes,
        approve_mixed_exception.reason, actor, moment
    )
    RETURNING m.* INTO approved;
    RETURN approved;
END
$$;
COMMENT ON FUNCTION estimator.approve_mixed_exception(uuid, text, text, text, text, timestamptz) IS
    'Approve breakers of more than one make for a panel: at most two in an organisation and calendar month of Seoul. Asked again for '
    'the same panel it returns what was approved.';

CREATE FUNCTION estimator.append_quote_event(quote uuid, event_kind text, event_data jsonb) RETURNS bigint
LANGUAGE plpgsql SET search_path = ''
AS $$
DECLARE
    number bigint;
    owner_id uuid;
BEGIN
    UPDATE estimator.quotes AS q SET event_sequence = q.event_sequence + 1 WHERE q.id = quote
    RETURNING q.event_sequence, q.organization_id INTO number, owner_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'quotation % is not there', quote USING ERRCODE = 'KIS04';
    END IF;
    INSERT INTO estimator.quote_events (quote_id, seq, organization_id, kind, data)
    VALUES (quote, number, owner_id, event_kind, event_data);
    PERFORM pg_notify('kis', 'quote:' || quote);
    RETURN number;
END
$$;
COMMENT ON FUNCTION estimator.append_quote_event(uuid, text, jsonb) IS
    'Add an event to a quotation, tell the listeners of the channel kis at commit, and return its number: 1, 2, 3 … in order of commit.';

-- Who may call -------------------------------------------------------------------------------------------------------

-- The functions above that hold a rule work as service_role, whoever migrates.
GRANT CREATE ON SCHEMA shared, estimator TO service_role;
ALTER FUNCTION shared.append_audit(uuid, text, text, text, jsonb, jsonb, text, text) OWNER TO service_role;
ALTER FUNCTION shared.chain_audit() OWNER TO service_role;
ALTER FUNCTION estimator.approve_mixed_exception(uuid, text, text, text, text, timestamptz) OWNER TO service_role;
REVOKE CREATE ON SCHEMA shared, estimator FROM service_role;

DO $rights$
DECLARE
    callable regprocedure;
BEGIN
    FOREACH callable IN ARRAY ARRAY[
        'public.check_sha256(text)', 'public.validate_evidence_integrity(uuid, text)', 'public.calculate_quote_totals(uuid)',
        'public.get_phase_balance(uuid)', 'public.health_check_detailed()', 'shared.audit_digest(shared.audit_logs)',
        'identity.is_service()', 'shared.append_audit(uuid, text, text, text, jsonb, jsonb, text, text)',
        'estimator.next_running_number(uuid, integer)', 'estimator.month_in_seoul(timestamptz)',
        'estimator.approve_mixed_exception(uuid, text, text, text, text, timestamptz)',
        'estimator.append_quote_event(uuid, text, jsonb)'
    ]::regprocedure[] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', callable);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO authenticated, service_role', callable);
    END LOOP;
    REVOKE ALL ON FUNCTION shared.chain_audit() FROM PUBLIC;
END
$rights$;

UPDATE public.alembic_version SET version_num='0005_functions' WHERE public.alembic_version.version_num = '0004_estimator';

COMMIT;

BEGIN;

-- Running upgrade 0005_functions -> 0006_triggers

SET LOCAL lock_timeout = '3s';

SET LOCAL statement_timeout = '60s';

-- Triggers: times of change, the order of states, what is frozen, what is only ever added to.

-- Times of change ----------------------------------------------------------------------------------------------------

CREATE FUNCTION public.update_updated_at() RETURNS trigger
LANGUAGE plpgsql SET search_path = ''
AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION public.update_updated_at() IS 'Trigger: the row was changed now.';

CREATE TRIGGER trg_organizations_updated_at BEFORE UPDATE ON identity.organizations
    FOR EACH ROW EXECUTE FUNCTION public.update_updated_at();
CREATE TRIGGER trg_users_updated_at BEFORE UPDATE ON identity.users
    FOR EACH ROW EXECUTE FUNCTION public.update_updated_at();
CREATE TRIGGER trg_memberships_updated_at BEFORE UPDATE ON identity.memberships
    FOR EACH ROW EXECUTE FUNCTION public.update_updated_at();
CREATE TRIGGER trg_catalog_items_updated_at BEFORE UPDATE ON shared.catalog_items
    FOR EACH ROW EXECUTE FUNCTION public.update_updated_at();
CREATE TRIGGER trg_jobs_updated_at BEFORE UPDATE ON shared.jobs
    FOR EACH ROW EXECUTE FUNCTION public.update_updated_at();
-- The counter of its events is no change of a quotation.
CREATE TRIGGER trg_quotes_updated_at BEFORE UPDATE ON estimator.quotes
    FOR EACH ROW WHEN (OLD.event_sequence IS NOT DISTINCT FROM NEW.event_sequence)
    EXECUTE FUNCTION public.update_updated_at();
CREATE TRIGGER trg_panels_updated_at BEFORE UPDATE ON estimator.panels
    FOR EACH ROW EXECUTE FUNCTION public.update_updated_at();
CREATE TRIGGER trg_breakers_updated_at BEFORE UPDATE ON estimator.breakers
    FOR EACH ROW EXECUTE FUNCTION public.update_updated_at();
CREATE TRIGGER trg_quote_items_updated_at BEFORE UPDATE ON estimator.quote_items
    FOR EACH ROW EXECUTE FUNCTION public.update_updated_at();
CREATE TRIGGER trg_evidence_heads_updated_at BEFORE UPDATE ON estimator.evidence_heads
    FOR EACH ROW EXECUTE FUNCTION public.update_updated_at();

-- The life of a quotation --------------------------------------------------------------------------------------------

CREATE FUNCTION estimator.status_may_follow(old_status text, new_status text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = ''
AS $$
    SELECT old_status = new_status OR EXISTS (
        SELECT FROM (VALUES
            ('draft', 'queued'),
            ('queued', 'processing'),
            ('queued', 'failed'), -- its worker died each time before it could begin
            ('processing', 'completed'),
            ('processing', 'review'),
            ('processing', 'failed'),
            ('processing', 'queued'), -- taken up again
            ('review', 'queued'), -- after its gates were accepted
            ('review', 'completed'),
            ('failed', 'queued'),
            ('completed', 'sent'),
            ('sent', 'won'),
            ('sent', 'lost'),
            ('sent', 'expired'),
            ('expired', 'won'), -- a customer may answer late
            ('expired', 'lost')
        ) AS step (earlier, later)
        WHERE earlier = old_status AND later = new_status
    )
$$;
COMMENT ON FUNCTION estimator.status_may_follow(text, text) IS 'The order of states of a quotation.';

CREATE FUNCTION estimator.is_frozen(status text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = ''
AS $$ SELECT status IN ('sent', 'won', 'lost', 'expired') $$;
COMMENT ON FUNCTION estimator.is_frozen(text) IS 'Whether a quotation of this status is with the customer and must stay as it was sent.';

CREATE FUNCTION estimator.hold_quote() RETURNS trigger
LANGUAGE plpgsql SET search_path = ''
AS $$
DECLARE
    changeable CONSTANT text[] := ARRAY['status', 'closed_at', 'updated_at', 'version', 'event_sequence'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF estimator.is_frozen(OLD.status) THEN
            RAISE EXCEPTION 'quotation % was sent and stays', OLD.id USING ERRCODE = 'KIS01';
        END IF;
        RETURN OLD;
    END IF;
    IF NOT estimator.status_may_follow(OLD.status, NEW.status) THEN
        RAISE EXCEPTION 'quotation %: % may not follow %', OLD.id, NEW.status, OLD.status USING ERRCODE = 'KIS02';
    END IF;
    IF NEW.id <> OLD.id OR NEW.organization_id <> OLD.organization_id THEN
        RAISE EXCEPTION 'quotation % keeps its id and its organisation', OLD.id USING ERRCODE = 'KIS01';
    END IF;
    IF estimator.is_frozen(OLD.status) AND to_jsonb(OLD) - changeable <> to_jsonb(NEW) - changeable THEN
        RAISE EXCEPTION 'quotation % was sent and is frozen', OLD.id USING ERRCODE = 'KIS01';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION estimator.hold_quote() IS 'Trigger: states follow each other in order, and what was sent stays as it is.';

CREATE TRIGGER trg_quotes_hold BEFORE UPDATE OR DELETE ON estimator.quotes
    FOR EACH ROW EXECUTE FUNCTION estimator.hold_quote();

CREATE FUNCTION estimator.refuse_frozen(quote uuid, part text) RETURNS void
LANGUAGE plpgsql SET search_path = ''
AS $$
DECLARE
    held text;
BEGIN
    -- FOR SHARE waits for whoever is sending the quotation at this moment, and keeps it from being sent until we are done.
    -- A quotation that is being deleted with its parts is gone already: nothing is found, nothing is held.
    SELECT q.status INTO held FROM estimator.quotes AS q WHERE q.id = quote FOR SHARE;
    IF estimator.is_frozen(held) THEN
        RAISE EXCEPTION '% of quotation %: it was sent and is frozen', part, quote USING ERRCODE = 'KIS01';
    END IF;
END
$$;
COMMENT ON FUNCTION estimator.refuse_frozen(uuid, text) IS 'Fail where a quotation was sent.';

CREATE FUNCTION estimator.hold_part_of_quote() RETURNS trigger
LANGUAGE plpgsql SET search_path = ''
AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM estimator.refuse_frozen(OLD.quote_id, TG_TABLE_NAME);
    END IF;
    IF TG_OP = 'INSERT' OR TG_OP = 'UPDATE' AND NEW.quote_id <> OLD.quote_id THEN
        PERFORM estimator.refuse_frozen(NEW.quote_id, TG_TABLE_NAME);
    END IF;
    RETURN coalesce(NEW, OLD);
END
$$;
COMMENT ON FUNCTION estimator.hold_part_of_quote() IS 'Trigger: nothing below a quotation that was sent changes.';

CREATE FUNCTION estimator.hold_part_of_panel() RETURNS trigger
LANGUAGE plpgsql SET search_path = ''
AS $$
DECLARE
    quote uuid;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        SELECT p.quote_id INTO quote FROM estimator.panels AS p WHERE p.id = OLD.panel_id;
        PERFORM estimator.refuse_frozen(quote, TG_TABLE_NAME);
    END IF;
    IF TG_OP = 'INSERT' OR TG_OP = 'UPDATE' AND NEW.panel_id <> OLD.panel_id THEN
        SELECT p.quote_id INTO quote FROM estimator.panels AS p WHERE p.id = NEW.panel_id;
        PERFORM estimator.refuse_frozen(quote, TG_TABLE_NAME);
    END IF;
    RETURN coalesce(NEW, OLD);
END
$$;
COMMENT ON FUNCTION estimator.hold_part_of_panel() IS 'Trigger: nothing below a panel of a quotation that was sent changes.';

CREATE TRIGGER trg_panels_hold BEFORE INSERT OR UPDATE OR DELETE ON estimator.panels
    FOR EACH ROW EXECUTE FUNCTION estimator.hold_part_of_quote();
CREATE TRIGGER trg_breakers_hold BEFORE INSERT OR UPDATE OR DELETE ON estimator.breakers
    FOR EACH ROW EXECUTE FUNCTION estimator.hold_part_of_panel();
CREATE TRIGGER trg_quote_items_hold BEFORE INSERT OR UPDATE OR DELETE ON estimator.quote_items
    FOR EACH ROW EXECUTE FUNCTION estimator.hold_part_of_quote();
CREATE TRIGGER trg_gate_results_hold BEFORE INSERT OR UPDATE OR DELETE ON estimator.gate_results
    FOR EACH ROW EXECUTE FUNCTION estimator.hold_part_of_quote();
CREATE TRIGGER trg_gate_acceptances_hold BEFORE INSERT OR UPDATE OR DELETE ON estimator.gate_acceptances
    FOR EACH ROW EXECUTE FUNCTION estimator.hold_part_of_quote();
CREATE TRIGGER trg_mixed_exceptions_hold BEFORE INSERT OR UPDATE OR DELETE ON estimator.mixed_exceptions
    FOR EACH ROW EXECUTE FUNCTION estimator.hold_part_of_quote();
CREATE TRIGGER trg_documents_hold BEFORE INSERT OR UPDATE OR DELETE ON estimator.documents
    FOR EACH ROW EXECUTE FUNCTION estimator.hold_part_of_quote();
CREATE TRIGGER trg_evidence_packs_hold BEFORE INSERT ON estimator.evidence_packs
    FOR EACH ROW EXECUTE FUNCTION estimator.hold_part_of_quote();
CREATE TRIGGER trg_evidence_blobs_hold BEFORE INSERT ON estimator.evidence_blobs
    FOR EACH ROW EXECUTE FUNCTION estimator.hold_part_of_quote();

-- What is only ever added to -----------------------------------------------------------------------------------------

CREATE FUNCTION shared.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = ''
AS $$
BEGIN
    RAISE EXCEPTION '%.% is only ever added to: no %', TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_OP USING ERRCODE = TG_ARGV[0];
END
$$;
COMMENT ON FUNCTION shared.refuse_change() IS 'Trigger: refuse, with the SQLSTATE given; whoever asks.';

CREATE TRIGGER trg_audit_logs_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON shared.audit_logs
    FOR EACH STATEMENT EXECUTE FUNCTION shared.refuse_change('KIS05');
CREATE TRIGGER trg_evidence_packs_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON estimator.evidence_packs
    FOR EACH STATEMENT EXECUTE FUNCTION shared.refuse_change('KIS06');
CREATE TRIGGER trg_evidence_blobs_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON estimator.evidence_blobs
    FOR EACH STATEMENT EXECUTE FUNCTION shared.refuse_change('KIS06');

CREATE FUNCTION shared.check_audit_entry() RETURNS trigger
LANGUAGE plpgsql SET search_path = ''
AS $$
DECLARE
    previous shared.audit_logs;
BEGIN
    SELECT last.* INTO previous FROM shared.audit_logs AS last ORDER BY last.sequence DESC LIMIT 1;
    IF NEW.sequence <> coalesce(previous.sequence, 0) + 1
        OR NEW.previous_sha256 <> coalesce(previous.sha256, repeat('0', 64))
        OR NEW.sha256 <> shared.audit_digest(NEW) THEN
        RAISE EXCEPTION 'entry % does not follow on the last one', NEW.sequence USING ERRCODE = 'KIS05';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION shared.check_audit_entry() IS 'Trigger: an entry continues the chain and carries its digest, however it is added.';

CREATE CONSTRAINT TRIGGER trg_audit_pending_chain AFTER INSERT ON shared.audit_pending
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION shared.chain_audit();
CREATE TRIGGER trg_audit_logs_chain BEFORE INSERT ON shared.audit_logs
    FOR EACH ROW EXECUTE FUNCTION shared.check_audit_entry();

UPDATE public.alembic_version SET version_num='0006_triggers' WHERE public.alembic_version.version_num = '0005_functions';

COMMIT;

BEGIN;

-- Running upgrade 0006_triggers -> 0007_row_level_security

SET LOCAL lock_timeout = '3s';

SET LOCAL statement_timeout = '60s';

-- Rights of the roles, and row-level security on every table.
--
-- anon            sees the shipped catalogue
-- authenticated   a caller: the rows of its organisation, and the rights named here
-- service_role    the program's own work: all rows, with the rights named here
--
-- A policy says which rows, a right says which verbs; both must allow. FORCE: the owner of the tables is held too. A table without
-- policies shows nothing to anybody.

REVOKE ALL ON ALL TABLES IN SCHEMA identity, shared, estimator, knowledge FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA identity, shared, estimator TO service_role;
GRANT SELECT ON ALL SEQUENCES IN SCHEMA identity, shared, estimator TO service_role; -- for backups
REVOKE UPDATE, DELETE ON shared.audit_logs, estimator.evidence_packs, estimator.evidence_blobs FROM service_role;
REVOKE UPDATE ON shared.audit_pending FROM service_role;

-- Which revision the database has: read by the program, changed by the owner (who migrates) alone.
REVOKE ALL ON public.alembic_version FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT ON public.alembic_version TO authenticated, service_role;
ALTER TABLE public.alembic_version ENABLE ROW LEVEL SECURITY;
CREATE POLICY alembic_version_select ON public.alembic_version FOR SELECT TO authenticated, service_role USING (true);

-- identity -------------------------------------------------------------------------------------------------------------

-- An organisation sees itself.
ALTER TABLE identity.organizations ENABLE ROW LEVEL SECURITY;
ALTER TABLE identity.organizations FORCE ROW LEVEL SECURITY;
CREATE POLICY organizations_service_role_all ON identity.organizations FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY organizations_authenticated_select ON identity.organizations FOR SELECT TO authenticated
    USING (id = (SELECT identity.current_organization_id()));
CREATE POLICY organizations_authenticated_update ON identity.organizations FOR UPDATE TO authenticated
    USING (id = (SELECT identity.current_organization_id()))
    WITH CHECK (id = (SELECT identity.current_organization_id()));
GRANT SELECT, UPDATE ON identity.organizations TO authenticated;

-- People are seen through their membership. They may belong to others too, so changing them is the program's own work.
ALTER TABLE identity.users ENABLE ROW LEVEL SECURITY;
ALTER TABLE identity.users FORCE ROW LEVEL SECURITY;
CREATE POLICY users_service_role_all ON identity.users FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY users_authenticated_select ON identity.users FOR SELECT TO authenticated
    USING (id IN (SELECT m.user_id FROM identity.memberships AS m WHERE m.organization_id = (SELECT identity.current_organization_id())));
GRANT SELECT ON identity.users TO authenticated;

ALTER TABLE identity.memberships ENABLE ROW LEVEL SECURITY;
ALTER TABLE identity.memberships FORCE ROW LEVEL SECURITY;
CREATE POLICY memberships_service_role_all ON identity.memberships FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY memberships_authenticated_select ON identity.memberships FOR SELECT TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY memberships_authenticated_insert ON identity.memberships FOR INSERT TO authenticated
    WITH CHECK (organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY memberships_authenticated_update ON identity.memberships FOR UPDATE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()))
    WITH CHECK (organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY memberships_authenticated_delete ON identity.memberships FOR DELETE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()));
GRANT SELECT, INSERT, UPDATE, DELETE ON identity.memberships TO authenticated;

ALTER TABLE identity.sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE identity.sessions FORCE ROW LEVEL SECURITY;
CREATE POLICY sessions_service_role_all ON identity.sessions FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY sessions_authenticated_select ON identity.sessions FOR SELECT TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY sessions_authenticated_update ON identity.sessions FOR UPDATE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()))
    WITH CHECK (organization_id = (SELECT identity.current_organization_id()));
GRANT SELECT, UPDATE ON identity.sessions TO authenticated;

-- Nobody but the program itself reads these.
ALTER TABLE identity.refresh_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE identity.refresh_tokens FORCE ROW LEVEL SECURITY;
CREATE POLICY refresh_tokens_service_role_all ON identity.refresh_tokens FOR ALL TO service_role USING (true) WITH CHECK (true);

ALTER TABLE identity.api_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE identity.api_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY api_keys_service_role_all ON identity.api_keys FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY api_keys_authenticated_select ON identity.api_keys FOR SELECT TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY api_keys_authenticated_insert ON identity.api_keys FOR INSERT TO authenticated
    WITH CHECK (organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY api_keys_authenticated_update ON identity.api_keys FOR UPDATE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()))
    WITH CHECK (organization_id = (SELECT identity.current_organization_id()));
GRANT SELECT, INSERT, UPDATE ON identity.api_keys TO authenticated;

ALTER TABLE identity.one_time_links ENABLE ROW LEVEL SECURITY;
ALTER TABLE identity.one_time_links FORCE ROW LEVEL SECURITY;
CREATE POLICY one_time_links_service_role_all ON identity.one_time_links FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY one_time_links_authenticated_select ON identity.one_time_links FOR SELECT TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY one_time_links_authenticated_insert ON identity.one_time_links FOR INSERT TO authenticated
    WITH CHECK (organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY one_time_links_authenticated_update ON identity.one_time_links FOR UPDATE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()))
    WITH CHECK (organization_id = (SELECT identity.current_organization_id()));
GRANT SELECT, INSERT, UPDATE ON identity.one_time_links TO authenticated;

ALTER TABLE identity.foreign_identities ENABLE ROW LEVEL SECURITY;
ALTER TABLE identity.foreign_identities FORCE ROW LEVEL SECURITY;
CREATE POLICY foreign_identities_service_role_all ON identity.foreign_identities FOR ALL TO service_role USING (true) WITH CHECK (true);

-- shared ---------------------------------------------------------------------------------------------------------------

-- What is shipped belongs to nobody: everyone reads it, the program alone writes it.
ALTER TABLE shared.catalog_items ENABLE ROW LEVEL SECURITY;
ALTER TABLE shared.catalog_items FORCE ROW LEVEL SECURITY;
CREATE POLICY catalog_service_role_all ON shared.catalog_items FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY catalog_public_select ON shared.catalog_items FOR SELECT TO anon, authenticated
    USING (organization_id IS NULL OR organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY catalog_authenticated_insert ON shared.catalog_items FOR INSERT TO authenticated
    WITH CHECK (organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY catalog_authenticated_update ON shared.catalog_items FOR UPDATE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()))
    WITH CHECK (organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY catalog_authenticated_delete ON shared.catalog_items FOR DELETE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()));
GRANT SELECT, INSERT, UPDATE, DELETE ON shared.catalog_items TO authenticated;
GRANT SELECT ON shared.catalog_items TO anon;

ALTER TABLE shared.catalog_editions ENABLE ROW LEVEL SECURITY;
ALTER TABLE shared.catalog_editions FORCE ROW LEVEL SECURITY;
CREATE POLICY catalog_editions_service_role_all ON shared.catalog_editions FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY catalog_editions_authenticated_select ON shared.catalog_editions FOR SELECT TO authenticated
    USING (organization_id IS NULL OR organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY catalog_editions_authenticated_insert ON shared.catalog_editions FOR INSERT TO authenticated
    WITH CHECK (organization_id = (SELECT identity.current_organization_id()));
GRANT SELECT, INSERT ON shared.catalog_editions TO authenticated;

ALTER TABLE shared.price_books ENABLE ROW LEVEL SECURITY;
ALTER TABLE shared.price_books FORCE ROW LEVEL SECURITY;
CREATE POLICY price_books_service_role_all ON shared.price_books FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY price_books_authenticated_select ON shared.price_books FOR SELECT TO authenticated
    USING (organization_id IS NULL OR organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY price_books_authenticated_insert ON shared.price_books FOR INSERT TO authenticated
    WITH CHECK (organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY price_books_authenticated_update ON shared.price_books FOR UPDATE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()))
    WITH CHECK (organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY price_books_authenticated_delete ON shared.price_books FOR DELETE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()));
GRANT SELECT, INSERT, UPDATE, DELETE ON shared.price_books TO authenticated;

-- Read here, added to by shared.append_audit alone.
ALTER TABLE shared.audit_logs ENABLE ROW LEVEL SECURITY;
ALTER TABLE shared.audit_logs FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_logs_service_role_all ON shared.audit_logs FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY audit_logs_authenticated_select ON shared.audit_logs FOR SELECT TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()));
GRANT SELECT ON shared.audit_logs TO authenticated;

-- What waits for its commit is nobody's to read.
ALTER TABLE shared.audit_pending ENABLE ROW LEVEL SECURITY;
ALTER TABLE shared.audit_pending FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_pending_service_role_all ON shared.audit_pending FOR ALL TO service_role USING (true) WITH CHECK (true);

ALTER TABLE shared.jobs ENABLE ROW LEVEL SECURITY;
ALTER TABLE shared.jobs FORCE ROW LEVEL SECURITY;
CREATE POLICY jobs_service_role_all ON shared.jobs FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY jobs_authenticated_select ON shared.jobs FOR SELECT TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY jobs_authenticated_insert ON shared.jobs FOR INSERT TO authenticated
    WITH CHECK (organization_id = (SELECT identity.current_organization_id()));
GRANT SELECT, INSERT ON shared.jobs TO authenticated;

-- What waits to leave may hold a mail with a link that logs in: its payload is not read back.
ALTER TABLE shared.outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE shared.outbox FORCE ROW LEVEL SECURITY;
CREATE POLICY outbox_service_role_all ON shared.outbox FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY outbox_authenticated_select ON shared.outbox FOR SELECT TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY outbox_authenticated_insert ON shared.outbox FOR INSERT TO authenticated
    WITH CHECK (organization_id = (SELECT identity.current_organization_id()));
GRANT SELECT (id, organization_id, topic, attempts, run_after, sent_at, failed_at, created_at), INSERT ON shared.outbox TO authenticated;

ALTER TABLE shared.idempotency_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE shared.idempotency_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY idempotency_keys_service_role_all ON shared.idempotency_keys FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY idempotency_keys_authenticated_select ON shared.idempotency_keys FOR SELECT TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY idempotency_keys_authenticated_insert ON shared.idempotency_keys FOR INSERT TO authenticated
    WITH CHECK (organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY idempotency_keys_authenticated_update ON shared.idempotency_keys FOR UPDATE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()))
    WITH CHECK (organization_id = (SELECT identity.current_organization_id()));
GRANT SELECT, INSERT, UPDATE ON shared.idempotency_keys TO authenticated;

ALTER TABLE shared.api_metrics ENABLE ROW LEVEL SECURITY;
ALTER TABLE shared.api_metrics FORCE ROW LEVEL SECURITY;
CREATE POLICY api_metrics_service_role_all ON shared.api_metrics FOR ALL TO service_role USING (true) WITH CHECK (true);

-- estimator ------------------------------------------------------------------------------------------------------------

-- Quotations are never deleted by a caller; their parts are written by the program when it has designed them.
ALTER TABLE estimator.quotes ENABLE ROW LEVEL SECURITY;
ALTER TABLE estimator.quotes FORCE ROW LEVEL SECURITY;
CREATE POLICY quotes_service_role_all ON estimator.quotes FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY quotes_authenticated_select ON estimator.quotes FOR SELECT TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY quotes_authenticated_insert ON estimator.quotes FOR INSERT TO authenticated
    WITH CHECK (organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY quotes_authenticated_update ON estimator.quotes FOR UPDATE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()))
    WITH CHECK (organization_id = (SELECT identity.current_organization_id()));
GRANT SELECT, INSERT, UPDATE ON estimator.quotes TO authenticated;

ALTER TABLE estimator.panels ENABLE ROW LEVEL SECURITY;
ALTER TABLE estimator.panels FORCE ROW LEVEL SECURITY;
CREATE POLICY panels_service_role_all ON estimator.panels FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY panels_authenticated_select ON estimator.panels FOR SELECT TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()));
GRANT SELECT ON estimator.panels TO authenticated;

ALTER TABLE estimator.breakers ENABLE ROW LEVEL SECURITY;
ALTER TABLE estimator.breakers FORCE ROW LEVEL SECURITY;
CREATE POLICY breakers_service_role_all ON estimator.breakers FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY breakers_authenticated_select ON estimator.breakers FOR SELECT TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()));
GRANT SELECT ON estimator.breakers TO authenticated;

ALTER TABLE estimator.quote_items ENABLE ROW LEVEL SECURITY;
ALTER TABLE estimator.quote_items FORCE ROW LEVEL SECURITY;
CREATE POLICY quote_items_service_role_all ON estimator.quote_items FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY quote_items_authenticated_select ON estimator.quote_items FOR SELECT TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()));
GRANT SELECT ON estimator.quote_items TO authenticated;

ALTER TABLE estimator.gate_results ENABLE ROW LEVEL SECURITY;
ALTER TABLE estimator.gate_results FORCE ROW LEVEL SECURITY;
CREATE POLICY gate_results_service_role_all ON estimator.gate_results FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY gate_results_authenticated_select ON estimator.gate_results FOR SELECT TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()));
GRANT SELECT ON estimator.gate_results TO authenticated;

ALTER TABLE estimator.gate_acceptances ENABLE ROW LEVEL SECURITY;
ALTER TABLE estimator.gate_acceptances FORCE ROW LEVEL SECURITY;
CREATE POLICY gate_acceptances_service_role_all ON estimator.gate_acceptances FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY gate_acceptances_authenticated_select ON estimator.gate_acceptances FOR SELECT TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY gate_acceptances_authenticated_insert ON estimator.gate_acceptances FOR INSERT TO authenticated
    WITH CHECK (organization_id = (SELECT identity.current_organization_id()));
GRANT SELECT, INSERT ON estimator.gate_acceptances TO authenticated;

-- Approved by estimator.approve_mixed_exception alone.
ALTER TABLE estimator.mixed_exceptions ENABLE ROW LEVEL SECURITY;
ALTER TABLE estimator.mixed_exceptions FORCE ROW LEVEL SECURITY;
CREATE POLICY mixed_exceptions_service_role_all ON estimator.mixed_exceptions FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY mixed_exceptions_authenticated_select ON estimator.mixed_exceptions FOR SELECT TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()));
GRANT SELECT ON estimator.mixed_exceptions TO authenticated;

ALTER TABLE estimator.documents ENABLE ROW LEVEL SECURITY;
ALTER TABLE estimator.documents FORCE ROW LEVEL SECURITY;
CREATE POLICY documents_service_role_all ON estimator.documents FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY documents_authenticated_select ON estimator.documents FOR SELECT TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()));
GRANT SELECT ON estimator.documents TO authenticated;

ALTER TABLE estimator.quote_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE estimator.quote_events FORCE ROW LEVEL SECURITY;
CREATE POLICY quote_events_service_role_all ON estimator.quote_events FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY quote_events_authenticated_select ON estimator.quote_events FOR SELECT TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY quote_events_authenticated_insert ON estimator.quote_events FOR INSERT TO authenticated
    WITH CHECK (organization_id = (SELECT identity.current_organization_id()));
GRANT SELECT, INSERT ON estimator.quote_events TO authenticated;

ALTER TABLE estimator.number_counters ENABLE ROW LEVEL SECURITY;
ALTER TABLE estimator.number_counters FORCE ROW LEVEL SECURITY;
CREATE POLICY number_counters_service_role_all ON estimator.number_counters FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY number_counters_authenticated_select ON estimator.number_counters FOR SELECT TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY number_counters_authenticated_insert ON estimator.number_counters FOR INSERT TO authenticated
    WITH CHECK (organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY number_counters_authenticated_update ON estimator.number_counters FOR UPDATE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()))
    WITH CHECK (organization_id = (SELECT identity.current_organization_id()));
GRANT SELECT, INSERT, UPDATE ON estimator.number_counters TO authenticated;

ALTER TABLE estimator.rulebooks ENABLE ROW LEVEL SECURITY;
ALTER TABLE estimator.rulebooks FORCE ROW LEVEL SECURITY;
CREATE POLICY rulebooks_service_role_all ON estimator.rulebooks FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY rulebooks_authenticated_select ON estimator.rulebooks FOR SELECT TO authenticated
    USING (organization_id IS NULL OR organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY rulebooks_authenticated_insert ON estimator.rulebooks FOR INSERT TO authenticated
    WITH CHECK (organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY rulebooks_authenticated_update ON estimator.rulebooks FOR UPDATE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()))
    WITH CHECK (organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY rulebooks_authenticated_delete ON estimator.rulebooks FOR DELETE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()));
GRANT SELECT, INSERT, UPDATE, DELETE ON estimator.rulebooks TO authenticated;

ALTER TABLE estimator.evidence_packs ENABLE ROW LEVEL SECURITY;
ALTER TABLE estimator.evidence_packs FORCE ROW LEVEL SECURITY;
CREATE POLICY evidence_packs_service_role_all ON estimator.evidence_packs FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY evidence_packs_authenticated_select ON estimator.evidence_packs FOR SELECT TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()));
GRANT SELECT ON estimator.evidence_packs TO authenticated;

ALTER TABLE estimator.evidence_blobs ENABLE ROW LEVEL SECURITY;
ALTER TABLE estimator.evidence_blobs FORCE ROW LEVEL SECURITY;
CREATE POLICY evidence_service_role_all ON estimator.evidence_blobs FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY evidence_authenticated_select ON estimator.evidence_blobs FOR SELECT TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()));
GRANT SELECT ON estimator.evidence_blobs TO authenticated;

ALTER TABLE estimator.evidence_heads ENABLE ROW LEVEL SECURITY;
ALTER TABLE estimator.evidence_heads FORCE ROW LEVEL SECURITY;
CREATE POLICY evidence_heads_service_role_all ON estimator.evidence_heads FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY evidence_heads_authenticated_select ON estimator.evidence_heads FOR SELECT TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()));
GRANT SELECT ON estimator.evidence_heads TO authenticated;

UPDATE public.alembic_version SET version_num='0007_row_level_security' WHERE public.alembic_version.version_num = '0006_triggers';

COMMIT;

BEGIN;

-- Running upgrade 0007_row_level_security -> 0008_knowledge

SET LOCAL lock_timeout = '3s';

SET LOCAL statement_timeout = '60s';

-- The knowledge base and its search: who may read, articles with their versions, what is found and by which terms.

CREATE TABLE knowledge.audiences (
    id integer GENERATED ALWAYS AS IDENTITY,
    organization_id uuid,
    visibility varchar NOT NULL,
    roles varchar[] DEFAULT '{}' NOT NULL,
    is_published boolean NOT NULL,
    CONSTRAINT pk_audiences PRIMARY KEY (id),
    CONSTRAINT uq_audiences_organization_id_visibility_roles_is_published UNIQUE (organization_id, visibility, roles, is_published),
    CONSTRAINT ck_audiences_visibility CHECK (visibility IN ('public', 'organization', 'role')),
    CONSTRAINT ck_audiences_roles CHECK ((visibility = 'role') = (cardinality(roles) > 0)),
    CONSTRAINT fk_audiences_organization_id FOREIGN KEY (organization_id) REFERENCES identity.organizations (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX uq_audiences_shipped ON knowledge.audiences (visibility, roles, is_published) WHERE organization_id IS NULL;

CREATE TABLE knowledge.categories (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    organization_id uuid NOT NULL,
    parent_id uuid,
    slug varchar NOT NULL,
    name_ko varchar NOT NULL,
    name_en varchar NOT NULL,
    icon varchar DEFAULT '' NOT NULL,
    position integer DEFAULT 0 NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_categories PRIMARY KEY (id),
    CONSTRAINT uq_categories_organization_id_slug UNIQUE (organization_id, slug),
    CONSTRAINT uq_categories_organization_id_id UNIQUE (organization_id, id),
    CONSTRAINT fk_categories_parent_id FOREIGN KEY (organization_id, parent_id) REFERENCES knowledge.categories (organization_id, id),
    CONSTRAINT ck_categories_parent CHECK (parent_id <> id),
    CONSTRAINT fk_categories_organization_id FOREIGN KEY (organization_id) REFERENCES identity.organizations (id) ON DELETE CASCADE
);
CREATE INDEX ix_categories_parent_id ON knowledge.categories (parent_id);

CREATE TABLE knowledge.articles (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    organization_id uuid NOT NULL,
    audience_id integer NOT NULL,
    slug varchar NOT NULL,
    type varchar DEFAULT 'article' NOT NULL,
    category_id uuid,
    visibility varchar DEFAULT 'organization' NOT NULL,
    roles varchar[] DEFAULT '{}' NOT NULL,
    status varchar DEFAULT 'draft' NOT NULL,
    current_version integer DEFAULT 1 NOT NULL,
    published_version integer,
    approved_by varchar,
    publish_at timestamptz,
    published_at timestamptz,
    owner varchar NOT NULL,
    created_by varchar NOT NULL,
    changed_by varchar NOT NULL,
    review_on date,
    reminded_at timestamptz,
    expires_at timestamptz,
    views integer DEFAULT 0 NOT NULL,
    helpful integer DEFAULT 0 NOT NULL,
    unhelpful integer DEFAULT 0 NOT NULL,
    deleted_at timestamptz,
    deleted_by varchar,
    revision integer DEFAULT 1 NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_articles PRIMARY KEY (id),
    CONSTRAINT uq_articles_organization_id_id UNIQUE (organization_id, id),
    CONSTRAINT fk_articles_category_id FOREIGN KEY (organization_id, category_id) REFERENCES knowledge.categories (organization_id, id),
    CONSTRAINT ck_articles_type CHECK (type IN ('article', 'faq', 'guide', 'api_doc', 'glossary', 'tutorial', 'reference')),
    CONSTRAINT ck_articles_status CHECK (status IN ('draft', 'in_review', 'approved', 'scheduled', 'published', 'archived')),
    CONSTRAINT ck_articles_publish_at CHECK ((status = 'scheduled') = (publish_at IS NOT NULL)),
    CONSTRAINT fk_articles_organization_id FOREIGN KEY (organization_id) REFERENCES identity.organizations (id) ON DELETE CASCADE,
    CONSTRAINT fk_articles_audience_id FOREIGN KEY (audience_id) REFERENCES knowledge.audiences (id)
);
CREATE INDEX ix_articles_audience_id ON knowledge.articles (audience_id);
CREATE INDEX ix_articles_category_id ON knowledge.articles (category_id);
CREATE INDEX ix_articles_due ON knowledge.articles (publish_at) WHERE status = 'scheduled';
CREATE INDEX ix_articles_organization_id_updated_at ON knowledge.articles (organization_id, updated_at);
CREATE UNIQUE INDEX uq_articles_slug ON knowledge.articles (organization_id, slug) WHERE deleted_at IS NULL;

CREATE TABLE knowledge.article_versions (
    article_id uuid NOT NULL,
    number integer NOT NULL,
    organization_id uuid NOT NULL,
    audience_id integer NOT NULL,
    texts jsonb NOT NULL,
    details jsonb DEFAULT '{}' NOT NULL,
    note varchar DEFAULT '' NOT NULL,
    saved_by varchar NOT NULL,
    saved_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_article_versions PRIMARY KEY (article_id, number),
    CONSTRAINT fk_article_versions_organization_id_article_id FOREIGN KEY (organization_id, article_id) REFERENCES knowledge.articles (organization_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_article_versions_audience_id FOREIGN KEY (audience_id) REFERENCES knowledge.audiences (id)
);
CREATE INDEX ix_article_versions_audience_id ON knowledge.article_versions (audience_id);

CREATE TABLE knowledge.article_links (
    article_id uuid NOT NULL,
    related_id uuid NOT NULL,
    organization_id uuid NOT NULL,
    place integer DEFAULT 0 NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_article_links PRIMARY KEY (article_id, related_id),
    CONSTRAINT fk_article_links_organization_id_article_id FOREIGN KEY (organization_id, article_id) REFERENCES knowledge.articles (organization_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_article_links_organization_id_related_id FOREIGN KEY (organization_id, related_id) REFERENCES knowledge.articles (organization_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_article_links_other CHECK (article_id <> related_id)
);
CREATE INDEX ix_article_links_related_id ON knowledge.article_links (related_id);

CREATE TABLE knowledge.attachments (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    organization_id uuid NOT NULL,
    article_id uuid NOT NULL,
    audience_id integer NOT NULL,
    name varchar NOT NULL,
    media_type varchar NOT NULL,
    size_bytes integer NOT NULL,
    sha256 varchar NOT NULL,
    added_by varchar NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_attachments PRIMARY KEY (id),
    CONSTRAINT fk_attachments_organization_id_article_id FOREIGN KEY (organization_id, article_id) REFERENCES knowledge.articles (organization_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_attachments_sha256 CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    CONSTRAINT fk_attachments_audience_id FOREIGN KEY (audience_id) REFERENCES knowledge.audiences (id)
);
CREATE INDEX ix_attachments_article_id ON knowledge.attachments (article_id);
CREATE INDEX ix_attachments_sha256 ON knowledge.attachments (sha256);

CREATE TABLE knowledge.review_comments (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    organization_id uuid NOT NULL,
    article_id uuid NOT NULL,
    version integer NOT NULL,
    language varchar DEFAULT '' NOT NULL,
    quoted varchar DEFAULT '' NOT NULL,
    body varchar NOT NULL,
    answers_id uuid,
    written_by varchar NOT NULL,
    resolved_by varchar,
    resolved_at timestamptz,
    created_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_review_comments PRIMARY KEY (id),
    CONSTRAINT fk_review_comments_organization_id_article_id FOREIGN KEY (organization_id, article_id) REFERENCES knowledge.articles (organization_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_review_comments_answers_id FOREIGN KEY (answers_id) REFERENCES knowledge.review_comments (id) ON DELETE CASCADE
);
CREATE INDEX ix_review_comments_article_id ON knowledge.review_comments (article_id);

CREATE TABLE knowledge.feedback (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    organization_id uuid NOT NULL,
    article_id uuid NOT NULL,
    reader varchar NOT NULL,
    is_helpful boolean NOT NULL,
    comment varchar DEFAULT '' NOT NULL,
    language varchar DEFAULT '' NOT NULL,
    version integer DEFAULT 0 NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_feedback PRIMARY KEY (id),
    CONSTRAINT uq_feedback_organization_id_article_id_reader UNIQUE (organization_id, article_id, reader),
    CONSTRAINT fk_feedback_organization_id FOREIGN KEY (organization_id) REFERENCES identity.organizations (id) ON DELETE CASCADE,
    CONSTRAINT fk_feedback_article_id FOREIGN KEY (article_id) REFERENCES knowledge.articles (id) ON DELETE CASCADE
);
CREATE INDEX ix_feedback_article_id ON knowledge.feedback (article_id);

CREATE TABLE knowledge.settings (
    organization_id uuid NOT NULL,
    author_may_review boolean DEFAULT false NOT NULL,
    reminder_days integer DEFAULT 14 NOT NULL,
    search_log_days integer DEFAULT 90 NOT NULL,
    bin_days integer DEFAULT 30 NOT NULL,
    features jsonb DEFAULT '{}' NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_settings PRIMARY KEY (organization_id),
    CONSTRAINT ck_settings_search_log_days CHECK (search_log_days BETWEEN 1 AND 3650),
    CONSTRAINT ck_settings_bin_days CHECK (bin_days BETWEEN 1 AND 3650),
    CONSTRAINT fk_settings_organization_id FOREIGN KEY (organization_id) REFERENCES identity.organizations (id) ON DELETE CASCADE
);

CREATE TABLE knowledge.import_runs (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    organization_id uuid NOT NULL,
    kind varchar NOT NULL,
    options jsonb DEFAULT '{}' NOT NULL,
    status varchar DEFAULT 'queued' NOT NULL,
    total integer DEFAULT 0 NOT NULL,
    done integer DEFAULT 0 NOT NULL,
    failed integer DEFAULT 0 NOT NULL,
    error jsonb,
    started_by varchar NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    finished_at timestamptz,
    CONSTRAINT pk_import_runs PRIMARY KEY (id),
    CONSTRAINT uq_import_runs_organization_id_id UNIQUE (organization_id, id),
    CONSTRAINT ck_import_runs_status CHECK (status IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    CONSTRAINT fk_import_runs_organization_id FOREIGN KEY (organization_id) REFERENCES identity.organizations (id) ON DELETE CASCADE
);
CREATE INDEX ix_import_runs_organization_id_created_at ON knowledge.import_runs (organization_id, created_at);

CREATE TABLE knowledge.import_rows (
    run_id uuid NOT NULL,
    number integer NOT NULL,
    organization_id uuid NOT NULL,
    name varchar NOT NULL,
    content jsonb NOT NULL,
    outcome varchar,
    article_id uuid,
    problems jsonb DEFAULT '[]' NOT NULL,
    CONSTRAINT pk_import_rows PRIMARY KEY (run_id, number),
    CONSTRAINT fk_import_rows_organization_id_run_id FOREIGN KEY (organization_id, run_id) REFERENCES knowledge.import_runs (organization_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_import_rows_outcome CHECK (outcome IN ('created', 'updated', 'unchanged', 'skipped', 'failed'))
);
CREATE INDEX ix_import_rows_open ON knowledge.import_rows (run_id, number) WHERE outcome IS NULL;

CREATE TABLE knowledge.search_items (
    id integer GENERATED ALWAYS AS IDENTITY,
    organization_id uuid,
    audience_id integer NOT NULL,
    source varchar NOT NULL,
    source_id uuid NOT NULL,
    language varchar NOT NULL,
    title varchar NOT NULL,
    summary varchar DEFAULT '' NOT NULL,
    body varchar DEFAULT '' NOT NULL,
    names varchar[] DEFAULT '{}' NOT NULL,
    tags varchar[] DEFAULT '{}' NOT NULL,
    category_id uuid,
    kind varchar DEFAULT '' NOT NULL,
    status varchar DEFAULT '' NOT NULL,
    author varchar DEFAULT '' NOT NULL,
    link varchar DEFAULT '' NOT NULL,
    facts jsonb DEFAULT '{}' NOT NULL,
    dated_at timestamptz NOT NULL,
    expires_at timestamptz,
    lengths jsonb DEFAULT '{}' NOT NULL,
    has_morphemes boolean DEFAULT false NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_search_items PRIMARY KEY (id),
    CONSTRAINT ck_search_items_source CHECK (source IN ('article', 'quotation', 'catalog_item')),
    CONSTRAINT ck_search_items_language CHECK (language IN ('ko', 'en')),
    CONSTRAINT fk_search_items_organization_id FOREIGN KEY (organization_id) REFERENCES identity.organizations (id) ON DELETE CASCADE,
    CONSTRAINT fk_search_items_audience_id FOREIGN KEY (audience_id) REFERENCES knowledge.audiences (id) ON DELETE CASCADE
);
CREATE INDEX ix_search_items_audience_id ON knowledge.search_items (audience_id);
CREATE INDEX ix_search_items_organization_id ON knowledge.search_items (organization_id);
CREATE INDEX ix_search_items_source ON knowledge.search_items (source, source_id);
CREATE INDEX ix_search_items_unfinished ON knowledge.search_items (id) WHERE NOT has_morphemes;

CREATE TABLE knowledge.search_postings (
    term varchar COLLATE "C" NOT NULL,
    audience_id integer NOT NULL,
    item_id integer NOT NULL,
    weight REAL NOT NULL,
    fields integer NOT NULL,
    CONSTRAINT pk_search_postings PRIMARY KEY (term, audience_id, item_id) INCLUDE (weight, fields)
);

CREATE TABLE knowledge.search_terms (
    term varchar COLLATE "C" NOT NULL,
    audience_id integer NOT NULL,
    items integer NOT NULL,
    CONSTRAINT pk_search_terms PRIMARY KEY (term, audience_id),
    CONSTRAINT fk_search_terms_audience_id FOREIGN KEY (audience_id) REFERENCES knowledge.audiences (id) ON DELETE CASCADE
);

CREATE TABLE knowledge.search_statistics (
    audience_id integer NOT NULL,
    items integer DEFAULT 0 NOT NULL,
    lengths jsonb DEFAULT '{}' NOT NULL,
    counted_at timestamptz DEFAULT now() NOT NULL,
    newest_item_id integer DEFAULT 0 NOT NULL,
    CONSTRAINT pk_search_statistics PRIMARY KEY (audience_id),
    CONSTRAINT fk_search_statistics_audience_id FOREIGN KEY (audience_id) REFERENCES knowledge.audiences (id) ON DELETE CASCADE
);

CREATE TABLE knowledge.search_spellings (
    audience_id integer NOT NULL,
    spelling varchar COLLATE "C" NOT NULL,
    word varchar COLLATE "C" NOT NULL,
    CONSTRAINT pk_search_spellings PRIMARY KEY (audience_id, spelling, word),
    CONSTRAINT fk_search_spellings_audience_id FOREIGN KEY (audience_id) REFERENCES knowledge.audiences (id) ON DELETE CASCADE
);

CREATE TABLE knowledge.search_phrases (
    item_id integer NOT NULL,
    typed varchar COLLATE "C" NOT NULL,
    audience_id integer NOT NULL,
    phrase varchar NOT NULL,
    weight REAL NOT NULL,
    CONSTRAINT pk_search_phrases PRIMARY KEY (item_id, typed),
    CONSTRAINT fk_search_phrases_item_id FOREIGN KEY (item_id) REFERENCES knowledge.search_items (id) ON DELETE CASCADE,
    CONSTRAINT fk_search_phrases_audience_id FOREIGN KEY (audience_id) REFERENCES knowledge.audiences (id) ON DELETE CASCADE
);
CREATE INDEX ix_search_phrases_item_id ON knowledge.search_phrases (item_id);
CREATE INDEX ix_search_phrases_typed ON knowledge.search_phrases (typed text_pattern_ops);

CREATE TABLE knowledge.search_vectors (
    item_id integer NOT NULL,
    model varchar NOT NULL,
    part integer DEFAULT 0 NOT NULL,
    audience_id integer NOT NULL,
    dimensions integer NOT NULL,
    values REAL[] NOT NULL,
    made_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_search_vectors PRIMARY KEY (item_id, model, part),
    CONSTRAINT fk_search_vectors_item_id FOREIGN KEY (item_id) REFERENCES knowledge.search_items (id) ON DELETE CASCADE,
    CONSTRAINT fk_search_vectors_audience_id FOREIGN KEY (audience_id) REFERENCES knowledge.audiences (id) ON DELETE CASCADE
);

CREATE TABLE knowledge.synonyms (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    organization_id uuid,
    words varchar[] NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    updated_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_synonyms PRIMARY KEY (id),
    CONSTRAINT ck_synonyms_words CHECK (cardinality(words) > 1),
    CONSTRAINT fk_synonyms_organization_id FOREIGN KEY (organization_id) REFERENCES identity.organizations (id) ON DELETE CASCADE
);
CREATE INDEX ix_synonyms_organization_id ON knowledge.synonyms (organization_id);

CREATE TABLE knowledge.search_pins (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    organization_id uuid NOT NULL,
    query varchar NOT NULL,
    source varchar NOT NULL,
    source_id uuid NOT NULL,
    place integer DEFAULT 1 NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_search_pins PRIMARY KEY (id),
    CONSTRAINT uq_search_pins_organization_id_query_source_source_id UNIQUE (organization_id, query, source, source_id),
    CONSTRAINT fk_search_pins_organization_id FOREIGN KEY (organization_id) REFERENCES identity.organizations (id) ON DELETE CASCADE
);

CREATE TABLE knowledge.search_log (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    organization_id uuid NOT NULL,
    session varchar NOT NULL,
    query varchar NOT NULL,
    corrected varchar DEFAULT '' NOT NULL,
    filters jsonb DEFAULT '{}' NOT NULL,
    language varchar DEFAULT '' NOT NULL,
    hits integer NOT NULL,
    milliseconds double precision NOT NULL,
    clicks jsonb DEFAULT '[]' NOT NULL,
    created_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_search_log PRIMARY KEY (id),
    CONSTRAINT fk_search_log_organization_id FOREIGN KEY (organization_id) REFERENCES identity.organizations (id) ON DELETE CASCADE
);
CREATE INDEX ix_search_log_organization_id_created_at ON knowledge.search_log (organization_id, created_at);

-- Rights -------------------------------------------------------------------------------------------------------------

CREATE FUNCTION identity.acting_role() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = ''
AS $$
    SELECT CASE
        WHEN nullif(current_setting('request.jwt.claims', true), '') IS NULL THEN nullif(current_setting('kis.role', true), '')
        ELSE current_setting('request.jwt.claims', true)::jsonb -> 'app_metadata' ->> 'role'
    END
$$;
COMMENT ON FUNCTION identity.acting_role() IS 'The caller''s role in the organisation, by the token where PostgREST put one, else as the application says.';

CREATE FUNCTION identity.sees_drafts() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = ''
AS $$
    SELECT CASE
        WHEN nullif(current_setting('request.jwt.claims', true), '') IS NULL THEN current_setting('kis.sees_drafts', true) = 'on'
        ELSE identity.acting_role() IN ('admin', 'editor', 'reviewer')
    END
$$;
COMMENT ON FUNCTION identity.sees_drafts() IS 'Whether the caller writes or reviews articles and so reads what is not published.';

CREATE FUNCTION knowledge.audience_of(
    organization uuid, visibility text, roles text[] DEFAULT '{}', is_published boolean DEFAULT true
) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    known integer;
BEGIN
    IF NOT identity.is_service() AND organization IS DISTINCT FROM identity.current_organization_id() THEN
        RAISE EXCEPTION 'an audience of another organisation' USING ERRCODE = 'insufficient_privilege';
    END IF;
    LOOP
        SELECT a.id INTO known FROM knowledge.audiences AS a
        WHERE a.organization_id IS NOT DISTINCT FROM organization AND a.visibility = audience_of.visibility
            AND a.roles = audience_of.roles::varchar[] AND a.is_published = audience_of.is_published;
        IF FOUND THEN
            RETURN known;
        END IF;
        INSERT INTO knowledge.audiences (organization_id, visibility, roles, is_published)
        VALUES (organization, audience_of.visibility, audience_of.roles, audience_of.is_published)
        ON CONFLICT DO NOTHING;
    END LOOP;
END
$$;
COMMENT ON FUNCTION knowledge.audience_of(uuid, text, text[], boolean) IS
    'The audience that may read so; made where nobody has named it yet. The roles are sorted.';

-- Counters of an article, whoever says whether it helped: a public one has readers in other organisations.
CREATE FUNCTION knowledge.count_feedback() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE knowledge.articles SET helpful = helpful - OLD.is_helpful::integer, unhelpful = unhelpful - (NOT OLD.is_helpful)::integer
        WHERE id = OLD.article_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        UPDATE knowledge.articles SET helpful = helpful + NEW.is_helpful::integer, unhelpful = unhelpful + (NOT NEW.is_helpful)::integer
        WHERE id = NEW.article_id;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION knowledge.count_feedback() IS 'Trigger: an article knows how many it helped.';

CREATE FUNCTION knowledge.hold_version() RETURNS trigger
LANGUAGE plpgsql SET search_path = ''
AS $$
BEGIN
    IF (OLD.article_id, OLD.number, OLD.organization_id, OLD.texts, OLD.details, OLD.note, OLD.saved_by, OLD.saved_at)
        IS DISTINCT FROM (NEW.article_id, NEW.number, NEW.organization_id, NEW.texts, NEW.details, NEW.note, NEW.saved_by, NEW.saved_at) THEN
        RAISE EXCEPTION 'version % of article % was saved and is not changed', OLD.number, OLD.article_id USING ERRCODE = 'KIS07';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION knowledge.hold_version() IS 'Trigger: of a saved version only its audience changes.';

GRANT CREATE ON SCHEMA knowledge TO service_role;
ALTER FUNCTION knowledge.audience_of(uuid, text, text[], boolean) OWNER TO service_role;
ALTER FUNCTION knowledge.count_feedback() OWNER TO service_role;
REVOKE CREATE ON SCHEMA knowledge FROM service_role;
REVOKE ALL ON FUNCTION knowledge.audience_of(uuid, text, text[], boolean), identity.acting_role(), identity.sees_drafts(),
    knowledge.count_feedback(), knowledge.hold_version() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION knowledge.audience_of(uuid, text, text[], boolean), identity.acting_role(), identity.sees_drafts()
    TO authenticated, service_role;

-- Triggers -----------------------------------------------------------------------------------------------------------

CREATE TRIGGER trg_categories_updated_at BEFORE UPDATE ON knowledge.categories
    FOR EACH ROW EXECUTE FUNCTION public.update_updated_at();
CREATE TRIGGER trg_articles_updated_at BEFORE UPDATE ON knowledge.articles
    FOR EACH ROW EXECUTE FUNCTION public.update_updated_at();
CREATE TRIGGER trg_feedback_updated_at BEFORE UPDATE ON knowledge.feedback
    FOR EACH ROW EXECUTE FUNCTION public.update_updated_at();
CREATE TRIGGER trg_settings_updated_at BEFORE UPDATE ON knowledge.settings
    FOR EACH ROW EXECUTE FUNCTION public.update_updated_at();
CREATE TRIGGER trg_synonyms_updated_at BEFORE UPDATE ON knowledge.synonyms
    FOR EACH ROW EXECUTE FUNCTION public.update_updated_at();
CREATE TRIGGER trg_feedback_count AFTER INSERT OR UPDATE OR DELETE ON knowledge.feedback
    FOR EACH ROW EXECUTE FUNCTION knowledge.count_feedback();
CREATE TRIGGER trg_article_versions_hold BEFORE UPDATE ON knowledge.article_versions
    FOR EACH ROW EXECUTE FUNCTION knowledge.hold_version();

-- Row-level security -------------------------------------------------------------------------------------------------

-- The one predicate of all that is read here: what names an audience is read by those who see the audience.
ALTER TABLE knowledge.audiences ENABLE ROW LEVEL SECURITY;
ALTER TABLE knowledge.audiences FORCE ROW LEVEL SECURITY;
CREATE POLICY audiences_service_role_all ON knowledge.audiences FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY audiences_authenticated_select ON knowledge.audiences FOR SELECT TO authenticated
    USING (
        (SELECT identity.current_organization_id()) IS NOT NULL
        AND (
            is_published AND (organization_id IS NULL OR visibility = 'public')
            OR organization_id = (SELECT identity.current_organization_id())
            AND (is_published OR (SELECT identity.sees_drafts()))
            AND (visibility <> 'role' OR (SELECT identity.acting_role()) = ANY (roles || '{admin}'::varchar[]))
        )
    );
GRANT SELECT ON knowledge.audiences TO authenticated;

-- The tree is no secret within an organisation; that it has articles is theirs to show.
ALTER TABLE knowledge.categories ENABLE ROW LEVEL SECURITY;
ALTER TABLE knowledge.categories FORCE ROW LEVEL SECURITY;
CREATE POLICY categories_service_role_all ON knowledge.categories FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY categories_authenticated_select ON knowledge.categories FOR SELECT TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY categories_authenticated_insert ON knowledge.categories FOR INSERT TO authenticated
    WITH CHECK (organization_id = (SELECT identity.current_organization_id())
        AND (SELECT identity.sees_drafts()));
CREATE POLICY categories_authenticated_update ON knowledge.categories FOR UPDATE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id())
        AND (SELECT identity.sees_drafts()))
    WITH CHECK (organization_id = (SELECT identity.current_organization_id())
        AND (SELECT identity.sees_drafts()));
CREATE POLICY categories_authenticated_delete ON knowledge.categories FOR DELETE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id())
        AND (SELECT identity.sees_drafts()));
GRANT SELECT, INSERT, UPDATE, DELETE ON knowledge.categories TO authenticated;

ALTER TABLE knowledge.articles ENABLE ROW LEVEL SECURITY;
ALTER TABLE knowledge.articles FORCE ROW LEVEL SECURITY;
CREATE POLICY articles_service_role_all ON knowledge.articles FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY articles_authenticated_select ON knowledge.articles FOR SELECT TO authenticated
    USING (audience_id IN (SELECT a.id FROM knowledge.audiences AS a));
CREATE POLICY articles_authenticated_insert ON knowledge.articles FOR INSERT TO authenticated
    WITH CHECK (organization_id = (SELECT identity.current_organization_id())
        AND (SELECT identity.sees_drafts()));
CREATE POLICY articles_authenticated_update ON knowledge.articles FOR UPDATE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id())
        AND (SELECT identity.sees_drafts()))
    WITH CHECK (organization_id = (SELECT identity.current_organization_id())
        AND (SELECT identity.sees_drafts()));
CREATE POLICY articles_authenticated_delete ON knowledge.articles FOR DELETE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id())
        AND (SELECT identity.sees_drafts()));
GRANT SELECT, INSERT, UPDATE, DELETE ON knowledge.articles TO authenticated;

ALTER TABLE knowledge.article_versions ENABLE ROW LEVEL SECURITY;
ALTER TABLE knowledge.article_versions FORCE ROW LEVEL SECURITY;
CREATE POLICY article_versions_service_role_all ON knowledge.article_versions FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY article_versions_authenticated_select ON knowledge.article_versions FOR SELECT TO authenticated
    USING (audience_id IN (SELECT a.id FROM knowledge.audiences AS a));
CREATE POLICY article_versions_authenticated_insert ON knowledge.article_versions FOR INSERT TO authenticated
    WITH CHECK (organization_id = (SELECT identity.current_organization_id())
        AND (SELECT identity.sees_drafts()));
CREATE POLICY article_versions_authenticated_update ON knowledge.article_versions FOR UPDATE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id())
        AND (SELECT identity.sees_drafts()))
    WITH CHECK (organization_id = (SELECT identity.current_organization_id())
        AND (SELECT identity.sees_drafts()));
GRANT SELECT, INSERT, UPDATE ON knowledge.article_versions TO authenticated;

ALTER TABLE knowledge.article_links ENABLE ROW LEVEL SECURITY;
ALTER TABLE knowledge.article_links FORCE ROW LEVEL SECURITY;
CREATE POLICY article_links_service_role_all ON knowledge.article_links FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY article_links_authenticated_select ON knowledge.article_links FOR SELECT TO authenticated
    USING (article_id IN (SELECT x.id FROM knowledge.articles AS x) AND related_id IN (SELECT x.id FROM knowledge.articles AS x));
CREATE POLICY article_links_authenticated_insert ON knowledge.article_links FOR INSERT TO authenticated
    WITH CHECK (organization_id = (SELECT identity.current_organization_id())
        AND (SELECT identity.sees_drafts()));
CREATE POLICY article_links_authenticated_update ON knowledge.article_links FOR UPDATE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id())
        AND (SELECT identity.sees_drafts()))
    WITH CHECK (organization_id = (SELECT identity.current_organization_id())
        AND (SELECT identity.sees_drafts()));
CREATE POLICY article_links_authenticated_delete ON knowledge.article_links FOR DELETE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id())
        AND (SELECT identity.sees_drafts()));
GRANT SELECT, INSERT, UPDATE, DELETE ON knowledge.article_links TO authenticated;

ALTER TABLE knowledge.attachments ENABLE ROW LEVEL SECURITY;
ALTER TABLE knowledge.attachments FORCE ROW LEVEL SECURITY;
CREATE POLICY attachments_service_role_all ON knowledge.attachments FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY attachments_authenticated_select ON knowledge.attachments FOR SELECT TO authenticated
    USING (audience_id IN (SELECT a.id FROM knowledge.audiences AS a));
CREATE POLICY attachments_authenticated_insert ON knowledge.attachments FOR INSERT TO authenticated
    WITH CHECK (organization_id = (SELECT identity.current_organization_id())
        AND (SELECT identity.sees_drafts()));
CREATE POLICY attachments_authenticated_update ON knowledge.attachments FOR UPDATE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id())
        AND (SELECT identity.sees_drafts()))
    WITH CHECK (organization_id = (SELECT identity.current_organization_id())
        AND (SELECT identity.sees_drafts()));
CREATE POLICY attachments_authenticated_delete ON knowledge.attachments FOR DELETE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id())
        AND (SELECT identity.sees_drafts()));
GRANT SELECT, INSERT, UPDATE, DELETE ON knowledge.attachments TO authenticated;

-- What is said in review is for those who write and review.
ALTER TABLE knowledge.review_comments ENABLE ROW LEVEL SECURITY;
ALTER TABLE knowledge.review_comments FORCE ROW LEVEL SECURITY;
CREATE POLICY review_comments_service_role_all ON knowledge.review_comments FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY review_comments_authenticated_select ON knowledge.review_comments FOR SELECT TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id())
        AND (SELECT identity.sees_drafts()));
CREATE POLICY review_comments_authenticated_insert ON knowledge.review_comments FOR INSERT TO authenticated
    WITH CHECK (organization_id = (SELECT identity.current_organization_id())
        AND (SELECT identity.sees_drafts()));
CREATE POLICY review_comments_authenticated_update ON knowledge.review_comments FOR UPDATE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id())
        AND (SELECT identity.sees_drafts()))
    WITH CHECK (organization_id = (SELECT identity.current_organization_id())
        AND (SELECT identity.sees_drafts()));
CREATE POLICY review_comments_authenticated_delete ON knowledge.review_comments FOR DELETE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id())
        AND (SELECT identity.sees_drafts()));
GRANT SELECT, INSERT, UPDATE, DELETE ON knowledge.review_comments TO authenticated;

ALTER TABLE knowledge.feedback ENABLE ROW LEVEL SECURITY;
ALTER TABLE knowledge.feedback FORCE ROW LEVEL SECURITY;
CREATE POLICY feedback_service_role_all ON knowledge.feedback FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY feedback_authenticated_select ON knowledge.feedback FOR SELECT TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY feedback_authenticated_insert ON knowledge.feedback FOR INSERT TO authenticated
    WITH CHECK (organization_id = (SELECT identity.current_organization_id())
        AND article_id IN (SELECT x.id FROM knowledge.articles AS x));
CREATE POLICY feedback_authenticated_update ON knowledge.feedback FOR UPDATE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()))
    WITH CHECK (organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY feedback_authenticated_delete ON knowledge.feedback FOR DELETE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()));
GRANT SELECT, INSERT, UPDATE, DELETE ON knowledge.feedback TO authenticated;

ALTER TABLE knowledge.settings ENABLE ROW LEVEL SECURITY;
ALTER TABLE knowledge.settings FORCE ROW LEVEL SECURITY;
CREATE POLICY settings_service_role_all ON knowledge.settings FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY settings_authenticated_select ON knowledge.settings FOR SELECT TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY settings_authenticated_insert ON knowledge.settings FOR INSERT TO authenticated
    WITH CHECK (organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY settings_authenticated_update ON knowledge.settings FOR UPDATE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()))
    WITH CHECK (organization_id = (SELECT identity.current_organization_id()));
GRANT SELECT, INSERT, UPDATE ON knowledge.settings TO authenticated;

ALTER TABLE knowledge.import_runs ENABLE ROW LEVEL SECURITY;
ALTER TABLE knowledge.import_runs FORCE ROW LEVEL SECURITY;
CREATE POLICY import_runs_service_role_all ON knowledge.import_runs FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY import_runs_authenticated_select ON knowledge.import_runs FOR SELECT TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id())
        AND (SELECT identity.sees_drafts()));
CREATE POLICY import_runs_authenticated_insert ON knowledge.import_runs FOR INSERT TO authenticated
    WITH CHECK (organization_id = (SELECT identity.current_organization_id())
        AND (SELECT identity.sees_drafts()));
CREATE POLICY import_runs_authenticated_update ON knowledge.import_runs FOR UPDATE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id())
        AND (SELECT identity.sees_drafts()))
    WITH CHECK (organization_id = (SELECT identity.current_organization_id())
        AND (SELECT identity.sees_drafts()));
GRANT SELECT, INSERT, UPDATE ON knowledge.import_runs TO authenticated;

ALTER TABLE knowledge.import_rows ENABLE ROW LEVEL SECURITY;
ALTER TABLE knowledge.import_rows FORCE ROW LEVEL SECURITY;
CREATE POLICY import_rows_service_role_all ON knowledge.import_rows FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY import_rows_authenticated_select ON knowledge.import_rows FOR SELECT TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id())
        AND (SELECT identity.sees_drafts()));
CREATE POLICY import_rows_authenticated_insert ON knowledge.import_rows FOR INSERT TO authenticated
    WITH CHECK (organization_id = (SELECT identity.current_organization_id())
        AND (SELECT identity.sees_drafts()));
CREATE POLICY import_rows_authenticated_update ON knowledge.import_rows FOR UPDATE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id())
        AND (SELECT identity.sees_drafts()))
    WITH CHECK (organization_id = (SELECT identity.current_organization_id())
        AND (SELECT identity.sees_drafts()));
GRANT SELECT, INSERT, UPDATE ON knowledge.import_rows TO authenticated;

ALTER TABLE knowledge.search_items ENABLE ROW LEVEL SECURITY;
ALTER TABLE knowledge.search_items FORCE ROW LEVEL SECURITY;
CREATE POLICY search_items_service_role_all ON knowledge.search_items FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY search_items_authenticated_select ON knowledge.search_items FOR SELECT TO authenticated
    USING (audience_id IN (SELECT a.id FROM knowledge.audiences AS a));
CREATE POLICY search_items_authenticated_insert ON knowledge.search_items FOR INSERT TO authenticated
    WITH CHECK (audience_id IN (SELECT a.id FROM knowledge.audiences AS a WHERE a.organization_id = (SELECT identity.current_organization_id()))
        AND organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY search_items_authenticated_delete ON knowledge.search_items FOR DELETE TO authenticated
    USING (audience_id IN (SELECT a.id FROM knowledge.audiences AS a WHERE a.organization_id = (SELECT identity.current_organization_id())));
GRANT SELECT, INSERT, DELETE ON knowledge.search_items TO authenticated;

ALTER TABLE knowledge.search_postings ENABLE ROW LEVEL SECURITY;
ALTER TABLE knowledge.search_postings FORCE ROW LEVEL SECURITY;
CREATE POLICY search_postings_service_role_all ON knowledge.search_postings FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY search_postings_authenticated_select ON knowledge.search_postings FOR SELECT TO authenticated
    USING (audience_id IN (SELECT a.id FROM knowledge.audiences AS a));
CREATE POLICY search_postings_authenticated_insert ON knowledge.search_postings FOR INSERT TO authenticated
    WITH CHECK (audience_id IN (SELECT a.id FROM knowledge.audiences AS a WHERE a.organization_id = (SELECT identity.current_organization_id())));
CREATE POLICY search_postings_authenticated_delete ON knowledge.search_postings FOR DELETE TO authenticated
    USING (audience_id IN (SELECT a.id FROM knowledge.audiences AS a WHERE a.organization_id = (SELECT identity.current_organization_id())));
GRANT SELECT, INSERT, DELETE ON knowledge.search_postings TO authenticated;

-- Counted by the program; read by whoever reads what was counted.
ALTER TABLE knowledge.search_terms ENABLE ROW LEVEL SECURITY;
ALTER TABLE knowledge.search_terms FORCE ROW LEVEL SECURITY;
CREATE POLICY search_terms_service_role_all ON knowledge.search_terms FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY search_terms_authenticated_select ON knowledge.search_terms FOR SELECT TO authenticated
    USING (audience_id IN (SELECT a.id FROM knowledge.audiences AS a));
GRANT SELECT ON knowledge.search_terms TO authenticated;

ALTER TABLE knowledge.search_statistics ENABLE ROW LEVEL SECURITY;
ALTER TABLE knowledge.search_statistics FORCE ROW LEVEL SECURITY;
CREATE POLICY search_statistics_service_role_all ON knowledge.search_statistics FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY search_statistics_authenticated_select ON knowledge.search_statistics FOR SELECT TO authenticated
    USING (audience_id IN (SELECT a.id FROM knowledge.audiences AS a));
GRANT SELECT ON knowledge.search_statistics TO authenticated;

ALTER TABLE knowledge.search_spellings ENABLE ROW LEVEL SECURITY;
ALTER TABLE knowledge.search_spellings FORCE ROW LEVEL SECURITY;
CREATE POLICY search_spellings_service_role_all ON knowledge.search_spellings FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY search_spellings_authenticated_select ON knowledge.search_spellings FOR SELECT TO authenticated
    USING (audience_id IN (SELECT a.id FROM knowledge.audiences AS a));
GRANT SELECT ON knowledge.search_spellings TO authenticated;

ALTER TABLE knowledge.search_phrases ENABLE ROW LEVEL SECURITY;
ALTER TABLE knowledge.search_phrases FORCE ROW LEVEL SECURITY;
CREATE POLICY search_phrases_service_role_all ON knowledge.search_phrases FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY search_phrases_authenticated_select ON knowledge.search_phrases FOR SELECT TO authenticated
    USING (audience_id IN (SELECT a.id FROM knowledge.audiences AS a));
CREATE POLICY search_phrases_authenticated_insert ON knowledge.search_phrases FOR INSERT TO authenticated
    WITH CHECK (audience_id IN (SELECT a.id FROM knowledge.audiences AS a WHERE a.organization_id = (SELECT identity.current_organization_id())));
CREATE POLICY search_phrases_authenticated_delete ON knowledge.search_phrases FOR DELETE TO authenticated
    USING (audience_id IN (SELECT a.id FROM knowledge.audiences AS a WHERE a.organization_id = (SELECT identity.current_organization_id())));
GRANT SELECT, INSERT, DELETE ON knowledge.search_phrases TO authenticated;

ALTER TABLE knowledge.search_vectors ENABLE ROW LEVEL SECURITY;
ALTER TABLE knowledge.search_vectors FORCE ROW LEVEL SECURITY;
CREATE POLICY search_vectors_service_role_all ON knowledge.search_vectors FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY search_vectors_authenticated_select ON knowledge.search_vectors FOR SELECT TO authenticated
    USING (audience_id IN (SELECT a.id FROM knowledge.audiences AS a));
GRANT SELECT ON knowledge.search_vectors TO authenticated;

ALTER TABLE knowledge.synonyms ENABLE ROW LEVEL SECURITY;
ALTER TABLE knowledge.synonyms FORCE ROW LEVEL SECURITY;
CREATE POLICY synonyms_service_role_all ON knowledge.synonyms FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY synonyms_authenticated_select ON knowledge.synonyms FOR SELECT TO authenticated
    USING (organization_id IS NULL OR organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY synonyms_authenticated_insert ON knowledge.synonyms FOR INSERT TO authenticated
    WITH CHECK (organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY synonyms_authenticated_update ON knowledge.synonyms FOR UPDATE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()))
    WITH CHECK (organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY synonyms_authenticated_delete ON knowledge.synonyms FOR DELETE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()));
GRANT SELECT, INSERT, UPDATE, DELETE ON knowledge.synonyms TO authenticated;

ALTER TABLE knowledge.search_pins ENABLE ROW LEVEL SECURITY;
ALTER TABLE knowledge.search_pins FORCE ROW LEVEL SECURITY;
CREATE POLICY search_pins_service_role_all ON knowledge.search_pins FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY search_pins_authenticated_select ON knowledge.search_pins FOR SELECT TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY search_pins_authenticated_insert ON knowledge.search_pins FOR INSERT TO authenticated
    WITH CHECK (organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY search_pins_authenticated_update ON knowledge.search_pins FOR UPDATE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()))
    WITH CHECK (organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY search_pins_authenticated_delete ON knowledge.search_pins FOR DELETE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()));
GRANT SELECT, INSERT, UPDATE, DELETE ON knowledge.search_pins TO authenticated;

ALTER TABLE knowledge.search_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE knowledge.search_log FORCE ROW LEVEL SECURITY;
CREATE POLICY search_log_service_role_all ON knowledge.search_log FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY search_log_authenticated_select ON knowledge.search_log FOR SELECT TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY search_log_authenticated_insert ON knowledge.search_log FOR INSERT TO authenticated
    WITH CHECK (organization_id = (SELECT identity.current_organization_id()));
CREATE POLICY search_log_authenticated_update ON knowledge.search_log FOR UPDATE TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()))
    WITH CHECK (organization_id = (SELECT identity.current_organization_id()));
GRANT SELECT, INSERT, UPDATE ON knowledge.search_log TO authenticated;

GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA knowledge TO service_role;
GRANT SELECT ON ALL SEQUENCES IN SCHEMA knowledge TO service_role; -- for backups;

UPDATE public.alembic_version SET version_num='0008_knowledge' WHERE public.alembic_version.version_num = '0007_row_level_security';

COMMIT;

BEGIN;

-- Running upgrade 0008_knowledge -> 0009_vectors

SET LOCAL lock_timeout = '3s';

SET LOCAL statement_timeout = '30min';

-- Indexes over the meaning of texts. The vectors are kept as real[], which every PostgreSQL has; what needs pgvector is made only where it is.

-- For what is compared one by one: the parts that a caller may read, without pgvector or where they are few.
CREATE INDEX ix_search_vectors_audience_id_model_dimensions ON knowledge.search_vectors (audience_id, model, dimensions); -- squawk-ignore require-concurrent-index-creation

CREATE FUNCTION knowledge.index_vectors() RETURNS integer[]
LANGUAGE plpgsql SET search_path = ''
AS $$
DECLARE
    lengths constant integer[] := ARRAY[384, 512, 768, 1024, 1536]; -- what models commonly give; vectors of another length are compared one by one
    length integer;
    home name; -- the extension lives where its maker put it: public, extensions (Supabase), a schema of its own
    release text;
BEGIN
    SELECT n.nspname, e.extversion INTO home, release
    FROM pg_catalog.pg_extension AS e JOIN pg_catalog.pg_namespace AS n ON n.oid = e.extnamespace
    WHERE e.extname = 'vector';
    IF home IS NULL THEN
        RAISE NOTICE 'extension vector: not in this database, indexes of vectors of % numbers skipped', array_to_string(lengths, ', ');
        RETURN '{}';
    ELSIF NOT EXISTS (SELECT FROM pg_catalog.pg_am WHERE amname = 'hnsw') THEN
        RAISE NOTICE 'extension vector: % knows no HNSW (0.5 does), indexes of vectors of % numbers skipped', release, array_to_string(lengths, ', ');
        RETURN '{}';
    END IF;
    FOREACH length IN ARRAY lengths LOOP
        EXECUTE format(
            'CREATE INDEX IF NOT EXISTS %1$I ON knowledge.search_vectors '
            'USING hnsw (("values"::%2$I.vector(%3$s)) %2$I.vector_cosine_ops) WHERE dimensions = %3$s',
            'ix_search_vectors_near_' || length, home, length
        );
    END LOOP;
    RETURN lengths;
END
$$;
COMMENT ON FUNCTION knowledge.index_vectors() IS
    'Makes the indexes over vectors that are missing, where the extension vector is, and returns the lengths that have one. For the owner: with this revision, after a restore, and when the extension came later.';
REVOKE ALL ON FUNCTION knowledge.index_vectors() FROM PUBLIC;

DO $$ BEGIN PERFORM knowledge.index_vectors(); END $$;

UPDATE public.alembic_version SET version_num='0009_vectors' WHERE public.alembic_version.version_num = '0008_knowledge';

COMMIT;

BEGIN;

-- Running upgrade 0009_vectors -> 0010_search_changes

SET LOCAL lock_timeout = '3s';

SET LOCAL statement_timeout = '5min';

-- What is to be indexed anew: quotations once they are finished, parts of the catalogue, as they change.

CREATE TABLE knowledge.search_changes (
    source varchar NOT NULL,
    source_id uuid NOT NULL,
    changed_at timestamptz DEFAULT now() NOT NULL,
    CONSTRAINT pk_search_changes PRIMARY KEY (source, source_id),
    CONSTRAINT ck_search_changes_source CHECK (source IN ('quotation', 'catalog_item'))
);
ALTER TABLE knowledge.search_changes ENABLE ROW LEVEL SECURITY;
ALTER TABLE knowledge.search_changes FORCE ROW LEVEL SECURITY;
CREATE POLICY search_changes_service_role_all ON knowledge.search_changes FOR ALL TO service_role USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON knowledge.search_changes TO service_role;

CREATE FUNCTION knowledge.note_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    changed uuid;
BEGIN
    changed := CASE WHEN TG_OP = 'DELETE' THEN OLD.id ELSE NEW.id END;
    INSERT INTO knowledge.search_changes (source, source_id) VALUES (TG_ARGV[0], changed) ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION knowledge.note_change() IS 'Trigger: a thing is to be indexed anew.';

GRANT CREATE ON SCHEMA knowledge TO service_role;
ALTER FUNCTION knowledge.note_change() OWNER TO service_role;
REVOKE CREATE ON SCHEMA knowledge FROM service_role;
REVOKE ALL ON FUNCTION knowledge.note_change() FROM PUBLIC;

CREATE TRIGGER trg_quotes_note_change AFTER UPDATE OF status, number, customer_name, project_name, total ON estimator.quotes
    FOR EACH ROW WHEN (NEW.status NOT IN ('draft', 'queued', 'processing')) EXECUTE FUNCTION knowledge.note_change('quotation');
CREATE TRIGGER trg_catalog_items_note_change AFTER INSERT OR UPDATE OR DELETE ON shared.catalog_items
    FOR EACH ROW EXECUTE FUNCTION knowledge.note_change('catalog_item');

INSERT INTO knowledge.search_changes (source, source_id)
SELECT 'quotation', q.id FROM estimator.quotes AS q WHERE q.status NOT IN ('draft', 'queued', 'processing')
UNION ALL
SELECT 'catalog_item', i.id FROM shared.catalog_items AS i;

UPDATE public.alembic_version SET version_num='0010_search_changes' WHERE public.alembic_version.version_num = '0009_vectors';

COMMIT;

BEGIN;

-- Running upgrade 0010_search_changes -> 0011_search_revisions

SET LOCAL lock_timeout = '3s';

SET LOCAL statement_timeout = '5min';

-- What changed in the index: kept answers are asked for again when it did. By audience, and for pins and synonyms by organisation.

-- Two states are one where the exclusive or of all marks is: several rows may become one with the exclusive or of theirs.
CREATE TABLE knowledge.search_revisions (
    id bigint GENERATED ALWAYS AS IDENTITY,
    organization_id uuid,
    audience_id integer,
    mark bigint DEFAULT hashtextextended(gen_random_uuid()::text, 0) NOT NULL,
    CONSTRAINT pk_search_revisions PRIMARY KEY (id)
);
CREATE INDEX ix_search_revisions_audience_id ON knowledge.search_revisions (audience_id);
CREATE INDEX ix_search_items_audience_id_expires_at ON knowledge.search_items (audience_id, expires_at) WHERE expires_at IS NOT NULL; -- squawk-ignore require-concurrent-index-creation

ALTER TABLE knowledge.search_revisions ENABLE ROW LEVEL SECURITY;
ALTER TABLE knowledge.search_revisions FORCE ROW LEVEL SECURITY;
CREATE POLICY search_revisions_service_role_all ON knowledge.search_revisions FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY search_revisions_authenticated_select ON knowledge.search_revisions FOR SELECT TO authenticated
    USING (audience_id IN (SELECT a.id FROM knowledge.audiences AS a)
        OR audience_id IS NULL AND (SELECT identity.current_organization_id()) IS NOT NULL
        AND (organization_id IS NULL OR organization_id = (SELECT identity.current_organization_id())));
GRANT SELECT, INSERT, UPDATE, DELETE ON knowledge.search_revisions TO service_role;
GRANT SELECT ON knowledge.search_revisions TO authenticated;
GRANT SELECT ON ALL SEQUENCES IN SCHEMA knowledge TO service_role; -- for backups

-- No keys to audiences and organisations: what goes away with them is marked while they go.
CREATE FUNCTION knowledge.mark_audiences() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    INSERT INTO knowledge.search_revisions (organization_id, audience_id)
    SELECT DISTINCT a.organization_id, a.id FROM changed AS c JOIN knowledge.audiences AS a ON a.id = c.audience_id;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION knowledge.mark_audiences() IS 'Trigger: what these audiences find has changed.';

CREATE FUNCTION knowledge.mark_organizations() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    INSERT INTO knowledge.search_revisions (organization_id) SELECT DISTINCT c.organization_id FROM changed AS c;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION knowledge.mark_organizations() IS 'Trigger: what these organisations ask by has changed; without one, that of all.';

GRANT CREATE ON SCHEMA knowledge TO service_role;
ALTER FUNCTION knowledge.mark_audiences() OWNER TO service_role;
ALTER FUNCTION knowledge.mark_organizations() OWNER TO service_role;
REVOKE CREATE ON SCHEMA knowledge FROM service_role;
REVOKE ALL ON FUNCTION knowledge.mark_audiences(), knowledge.mark_organizations() FROM PUBLIC;

-- A statement marks once, however many rows it changes. An update marks whose a row was and whose it is.
CREATE TRIGGER trg_search_items_mark_inserted AFTER INSERT ON knowledge.search_items REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION knowledge.mark_audiences();
CREATE TRIGGER trg_search_items_mark_deleted AFTER DELETE ON knowledge.search_items REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION knowledge.mark_audiences();
CREATE TRIGGER trg_search_items_mark_updated_from AFTER UPDATE ON knowledge.search_items REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION knowledge.mark_audiences();
CREATE TRIGGER trg_search_items_mark_updated_to AFTER UPDATE ON knowledge.search_items REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION knowledge.mark_audiences();
CREATE TRIGGER trg_search_statistics_mark_inserted AFTER INSERT ON knowledge.search_statistics REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION knowledge.mark_audiences();
CREATE TRIGGER trg_search_statistics_mark_deleted AFTER DELETE ON knowledge.search_statistics REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION knowledge.mark_audiences();
CREATE TRIGGER trg_search_statistics_mark_updated_from AFTER UPDATE ON knowledge.search_statistics REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION knowledge.mark_audiences();
CREATE TRIGGER trg_search_statistics_mark_updated_to AFTER UPDATE ON knowledge.search_statistics REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION knowledge.mark_audiences();
CREATE TRIGGER trg_search_vectors_mark_inserted AFTER INSERT ON knowledge.search_vectors REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION knowledge.mark_audiences();
CREATE TRIGGER trg_search_vectors_mark_deleted AFTER DELETE ON knowledge.search_vectors REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION knowledge.mark_audiences();
CREATE TRIGGER trg_search_vectors_mark_updated_from AFTER UPDATE ON knowledge.search_vectors REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION knowledge.mark_audiences();
CREATE TRIGGER trg_search_vectors_mark_updated_to AFTER UPDATE ON knowledge.search_vectors REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION knowledge.mark_audiences();
CREATE TRIGGER trg_search_pins_mark_inserted AFTER INSERT ON knowledge.search_pins REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION knowledge.mark_organizations();
CREATE TRIGGER trg_search_pins_mark_deleted AFTER DELETE ON knowledge.search_pins REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION knowledge.mark_organizations();
CREATE TRIGGER trg_search_pins_mark_updated_from AFTER UPDATE ON knowledge.search_pins REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION knowledge.mark_organizations();
CREATE TRIGGER trg_search_pins_mark_updated_to AFTER UPDATE ON knowledge.search_pins REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION knowledge.mark_organizations();
CREATE TRIGGER trg_synonyms_mark_inserted AFTER INSERT ON knowledge.synonyms REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION knowledge.mark_organizations();
CREATE TRIGGER trg_synonyms_mark_deleted AFTER DELETE ON knowledge.synonyms REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION knowledge.mark_organizations();
CREATE TRIGGER trg_synonyms_mark_updated_from AFTER UPDATE ON knowledge.synonyms REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION knowledge.mark_organizations();
CREATE TRIGGER trg_synonyms_mark_updated_to AFTER UPDATE ON knowledge.synonyms REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION knowledge.mark_organizations();

-- Every audience has a mark: one that is withdrawn from somebody takes it along.
INSERT INTO knowledge.search_revisions (organization_id, audience_id) SELECT a.organization_id, a.id FROM knowledge.audiences AS a;

UPDATE public.alembic_version SET version_num='0011_search_revisions' WHERE public.alembic_version.version_num = '0010_search_changes';

COMMIT;

BEGIN;

-- Running upgrade 0011_search_revisions -> 0012_article_views

SET LOCAL lock_timeout = '3s';

SET LOCAL statement_timeout = '5min';

-- How often articles are read, by day. Who reads is not kept.

CREATE TABLE knowledge.article_views (
    article_id uuid NOT NULL,
    organization_id uuid NOT NULL,
    day date NOT NULL,
    language varchar NOT NULL,
    views integer NOT NULL,
    CONSTRAINT pk_article_views PRIMARY KEY (article_id, organization_id, day, language),
    CONSTRAINT fk_article_views_article_id FOREIGN KEY (article_id) REFERENCES knowledge.articles (id) ON DELETE CASCADE,
    CONSTRAINT fk_article_views_organization_id FOREIGN KEY (organization_id) REFERENCES identity.organizations (id) ON DELETE CASCADE,
    CONSTRAINT ck_article_views_language CHECK (language IN ('ko', 'en')),
    CONSTRAINT ck_article_views_views CHECK (views > 0)
);
CREATE INDEX ix_article_views_organization_id_day ON knowledge.article_views (organization_id, day);

-- The counter of its readers is no change of an article.
DROP TRIGGER trg_articles_updated_at ON knowledge.articles;
CREATE TRIGGER trg_articles_updated_at BEFORE UPDATE ON knowledge.articles
    FOR EACH ROW WHEN (OLD.views IS NOT DISTINCT FROM NEW.views)
    EXECUTE FUNCTION public.update_updated_at();

-- Counted by the program alone; read by those who write and review, of the articles they see.
ALTER TABLE knowledge.article_views ENABLE ROW LEVEL SECURITY;
ALTER TABLE knowledge.article_views FORCE ROW LEVEL SECURITY;
CREATE POLICY article_views_service_role_all ON knowledge.article_views FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY article_views_authenticated_select ON knowledge.article_views FOR SELECT TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id())
        AND (SELECT identity.acting_role()) IN ('admin', 'editor', 'reviewer')
        AND article_id IN (SELECT x.id FROM knowledge.articles AS x));
GRANT SELECT ON knowledge.article_views TO authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON knowledge.article_views TO service_role;

UPDATE public.alembic_version SET version_num='0012_article_views' WHERE public.alembic_version.version_num = '0011_search_revisions';

COMMIT;

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
