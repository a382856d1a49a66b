-- Made from the revisions by `kis db sql`; not edited by hand.
-- Rights and row-level security, to read; they are part of schema.sql.

GRANT USAGE ON SCHEMA identity, shared, estimator, knowledge TO authenticated, service_role;
GRANT USAGE ON SCHEMA shared, identity TO anon;
GRANT USAGE ON SCHEMA public TO anon, authenticated, service_role;
REVOKE ALL ON FUNCTION identity.current_organization_id() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.current_organization_id() TO anon, authenticated, service_role;
GRANT CREATE ON SCHEMA shared, estimator TO service_role;
REVOKE CREATE ON SCHEMA shared, estimator FROM service_role;
REVOKE ALL ON ALL TABLES IN SCHEMA identity, shared, estimator, knowledge FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA identity, shared, estimator TO service_role;
GRANT SELECT ON ALL SEQUENCES IN SCHEMA identity, shared, estimator TO service_role;
REVOKE UPDATE, DELETE ON shared.audit_logs, estimator.evidence_packs, estimator.evidence_blobs FROM service_role;
REVOKE UPDATE ON shared.audit_pending FROM service_role;
REVOKE ALL ON public.alembic_version FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT ON public.alembic_version TO authenticated, service_role;
ALTER TABLE public.alembic_version ENABLE ROW LEVEL SECURITY;
CREATE POLICY alembic_version_select ON public.alembic_version FOR SELECT TO authenticated, service_role USING (true);
ALTER TABLE identity.organizations ENABLE ROW LEVEL SECURITY;
ALTER TABLE identity.organizations FORCE ROW LEVEL SECURITY;
CREATE POLICY organizations_service_role_all ON identity.organizations FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY organizations_authenticated_select ON identity.organizations FOR SELECT TO authenticated
    USING (id = (SELECT identity.current_organization_id()));
CREATE POLICY organizations_authenticated_update ON identity.organizations FOR UPDATE TO authenticated
    USING (id = (SELECT identity.current_organization_id()))
    WITH CHECK (id = (SELECT identity.current_organization_id()));
GRANT SELECT, UPDATE ON identity.organizations TO authenticated;
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
ALTER TABLE shared.audit_logs ENABLE ROW LEVEL SECURITY;
ALTER TABLE shared.audit_logs FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_logs_service_role_all ON shared.audit_logs FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY audit_logs_authenticated_select ON shared.audit_logs FOR SELECT TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id()));
GRANT SELECT ON shared.audit_logs TO authenticated;
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
GRANT CREATE ON SCHEMA knowledge TO service_role;
REVOKE CREATE ON SCHEMA knowledge FROM service_role;
REVOKE ALL ON FUNCTION knowledge.audience_of(uuid, text, text[], boolean), identity.acting_role(), identity.sees_drafts(),
    knowledge.count_feedback(), knowledge.hold_version() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION knowledge.audience_of(uuid, text, text[], boolean), identity.acting_role(), identity.sees_drafts()
    TO authenticated, service_role;
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
GRANT SELECT ON ALL SEQUENCES IN SCHEMA knowledge TO service_role;
REVOKE ALL ON FUNCTION knowledge.index_vectors() FROM PUBLIC;
ALTER TABLE knowledge.search_changes ENABLE ROW LEVEL SECURITY;
ALTER TABLE knowledge.search_changes FORCE ROW LEVEL SECURITY;
CREATE POLICY search_changes_service_role_all ON knowledge.search_changes FOR ALL TO service_role USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON knowledge.search_changes TO service_role;
GRANT CREATE ON SCHEMA knowledge TO service_role;
REVOKE CREATE ON SCHEMA knowledge FROM service_role;
REVOKE ALL ON FUNCTION knowledge.note_change() FROM PUBLIC;
ALTER TABLE knowledge.search_revisions ENABLE ROW LEVEL SECURITY;
ALTER TABLE knowledge.search_revisions FORCE ROW LEVEL SECURITY;
CREATE POLICY search_revisions_service_role_all ON knowledge.search_revisions FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY search_revisions_authenticated_select ON knowledge.search_revisions FOR SELECT TO authenticated
    USING (audience_id IN (SELECT a.id FROM knowledge.audiences AS a)
        OR audience_id IS NULL AND (SELECT identity.current_organization_id()) IS NOT NULL
        AND (organization_id IS NULL OR organization_id = (SELECT identity.current_organization_id())));
GRANT SELECT, INSERT, UPDATE, DELETE ON knowledge.search_revisions TO service_role;
GRANT SELECT ON knowledge.search_revisions TO authenticated;
GRANT SELECT ON ALL SEQUENCES IN SCHEMA knowledge TO service_role;
GRANT CREATE ON SCHEMA knowledge TO service_role;
REVOKE CREATE ON SCHEMA knowledge FROM service_role;
REVOKE ALL ON FUNCTION knowledge.mark_audiences(), knowledge.mark_organizations() FROM PUBLIC;
ALTER TABLE knowledge.article_views ENABLE ROW LEVEL SECURITY;
ALTER TABLE knowledge.article_views FORCE ROW LEVEL SECURITY;
CREATE POLICY article_views_service_role_all ON knowledge.article_views FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY article_views_authenticated_select ON knowledge.article_views FOR SELECT TO authenticated
    USING (organization_id = (SELECT identity.current_organization_id())
        AND (SELECT identity.acting_role()) IN ('admin', 'editor', 'reviewer')
        AND article_id IN (SELECT x.id FROM knowledge.articles AS x));
GRANT SELECT ON knowledge.article_views TO authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON knowledge.article_views TO service_role;
GRANT USAGE ON SCHEMA assistant TO authenticated, service_role;
REVOKE ALL ON FUNCTION identity.acting_user_id() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identity.acting_user_id() TO authenticated, service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA assistant TO service_role;
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
ALTER TABLE assistant.manuals ENABLE ROW LEVEL SECURITY;
ALTER TABLE assistant.manuals FORCE ROW LEVEL SECURITY;
CREATE POLICY manuals_service_role_all ON assistant.manuals FOR ALL TO service_role USING (true) WITH CHECK (true);
