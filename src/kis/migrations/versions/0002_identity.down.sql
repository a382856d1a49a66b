DROP TABLE identity.foreign_identities;
DROP TABLE identity.one_time_links;
DROP TABLE identity.api_keys;
DROP TABLE identity.refresh_tokens;
DROP TABLE identity.sessions;
DROP TABLE identity.memberships;
DROP TABLE identity.users;
DROP TABLE identity.organizations;
