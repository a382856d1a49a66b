-- Made from the revisions by `kis db sql`; not edited by hand.
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
