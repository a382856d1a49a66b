-- Made from the revisions by `kis db sql`; not edited by hand.
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
