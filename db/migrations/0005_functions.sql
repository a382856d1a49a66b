-- Made from the revisions by `kis db sql`; not edited by hand.
BEGIN;

-- Running upgrade 0004_estimator -> 0005_functions

SET LOCAL lock_timeout = '3s';

SET LOCAL statement_timeout = '60s';

-- Functions. Each sees only what its caller may see (SECURITY INVOKER, row-level security applies), except those that hold a rule
-- their caller must not be able to go round: shared.append_audit, shared.chain_audit and estimator.approve_mixed_exception.
--
-- Conditions the application tells apart by their SQLSTATE:
--   KIS01 the quotation was sent and is frozen          KIS02 this status may not follow that one
--   KIS03 the month's mixed exceptions are used up      KIS04 the quotation is not there, for this caller
--   KIS05 the audit log is only ever added to           KIS06 evidence is only ever added to
--   KIS07 a saved version of an article is not changed (revision 0008)
--   KIS10 a role is missing (migrations)

-- Integrity ----------------------------------------------------------------------------------------------------------

CREATE FUNCTION public.check_sha256(value text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = ''
AS $$ SELECT coalesce(value ~ '^[0-9a-f]{64}$', false) $$;
COMMENT ON FUNCTION public.check_sha256(text) IS 'Whether a text is a SHA-256 as KIS writes it: 64 digits, lower case.';

CREATE FUNCTION public.validate_evidence_integrity(evidence_id uuid, expected_sha256 text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = ''
AS $$
    SELECT public.check_sha256(expected_sha256) AND EXISTS (
        SELECT FROM estimator.evidence_blobs AS blob
        JOIN estimator.evidence_packs AS pack USING (trace_id, organization_id, quote_id)
        WHERE blob.id = evidence_id AND blob.sha256 = expected_sha256
    )
$$;
COMMENT ON FUNCTION public.validate_evidence_integrity(uuid, text) IS
    'Whether the evidence file of this id is there, belongs to a pack of the same quotation, and was sealed with this digest.';

-- Reckoning ----------------------------------------------------------------------------------------------------------

CREATE FUNCTION public.calculate_quote_totals(quote_id uuid) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = ''
AS $$
    -- The engine's own rule: every shown amount is rounded once, half up, to the digits of the currency.
    WITH quote AS (
        SELECT q.*, CASE q.currency WHEN 'KRW' THEN 0 ELSE 2 END AS digits,
            (SELECT coalesce(sum(i.amount), 0) FROM estimator.quote_items AS i WHERE i.quote_id = q.id) AS items_sum,
            (SELECT count(*) FROM estimator.quote_items AS i WHERE i.quote_id = q.id) AS items
        FROM estimator.quotes AS q WHERE q.id = calculate_quote_totals.quote_id
    ), with_margin AS (
        SELECT *, round(items_sum * margin_percent / 100, digits) AS margin FROM quote
    ), with_discount AS (
        SELECT *, round((items_sum + margin) * discount_percent / 100, digits) AS discount FROM with_margin
    ), with_vat AS (
        SELECT *, round((items_sum + margin - discount) * vat_percent / 100, digits) AS vat FROM with_discount
    )
    SELECT jsonb_build_object(
        'items', items,
        'subtotal', round(items_sum, digits)::text,
        'margin', margin::text,
        'discount', discount::text,
        'net', round(items_sum + margin - discount, digits)::text,
        'vat', vat::text,
        'total', round(items_sum + margin - discount + vat, digits)::text,
        'currency', currency,
        'calculated_at', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    )
    FROM with_vat
$$;
COMMENT ON FUNCTION public.calculate_quote_totals(uuid) IS
    'Totals of a quotation from its lines; amounts are texts of decimals. NULL where there is no such quotation for the caller.';

CREATE FUNCTION public.get_phase_balance(subject_id uuid) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = ''
AS $$
    -- Imbalance is (largest - smallest) / largest. A panel behind a two-pole main has the phases its branches name; any other
    -- has three, and one without load counts as 0 A.
    WITH panel AS (
        SELECT p.id, CASE WHEN p.id = subject_id THEN 1 ELSE p.quantity END AS times
        FROM estimator.panels AS p WHERE p.id = subject_id OR p.quote_id = subject_id
    ), breaker AS (
        SELECT b.*, panel.times FROM estimator.breakers AS b JOIN panel ON panel.id = b.panel_id
    ), load AS (
        SELECT
            coalesce(sum(phase_r_a * times) FILTER (WHERE role = 'branch'), 0) AS r,
            coalesce(sum(phase_s_a * times) FILTER (WHERE role = 'branch'), 0) AS s,
            coalesce(sum(phase_t_a * times) FILTER (WHERE role = 'branch'), 0) AS t,
            coalesce(max(poles) FILTER (WHERE role = 'main'), 3) >= 3 AS is_three_phase,
            coalesce(string_agg(phase, '') FILTER (WHERE role = 'branch'), '') AS used
        FROM breaker
    ), extreme AS (
        SELECT load.*,
            (SELECT max(a) FROM unnest(ARRAY[r, s, t]) AS a) AS largest,
            (
                SELECT min(a) FROM unnest(ARRAY[r, s, t], ARRAY['R', 'S', 'T']) AS phase (a, letter)
                WHERE is_three_phase OR used = '' OR position(letter IN used) > 0
            ) AS smallest
        FROM load WHERE EXISTS (SELECT FROM panel)
    ), result AS (
        SELECT *, CASE WHEN largest > 0 THEN (largest - smallest) / largest ELSE 0 END AS imbalance FROM extreme
    )
    SELECT jsonb_build_object(
        'phase_r', trim_scale(r), 'phase_s', trim_scale(s), 'phase_t', trim_scale(t), 'total', trim_scale(r + s + t),
        'imbalance', round(imbalance, 4), 'imbalance_percent', round(imbalance * 100, 2), 'balanced', imbalance <= 0.04,
        'calculated_at', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    )
    FROM result
$$;
COMMENT ON FUNCTION public.get_phase_balance(uuid) IS
    'Load of the phases, in amperes, of one panel (its id) or of all panels of a quotation (its id). balanced: imbalance of at most '
    '0.04; the gate of the engine is stricter. NULL where there is no such panel or quotation for the caller.';

-- Health -------------------------------------------------------------------------------------------------------------

CREATE FUNCTION public.health_check_detailed() RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = ''
AS $$
DECLARE
    unprotected bigint;
    revision text;
BEGIN
    SELECT count(*) INTO unprotected FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname IN ('estimator', 'shared', 'knowledge', 'identity') AND c.relkind IN ('r', 'p')
        AND NOT (c.relrowsecurity AND c.relforcerowsecurity);
    IF pg_catalog.has_table_privilege('public.alembic_version', 'SELECT') THEN
        SELECT version_num INTO revision FROM public.alembic_version;
    END IF;
    RETURN jsonb_build_object(
        'status', CASE WHEN unprotected = 0 AND NOT pg_catalog.pg_is_in_recovery() THEN 'healthy' ELSE 'degraded' END,
        'database', current_database(),
        'server_version', current_setting('server_version'),
        'read_only', pg_catalog.pg_is_in_recovery(),
        'migration', revision,
        'tables_without_row_level_security', unprotected,
        'size_bytes', CASE
            WHEN pg_catalog.has_database_privilege(current_database(), 'CONNECT')
            THEN pg_catalog.pg_database_size(current_database())
        END,
        'connections', jsonb_build_object(
            'used', (SELECT sum(numbackends) FROM pg_catalog.pg_stat_database),
            'most', current_setting('max_connections')::integer
        ),
        'timestamp', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    );
END
$$;
COMMENT ON FUNCTION public.health_check_detailed() IS 'State of the database, without secrets and without rows of anybody.';

-- Audit --------------------------------------------------------------------------------------------------------------

CREATE FUNCTION shared.audit_digest(entry shared.audit_logs) RETURNS text
LANGUAGE sql STABLE SET search_path = ''
AS $$
    -- SHA-256 over the UTF-8 bytes of eleven lines, each ended by a line feed, in this order: sequence, organization_id, actor,
    -- action, target, before, after, address, trace_id, created_at, previous_sha256. A line is <length in bytes>:<text>, or - for
    -- NULL. uuid is lower case with hyphens; before and after are the text PostgreSQL gives for the jsonb (before::text);
    -- created_at is UTC with microseconds, 2026-11-20T01:02:03.000004Z. previous_sha256 of the first entry is 64 zeros.
    SELECT encode(sha256(convert_to(string_agg(
        CASE WHEN line IS NULL THEN '-' ELSE octet_length(convert_to(line, 'UTF8')) || ':' || line END || E'\n',
        '' ORDER BY place
    ), 'UTF8')), 'hex')
    FROM unnest(ARRAY[
        entry.sequence::text, entry.organization_id::text, entry.actor, entry.action, entry.target, entry.before::text,
        entry.after::text, entry.address, entry.trace_id,
        to_char(entry.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), entry.previous_sha256
    ]) WITH ORDINALITY AS canonical (line, place)
$$;
COMMENT ON FUNCTION shared.audit_digest(shared.audit_logs) IS 'The digest an entry of the audit log must carry; its body tells the canonical form.';

CREATE FUNCTION identity.is_service() RETURNS boolean
LANGUAGE sql STABLE SET search_path = ''
AS $$
    -- Inside a SECURITY DEFINER function current_user is its owner; the setting "role" still names who called.
    SELECT CASE current_setting('role')
        WHEN 'service_role' THEN true
        WHEN 'none' THEN pg_catalog.pg_has_role(session_user, 'service_role', 'USAGE')
        ELSE pg_catalog.pg_has_role(current_setting('role'), 'service_role', 'USAGE')
    END
$$;
COMMENT ON FUNCTION identity.is_service() IS 'Whether the caller works for the program and not for one organisation.';

CREATE FUNCTION shared.append_audit(
    organization uuid, actor text, action text, target text,
    before jsonb DEFAULT NULL, after jsonb DEFAULT NULL, address text DEFAULT '', trace_id text DEFAULT ''
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    IF NOT identity.is_service() AND organization IS DISTINCT FROM identity.current_organization_id() THEN
        RAISE EXCEPTION 'an entry for another organisation' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO shared.audit_pending (organization_id, actor, action, target, before, after, address, trace_id)
    VALUES (organization, actor, action, target, before, after, coalesce(address, ''), coalesce(trace_id, ''));
END
$$;
COMMENT ON FUNCTION shared.append_audit(uuid, text, text, text, jsonb, jsonb, text, text) IS
    'Add an entry to the audit log when this transaction commits; the only way to add one.';

CREATE FUNCTION shared.chain_audit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    entry shared.audit_logs;
BEGIN
    -- One at a time until the transaction ends, so that the sequence has no gap and the chain no fork. Deferred to the commit, the lock is
    -- held only while the server itself commits: no caller waits for another caller's program, which may come late to its commit.
    PERFORM pg_advisory_xact_lock(7203400801);
    SELECT last.sequence, last.sha256 INTO entry.sequence, entry.previous_sha256
    FROM shared.audit_logs AS last ORDER BY last.sequence DESC LIMIT 1;
    entry.sequence := coalesce(entry.sequence, 0) + 1;
    entry.previous_sha256 := coalesce(entry.previous_sha256, repeat('0', 64));
    entry.organization_id := NEW.organization_id;
    entry.actor := NEW.actor;
    entry.action := NEW.action;
    entry.target := NEW.target;
    entry.before := NEW.before;
    entry.after := NEW.after;
    entry.address := NEW.address;
    entry.trace_id := NEW.trace_id;
    entry.created_at := clock_timestamp();
    entry.sha256 := shared.audit_digest(entry);
    INSERT INTO shared.audit_logs SELECT entry.*;
    DELETE FROM shared.audit_pending AS pending WHERE pending.id = NEW.id;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION shared.chain_audit() IS 'Trigger at commit: put a waiting entry at the end of the audit log.';

-- Quotations ---------------------------------------------------------------------------------------------------------

CREATE FUNCTION estimator.next_running_number(organization uuid, for_year integer) RETURNS integer
LANGUAGE sql VOLATILE SET search_path = ''
AS $$
    INSERT INTO estimator.number_counters AS counter (organization_id, year, running) VALUES (organization, for_year, 1)
    ON CONFLICT (organization_id, year) DO UPDATE SET running = counter.running + 1
    RETURNING running
$$;
COMMENT ON FUNCTION estimator.next_running_number(uuid, integer) IS
    'The next number of an organisation in a year; given back when the transaction is rolled back, so that numbers have no gap.';

CREATE FUNCTION estimator.month_in_seoul(at timestamptz) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = ''
AS $$ SELECT date_trunc('month', at AT TIME ZONE 'Asia/Seoul')::date $$;
COMMENT ON FUNCTION estimator.month_in_seoul(timestamptz) IS 'First day of the calendar month it is in Seoul at a moment.';

CREATE FUNCTION estimator.approve_mixed_exception(
    quote uuid, panel text, makes text, reason text, actor text, at timestamptz DEFAULT NULL
) RETURNS estimator.mixed_exceptions
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    approved estimator.mixed_exceptions;
    owner_id uuid;
    moment timestamptz := coalesce(at, now());
    free integer;
BEGIN
    IF at IS NOT NULL AND NOT identity.is_service() THEN
        RAISE EXCEPTION 'the moment of an approval is now' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT q.organization_id INTO owner_id FROM estimator.quotes AS q WHERE q.id = quote;
    IF owner_id IS NULL OR NOT (identity.is_service() OR owner_id = identity.current_organization_id()) THEN
        RAISE EXCEPTION 'quotation % is not there', quote USING ERRCODE = 'KIS04';
    END IF;
    -- One at a time in an organisation and month; the unique ordinals hold even against who goes round this function.
    PERFORM pg_advisory_xact_lock(hashtextextended('mixed:' || owner_id || estimator.month_in_seoul(moment), 0));
    SELECT m.* INTO approved FROM estimator.mixed_exceptions AS m
    WHERE m.quote_id = quote AND m.panel = approve_mixed_exception.panel;
    IF FOUND THEN
        RETURN approved;
    END IF;
    SELECT min(candidate) INTO free FROM generate_series(1, 2) AS candidate
    WHERE NOT EXISTS (
        SELECT FROM estimator.mixed_exceptions AS m
        WHERE m.organization_id = owner_id AND m.month = estimator.month_in_seoul(moment) AND m.ordinal = candidate
    );
    IF free IS NULL THEN
        RAISE EXCEPTION 'the mixed exceptions of % are used up', to_char(estimator.month_in_seoul(moment), 'YYYY-MM')
            USING ERRCODE = 'KIS03';
    END IF;
    INSERT INTO estimator.mixed_exceptions AS m
        (organization_id, month, ordinal, quote_id, panel, makes, reason, approved_by, created_at)
    VALUES (
        owner_id, estimator.month_in_seoul(moment), free, quote, approve_mixed_exception.panel, approve_mixed_exception.makes,
        approve_mixed_exception.reason, actor, moment
    )
    RETURNING m.* INTO approved;
    RETURN approved;
END
$$;
COMMENT ON FUNCTION estimator.approve_mixed_exception(uuid, text, text, text, text, timestamptz) IS
    'Approve breakers of more than one make for a panel: at most two in an organisation and calendar month of Seoul. Asked again for '
    'the same panel it returns what was approved.';

CREATE FUNCTION estimator.append_quote_event(quote uuid, event_kind text, event_data jsonb) RETURNS bigint
LANGUAGE plpgsql SET search_path = ''
AS $$
DECLARE
    number bigint;
    owner_id uuid;
BEGIN
    UPDATE estimator.quotes AS q SET event_sequence = q.event_sequence + 1 WHERE q.id = quote
    RETURNING q.event_sequence, q.organization_id INTO number, owner_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'quotation % is not there', quote USING ERRCODE = 'KIS04';
    END IF;
    INSERT INTO estimator.quote_events (quote_id, seq, organization_id, kind, data)
    VALUES (quote, number, owner_id, event_kind, event_data);
    PERFORM pg_notify('kis', 'quote:' || quote);
    RETURN number;
END
$$;
COMMENT ON FUNCTION estimator.append_quote_event(uuid, text, jsonb) IS
    'Add an event to a quotation, tell the listeners of the channel kis at commit, and return its number: 1, 2, 3 … in order of commit.';

-- Who may call -------------------------------------------------------------------------------------------------------

-- The functions above that hold a rule work as service_role, whoever migrates.
GRANT CREATE ON SCHEMA shared, estimator TO service_role;
ALTER FUNCTION shared.append_audit(uuid, text, text, text, jsonb, jsonb, text, text) OWNER TO service_role;
ALTER FUNCTION shared.chain_audit() OWNER TO service_role;
ALTER FUNCTION estimator.approve_mixed_exception(uuid, text, text, text, text, timestamptz) OWNER TO service_role;
REVOKE CREATE ON SCHEMA shared, estimator FROM service_role;

DO $rights$
DECLARE
    callable regprocedure;
BEGIN
    FOREACH callable IN ARRAY ARRAY[
        'public.check_sha256(text)', 'public.validate_evidence_integrity(uuid, text)', 'public.calculate_quote_totals(uuid)',
        'public.get_phase_balance(uuid)', 'public.health_check_detailed()', 'shared.audit_digest(shared.audit_logs)',
        'identity.is_service()', 'shared.append_audit(uuid, text, text, text, jsonb, jsonb, text, text)',
        'estimator.next_running_number(uuid, integer)', 'estimator.month_in_seoul(timestamptz)',
        'estimator.approve_mixed_exception(uuid, text, text, text, text, timestamptz)',
        'estimator.append_quote_event(uuid, text, jsonb)'
    ]::regprocedure[] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', callable);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO authenticated, service_role', callable);
    END LOOP;
    REVOKE ALL ON FUNCTION shared.chain_audit() FROM PUBLIC;
END
$rights$;

UPDATE public.alembic_version SET version_num='0005_functions' WHERE public.alembic_version.version_num = '0004_estimator';

COMMIT;
