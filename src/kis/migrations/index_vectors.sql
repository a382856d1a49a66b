-- A dump holds no extension, and no index that needs one: it may be restored where there is none, or in another schema. Both are made here.
DO $extension$
BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_available_extensions WHERE name = 'vector') THEN
        CREATE EXTENSION IF NOT EXISTS vector WITH SCHEMA public;
    END IF;
EXCEPTION
    WHEN insufficient_privilege THEN RAISE NOTICE 'extension vector: % may not make it, skipped', current_user;
END
$extension$;
DO $indexes$
BEGIN
    IF to_regprocedure('knowledge.index_vectors()') IS NOT NULL THEN -- a dump of before revision 0009 brings none
        PERFORM knowledge.index_vectors();
    END IF;
END
$indexes$;
