DROP INDEX IF EXISTS knowledge.ix_search_vectors_near_384;
DROP INDEX IF EXISTS knowledge.ix_search_vectors_near_512;
DROP INDEX IF EXISTS knowledge.ix_search_vectors_near_768;
DROP INDEX IF EXISTS knowledge.ix_search_vectors_near_1024;
DROP INDEX IF EXISTS knowledge.ix_search_vectors_near_1536;
DROP INDEX knowledge.ix_search_vectors_audience_id_model_dimensions;
DROP FUNCTION knowledge.index_vectors();
