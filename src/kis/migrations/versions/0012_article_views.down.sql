DROP TABLE knowledge.article_views;
