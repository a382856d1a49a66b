DROP TRIGGER trg_articles_updated_at ON knowledge.articles;
CREATE TRIGGER trg_articles_updated_at BEFORE UPDATE ON knowledge.articles
    FOR EACH ROW EXECUTE FUNCTION public.update_updated_at();
DROP TABLE knowledge.article_views;
