DROP TABLE knowledge.search_revisions;
