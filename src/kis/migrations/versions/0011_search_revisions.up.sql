-- What changed in the index, by audience: kept answers are asked for again when it did.

CREATE TABLE knowledge.search_revisions (
    id bigint GENERATED ALWAYS AS IDENTITY,
    audience_id integer NOT NULL,
    CONSTRAINT pk_search_revisions PRIMARY KEY (id),
    CONSTRAINT fk_search_revisions_audience_id_audiences FOREIGN KEY (audience_id) REFERENCES knowledge.audiences (id) ON DELETE CASCADE
);
ALTER TABLE knowledge.search_revisions ENABLE ROW LEVEL SECURITY;
ALTER TABLE knowledge.search_revisions FORCE ROW LEVEL SECURITY;
CREATE POLICY search_revisions_service_role_all ON knowledge.search_revisions FOR ALL TO service_role USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON knowledge.search_revisions TO service_role;
