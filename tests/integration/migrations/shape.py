"""What a database looks like, as text that can be compared."""

import re
from typing import Any

from psycopg import Connection

OURS = "n.nspname IN ('identity', 'shared', 'estimator', 'knowledge', 'assistant', 'public')"
TABLES = f"""
    SELECT 'column', n.nspname, c.relname, a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
        || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END || a.attidentity::text || coalesce(' ' || pg_get_expr(d.adbin, d.adrelid), '')
    FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
    LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE {OURS} AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT 'constraint', n.nspname, c.relname, k.conname || ' ' || pg_get_constraintdef(k.oid)
    FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE {OURS} AND k.contype NOT IN ('n', 't') -- a constraint trigger is told with the triggers
    UNION ALL
    SELECT 'index', schemaname, tablename, indexdef FROM pg_indexes JOIN pg_namespace AS n ON n.nspname = schemaname WHERE {OURS}
"""  # noqa: S608 - constants of this file
RULES = f"""
    SELECT 'policy', schemaname, tablename,
        concat_ws(' ', policyname, permissive, roles::text, cmd, qual, 'CHECK', with_check)
    FROM pg_policies JOIN pg_namespace AS n ON n.nspname = schemaname WHERE {OURS}
    UNION ALL
    SELECT 'security', n.nspname, c.relname, c.relrowsecurity::text || c.relforcerowsecurity::text
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE {OURS} AND c.relkind = 'r'
    UNION ALL
    SELECT 'right', n.nspname, c.relname, g.privilege_type || ' ' || g.grantee::regrole
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace, aclexplode(c.relacl) AS g
    WHERE {OURS} AND g.grantee <> c.relowner
    UNION ALL
    SELECT 'column right', n.nspname, c.relname, a.attname || ' ' || g.privilege_type || ' ' || g.grantee::regrole
    FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace,
        aclexplode(a.attacl) AS g
    WHERE {OURS}
    UNION ALL
    SELECT 'schema right', n.nspname, '', g.privilege_type || ' ' || g.grantee::regrole
    FROM pg_namespace AS n, aclexplode(n.nspacl) AS g
    WHERE {OURS} AND g.grantee <> 0 AND g.grantee <> n.nspowner AND n.nspname <> 'public'
    UNION ALL
    SELECT 'function', n.nspname, p.proname, pg_get_functiondef(p.oid)
        || CASE WHEN p.prosecdef THEN p.proowner::regrole::text ELSE '' END
    FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
    WHERE {OURS} AND NOT EXISTS (SELECT FROM pg_depend AS e WHERE e.objid = p.oid AND e.deptype = 'e')
    UNION ALL
    SELECT 'call right', n.nspname, p.proname, CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END
    FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace, aclexplode(p.proacl) AS g
    WHERE {OURS} AND g.grantee <> p.proowner
    UNION ALL
    SELECT 'trigger', n.nspname, c.relname, pg_get_triggerdef(t.oid)
    FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE {OURS} AND NOT t.tgisinternal
"""  # noqa: S608 - constants of this file


CASTS = re.compile(r"::(character varying|text)(\[\])?|[()\s]")
"""What PostgreSQL adds to a list of words each time it writes one down and reads it again; it changes nothing."""


def tables_of(connection: Connection[Any]) -> set[tuple[str, ...]]:
    """Return columns, constraints and indexes."""
    return _plain(connection.execute(TABLES).fetchall())


def shape_of(connection: Connection[Any]) -> set[tuple[str, ...]]:
    """Return all of it: tables, policies, rights, functions, triggers."""
    return tables_of(connection) | _plain(connection.execute(RULES).fetchall())


def _plain(found: list[tuple[str, ...]]) -> set[tuple[str, ...]]:
    return {(*where, CASTS.sub("", what)) for *where, what in found}
