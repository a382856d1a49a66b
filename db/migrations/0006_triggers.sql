-- Made from the revisions by `kis db sql`; not edited by hand.
BEGIN;

-- Running upgrade 0005_functions -> 0006_triggers

SET LOCAL lock_timeout = '3s';

SET LOCAL statement_timeout = '60s';

-- Triggers: times of change, the order of states, what is frozen, what is only ever added to.

-- Times of change ----------------------------------------------------------------------------------------------------

CREATE FUNCTION public.update_updated_at() RETURNS trigger
LANGUAGE plpgsql SET search_path = ''
AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION public.update_updated_at() IS 'Trigger: the row was changed now.';

CREATE TRIGGER trg_organizations_updated_at BEFORE UPDATE ON identity.organizations
    FOR EACH ROW EXECUTE FUNCTION public.update_updated_at();
CREATE TRIGGER trg_users_updated_at BEFORE UPDATE ON identity.users
    FOR EACH ROW EXECUTE FUNCTION public.update_updated_at();
CREATE TRIGGER trg_memberships_updated_at BEFORE UPDATE ON identity.memberships
    FOR EACH ROW EXECUTE FUNCTION public.update_updated_at();
CREATE TRIGGER trg_catalog_items_updated_at BEFORE UPDATE ON shared.catalog_items
    FOR EACH ROW EXECUTE FUNCTION public.update_updated_at();
CREATE TRIGGER trg_jobs_updated_at BEFORE UPDATE ON shared.jobs
    FOR EACH ROW EXECUTE FUNCTION public.update_updated_at();
-- The counter of its events is no change of a quotation.
CREATE TRIGGER trg_quotes_updated_at BEFORE UPDATE ON estimator.quotes
    FOR EACH ROW WHEN (OLD.event_sequence IS NOT DISTINCT FROM NEW.event_sequence)
    EXECUTE FUNCTION public.update_updated_at();
CREATE TRIGGER trg_panels_updated_at BEFORE UPDATE ON estimator.panels
    FOR EACH ROW EXECUTE FUNCTION public.update_updated_at();
CREATE TRIGGER trg_breakers_updated_at BEFORE UPDATE ON estimator.breakers
    FOR EACH ROW EXECUTE FUNCTION public.update_updated_at();
CREATE TRIGGER trg_quote_items_updated_at BEFORE UPDATE ON estimator.quote_items
    FOR EACH ROW EXECUTE FUNCTION public.update_updated_at();
CREATE TRIGGER trg_evidence_heads_updated_at BEFORE UPDATE ON estimator.evidence_heads
    FOR EACH ROW EXECUTE FUNCTION public.update_updated_at();

-- The life of a quotation --------------------------------------------------------------------------------------------

