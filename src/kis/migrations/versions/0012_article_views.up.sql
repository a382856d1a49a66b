-- How often articles are read, by day.

CREATE TABLE knowledge.article_views (
    article_id uuid NOT NULL,
    organization_id uuid NOT NULL,
    day date NOT NULL,
    language varchar NOT NULL,
    views integer NOT NULL,
    CONSTRAINT pk_article_views PRIMARY KEY (article_id, organization_id, day, language),
    CONSTRAINT fk_article_views_article_id_articles FOREIGN KEY (article_id) REFERENCES knowledge.articles (id) ON DELETE CASCADE,
    CONSTRAINT fk_article_views_organization_id_organizations FOREIGN KEY (organization_id) REFERENCES identity.organizations (id) ON DELETE CASCADE,
    CONSTRAINT ck_article_views_language CHECK (language IN ('ko', 'en'))
);
ALTER TABLE knowledge.article_views ENABLE ROW LEVEL SECURITY;
ALTER TABLE knowledge.article_views FORCE ROW LEVEL SECURITY;
CREATE POLICY article_views_service_role_all ON knowledge.article_views FOR ALL TO service_role USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON knowledge.article_views TO service_role;
