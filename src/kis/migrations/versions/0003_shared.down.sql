DROP TABLE shared.api_metrics;
DROP TABLE shared.idempotency_keys;
DROP TABLE shared.outbox;
DROP TABLE shared.jobs;
DROP TABLE shared.audit_logs;
DROP TABLE shared.price_books;
DROP TABLE shared.catalog_editions;
DROP TABLE shared.catalog_items;
