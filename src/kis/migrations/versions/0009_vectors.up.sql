-- Indexes over the meaning of texts. The vectors are kept as real[], which every PostgreSQL has; what needs pgvector is made only where it is.

-- For what is compared one by one: the parts that a caller may read, without pgvector or where they are few.
CREATE INDEX ix_search_vectors_audience_id_model_dimensions ON knowledge.search_vectors (audience_id, model, dimensions); -- squawk-ignore require-concurrent-index-creation

CREATE FUNCTION knowledge.index_vectors() RETURNS integer[]
LANGUAGE plpgsql SET search_path = ''
AS $$
DECLARE
    lengths constant integer[] := ARRAY[384, 512, 768, 1024, 1536]; -- what models commonly give; vectors of another length are compared one by one
    length integer;
    home name; -- the extension lives where its maker put it: public, extensions (Supabase), a schema of its own
    release text;
BEGIN
    SELECT n.nspname, e.extversion INTO home, release
    FROM pg_catalog.pg_extension AS e JOIN pg_catalog.pg_namespace AS n ON n.oid = e.extnamespace
    WHERE e.extname = 'vector';
    IF home IS NULL THEN
        RAISE NOTICE 'extension vector: not in this database, indexes of vectors of % numbers skipped', array_to_string(lengths, ', ');
        RETURN '{}';
    ELSIF NOT EXISTS (SELECT FROM pg_catalog.pg_am WHERE amname = 'hnsw') THEN
        RAISE NOTICE 'extension vector: % knows no HNSW (0.5 does), indexes of vectors of % numbers skipped', release, array_to_string(lengths, ', ');
        RETURN '{}';
    END IF;
    FOREACH length IN ARRAY lengths LOOP
        EXECUTE format(
            'CREATE INDEX IF NOT EXISTS %1$I ON knowledge.search_vectors '
            'USING hnsw (("values"::%2$I.vector(%3$s)) %2$I.vector_cosine_ops) WHERE dimensions = %3$s',
            'ix_search_vectors_near_' || length, home, length
        );
    END LOOP;
    RETURN lengths;
END
$$;
COMMENT ON FUNCTION knowledge.index_vectors() IS
    'Makes the indexes over vectors that are missing, where the extension vector is, and returns the lengths that have one. For the owner: with this revision, after a restore, and when the extension came later.';
REVOKE ALL ON FUNCTION knowledge.index_vectors() FROM PUBLIC;

DO $$ BEGIN PERFORM knowledge.index_vectors(); END $$;
