-- Roles and extensions belong to the server and to other databases too: they stay.
DROP FUNCTION identity.current_organization_id();

DROP SCHEMA knowledge;
DROP SCHEMA estimator;
DROP SCHEMA shared;
DROP SCHEMA identity;
