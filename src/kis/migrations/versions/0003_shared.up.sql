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
