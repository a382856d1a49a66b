"""The roles of the database, and the database itself.

kis_owner      owns the schemas; migrations run as this one. Member of the roles below, so that it may give them functions and read all rows
kis_app        the application logs in as this one; it owns nothing, and takes one of the roles below in each transaction
anon  authenticated  service_role      named as on Supabase; none passes by row-level security, policies say what each sees
"""

from typing import TYPE_CHECKING, Final

from kis.platform.embedded.passwords import Passwords

if TYPE_CHECKING:
    from psycopg import Connection

SUPERUSER: Final = "postgres"
OWNER_ROLE: Final = "kis_owner"
APPLICATION_ROLE: Final = "kis_app"
DATABASE: Final = "kis"

_TAKEN: Final = ("anon", "authenticated", "service_role")
_PLAIN: Final = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"


def ensure_roles(connection: "Connection", passwords: Passwords, *, renew: bool = False) -> None:
    """Make the roles that are missing; ``renew`` sets the passwords of those that are there. Takes a superuser's connection in autocommit."""
    there = {str(name) for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
    for role in _TAKEN:
        if role not in there:
            connection.execute(f"CREATE ROLE {role} NOLOGIN NOINHERIT".encode())
    logins = {
        OWNER_ROLE: (f"{_PLAIN} INHERIT", passwords.owner),
        APPLICATION_ROLE: (f"{_PLAIN} NOINHERIT", passwords.application),
    }
    for role, (attributes, password) in logins.items():
        if role not in there or renew:
            verb = "ALTER" if role in there else "CREATE"
            # The server, and so its log, is given the verifier and never the password.
            verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
            connection.execute(f"{verb} ROLE {role} {attributes} PASSWORD '{verifier.decode()}'".encode())
    connection.execute(f"GRANT {', '.join(_TAKEN)} TO {APPLICATION_ROLE}, {OWNER_ROLE}".encode())


def ensure_database(connection: "Connection", name: str = DATABASE) -> bool:
    """Make the database unless it is there: the owner's, closed to everybody else but the application. Tell whether it is new."""
    found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
    if found is None:
        connection.execute(f"CREATE DATABASE {name} OWNER {OWNER_ROLE}".encode())
    connection.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC".encode())
    connection.execute(f"GRANT CONNECT ON DATABASE {name} TO {APPLICATION_ROLE}, {OWNER_ROLE}".encode())
    return found is None


def ensure_extensions(connection: "Connection") -> None:
    """Make the extensions that only a superuser may make, in the database of the connection."""
    connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
