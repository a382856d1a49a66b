-- Made from the revisions by `kis db sql`; not edited by hand.
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
