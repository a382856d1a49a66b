-- Made from the revisions by `kis db sql`; not edited by hand.
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
