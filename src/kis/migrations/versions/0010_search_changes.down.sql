DROP TRIGGER trg_catalog_items_note_change ON shared.catalog_items;
DROP TRIGGER trg_quotes_note_change ON estimator.quotes;
DROP FUNCTION knowledge.note_change();
DROP TABLE knowledge.search_changes;