CREATE FUNCTION estimator.status_may_follow(old_status text, new_status text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = ''
AS $$
    SELECT old_status = new_status OR EXISTS (
        SELECT FROM (VALUES
            ('draft', 'queued'),
            ('queued', 'processing'),
            ('queued', 'failed'), -- its worker died each time before it could begin
            ('processing', 'completed'),
            ('processing', 'review'),
            ('processing', 'failed'),
            ('processing', 'queued'), -- taken up again
            ('review', 'queued'), -- after its gates were accepted
            ('review', 'completed'),
            ('failed', 'queued'),
            ('completed', 'sent'),
            ('sent', 'won'),
            ('sent', 'lost'),
            ('sent', 'expired'),
            ('expired', 'won'), -- a customer may answer late
            ('expired', 'lost')
        ) AS step (earlier, later)
        WHERE earlier = old_status AND later = new_status
    )
$$;
COMMENT ON FUNCTION estimator.status_may_follow(text, text) IS 'The order of states of a quotation.';

CREATE FUNCTION estimator.is_frozen(status text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = ''
AS $$ SELECT status IN ('sent', 'won', 'lost', 'expired') $$;
COMMENT ON FUNCTION estimator.is_frozen(text) IS 'Whether a quotation of this status is with the customer and must stay as it was sent.';

CREATE FUNCTION estimator.hold_quote() RETURNS trigger
LANGUAGE plpgsql SET search_path = ''
AS $$
DECLARE
    changeable CONSTANT text[] := ARRAY['status', 'closed_at', 'updated_at', 'version', 'event_sequence'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF estimator.is_frozen(OLD.status) THEN
            RAISE EXCEPTION 'quotation % was sent and stays', OLD.id USING ERRCODE = 'KIS01';
        END IF;
        RETURN OLD;
    END IF;
    IF NOT estimator.status_may_follow(OLD.status, NEW.status) THEN
        RAISE EXCEPTION 'quotation %: % may not follow %', OLD.id, NEW.status, OLD.status USING ERRCODE = 'KIS02';
    END IF;
    IF NEW.id <> OLD.id OR NEW.organization_id <> OLD.organization_id THEN
        RAISE EXCEPTION 'quotation % keeps its id and its organisation', OLD.id USING ERRCODE = 'KIS01';
    END IF;
    IF estimator.is_frozen(OLD.status) AND to_jsonb(OLD) - changeable <> to_jsonb(NEW) - changeable THEN
        RAISE EXCEPTION 'quotation % was sent and is frozen', OLD.id USING ERRCODE = 'KIS01';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION estimator.hold_quote() IS 'Trigger: states follow each other in order, and what was sent stays as it is.';

CREATE TRIGGER trg_quotes_hold BEFORE UPDATE OR DELETE ON estimator.quotes
    FOR EACH ROW EXECUTE FUNCTION estimator.hold_quote();

CREATE FUNCTION estimator.refuse_frozen(quote uuid, part text) RETURNS void
LANGUAGE plpgsql SET search_path = ''
AS $$
DECLARE
    held text;
BEGIN
    -- FOR SHARE waits for whoever is sending the quotation at this moment, and keeps it from being sent until we are done.
    -- A quotation that is being deleted with its parts is gone already: nothing is found, nothing is held.
    SELECT q.status INTO held FROM estimator.quotes AS q WHERE q.id = quote FOR SHARE;
    IF estimator.is_frozen(held) THEN
        RAISE EXCEPTION '% of quotation %: it was sent and is frozen', part, quote USING ERRCODE = 'KIS01';
    END IF;
END
$$;
COMMENT ON FUNCTION estimator.refuse_frozen(uuid, text) IS 'Fail where a quotation was sent.';

CREATE FUNCTION estimator.hold_part_of_quote() RETURNS trigger
LANGUAGE plpgsql SET search_path = ''
AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM estimator.refuse_frozen(OLD.quote_id, TG_TABLE_NAME);
    END IF;
    IF TG_OP = 'INSERT' OR TG_OP = 'UPDATE' AND NEW.quote_id <> OLD.quote_id THEN
        PERFORM estimator.refuse_frozen(NEW.quote_id, TG_TABLE_NAME);
    END IF;
    RETURN coalesce(NEW, OLD);
END
$$;
COMMENT ON FUNCTION estimator.hold_part_of_quote() IS 'Trigger: nothing below a quotation that was sent changes.';

CREATE FUNCTION estimator.hold_part_of_panel() RETURNS trigger
LANGUAGE plpgsql SET search_path = ''
AS $$
DECLARE
    quote uuid;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        SELECT p.quote_id INTO quote FROM estimator.panels AS p WHERE p.id = OLD.panel_id;
        PERFORM estimator.refuse_frozen(quote, TG_TABLE_NAME);
    END IF;
    IF TG_OP = 'INSERT' OR TG_OP = 'UPDATE' AND NEW.panel_id <> OLD.panel_id THEN
        SELECT p.quote_id INTO quote FROM estimator.panels AS p WHERE p.id = NEW.panel_id;
        PERFORM estimator.refuse_frozen(quote, TG_TABLE_NAME);
    END IF;
    RETURN coalesce(NEW, OLD);
END
$$;
COMMENT ON FUNCTION estimator.hold_part_of_panel() IS 'Trigger: nothing below a panel of a quotation that was sent changes.';

CREATE TRIGGER trg_panels_hold BEFORE INSERT OR UPDATE OR DELETE ON estimator.panels
    FOR EACH ROW EXECUTE FUNCTION estimator.hold_part_of_quote();
CREATE TRIGGER trg_breakers_hold BEFORE INSERT OR UPDATE OR DELETE ON estimator.breakers
    FOR EACH ROW EXECUTE FUNCTION estimator.hold_part_of_panel();
CREATE TRIGGER trg_quote_items_hold BEFORE INSERT OR UPDATE OR DELETE ON estimator.quote_items
    FOR EACH ROW EXECUTE FUNCTION estimator.hold_part_of_quote();
CREATE TRIGGER trg_gate_results_hold BEFORE INSERT OR UPDATE OR DELETE ON estimator.gate_results
    FOR EACH ROW EXECUTE FUNCTION estimator.hold_part_of_quote();
CREATE TRIGGER trg_gate_acceptances_hold BEFORE INSERT OR UPDATE OR DELETE ON estimator.gate_acceptances
    FOR EACH ROW EXECUTE FUNCTION estimator.hold_part_of_quote();
CREATE TRIGGER trg_mixed_exceptions_hold BEFORE INSERT OR UPDATE OR DELETE ON estimator.mixed_exceptions
    FOR EACH ROW EXECUTE FUNCTION estimator.hold_part_of_quote();
CREATE TRIGGER trg_documents_hold BEFORE INSERT OR UPDATE OR DELETE ON estimator.documents
    FOR EACH ROW EXECUTE FUNCTION estimator.hold_part_of_quote();
CREATE TRIGGER trg_evidence_packs_hold BEFORE INSERT ON estimator.evidence_packs
    FOR EACH ROW EXECUTE FUNCTION estimator.hold_part_of_quote();
CREATE TRIGGER trg_evidence_blobs_hold BEFORE INSERT ON estimator.evidence_blobs
    FOR EACH ROW EXECUTE FUNCTION estimator.hold_part_of_quote();

-- What is only ever added to -----------------------------------------------------------------------------------------

CREATE FUNCTION shared.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = ''
AS $$
BEGIN
    RAISE EXCEPTION '%.% is only ever added to: no %', TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_OP USING ERRCODE = TG_ARGV[0];
END
$$;
COMMENT ON FUNCTION shared.refuse_change() IS 'Trigger: refuse, with the SQLSTATE given; whoever asks.';

CREATE TRIGGER trg_audit_logs_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON shared.audit_logs
    FOR EACH STATEMENT EXECUTE FUNCTION shared.refuse_change('KIS05');
CREATE TRIGGER trg_evidence_packs_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON estimator.evidence_packs
    FOR EACH STATEMENT EXECUTE FUNCTION shared.refuse_change('KIS06');
CREATE TRIGGER trg_evidence_blobs_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON estimator.evidence_blobs
    FOR EACH STATEMENT EXECUTE FUNCTION shared.refuse_change('KIS06');

CREATE FUNCTION shared.check_audit_entry() RETURNS trigger
LANGUAGE plpgsql SET search_path = ''
AS $$
DECLARE
    previous shared.audit_logs;
BEGIN
    SELECT last.* INTO previous FROM shared.audit_logs AS last ORDER BY last.sequence DESC LIMIT 1;
    IF NEW.sequence <> coalesce(previous.sequence, 0) + 1
        OR NEW.previous_sha256 <> coalesce(previous.sha256, repeat('0', 64))
        OR NEW.sha256 <> shared.audit_digest(NEW) THEN
        RAISE EXCEPTION 'entry % does not follow on the last one', NEW.sequence USING ERRCODE = 'KIS05';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION shared.check_audit_entry() IS 'Trigger: an entry continues the chain and carries its digest, however it is added.';

CREATE CONSTRAINT TRIGGER trg_audit_pending_chain AFTER INSERT ON shared.audit_pending
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION shared.chain_audit();
CREATE TRIGGER trg_audit_logs_chain BEFORE INSERT ON shared.audit_logs
    FOR EACH ROW EXECUTE FUNCTION shared.check_audit_entry();

UPDATE public.alembic_version SET version_num='0006_triggers' WHERE public.alembic_version.version_num = '0005_functions';

COMMIT;
