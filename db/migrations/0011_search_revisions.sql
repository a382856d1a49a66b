-- Made from the revisions by `kis db sql`; not edited by hand.
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
