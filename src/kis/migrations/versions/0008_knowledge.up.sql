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
GRANT SELECT ON ALL SEQUENCES IN SCHEMA knowledge TO service_role; -- for backups
