-- Makes the indexes anew while everybody goes on working; as the owner of the schemas. After an unclean disk, or when index_use.sql shows bloated ones.
REINDEX SCHEMA CONCURRENTLY identity;
REINDEX SCHEMA CONCURRENTLY shared;
REINDEX SCHEMA CONCURRENTLY estimator;
