-- Made from the revisions by `kis db sql`; not edited by hand.
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
