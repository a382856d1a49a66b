"""What is missing or unsafe for the environment an installation is named to be.

Each check looks at one concern and yields findings; ``error`` must be mended before the installation serves anybody, ``warning`` should be known.
"""

import difflib
import ipaddress
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import SplitResult, parse_qs, urlsplit

from kis.platform.configuration.sections import Environment
from kis.platform.configuration.settings import Settings
from kis.platform.configuration.values import variables
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message

LEAST_SECRET_CHARACTERS: Final = 32
LEAST_DIFFERENT_CHARACTERS: Final = 10
"""A key of one letter repeated is long and no secret."""
FEWEST_CONNECTIONS: Final = 5
MOST_CONNECTIONS: Final = 50
"""PostgreSQL takes 100 by default, and there are workers and a second process during a release."""
LONGEST_LINK_SECONDS: Final = 3600
POOLER_PORT: Final = 6543
GRPC_PORT: Final = 4317
HTTP_PORT: Final = 4318
"""Of collectors of traces, by convention."""
_LIKENESS: Final = 0.9


class Severity(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something missing or unsafe, by the variable that mends it."""

    severity: Severity
    variable: str
    message: Message


Check = Callable[[Settings], Iterator[Finding]]


def check_settings(settings: Settings, environ: Mapping[str, str]) -> list[Finding]:
    """Return every finding, errors first."""
    found = [finding for check in CHECKS for finding in check(settings)]
    found += _misspelt(environ)
    return sorted(found, key=lambda finding: (finding.severity is not Severity.ERROR, finding.variable))


def refuse_unsafe(settings: Settings, environ: Mapping[str, str]) -> None:
    """Raise BadInput naming everything that must be mended before ``settings`` may serve in production; elsewhere nothing is refused."""
    if not _is_production(settings):
        return
    errors = [found for found in check_settings(settings, environ) if found.severity is Severity.ERROR]
    if errors:
        raise BadInput("environment", [Problem(found.variable, found.message) for found in errors])


def _error(variable: str, key: str, **values: object) -> Finding:
    return Finding(Severity.ERROR, variable, Message(f"configuration.{key}", values))


def _warning(variable: str, key: str, **values: object) -> Finding:
    return Finding(Severity.WARNING, variable, Message(f"configuration.{key}", values))


def _graded(settings: Settings, variable: str, key: str, **values: object) -> Finding:
    """Return an error in production, a warning before it."""
    return (_error if _is_production(settings) else _warning)(variable, key, **values)


def _secret(settings: Settings) -> Iterator[Finding]:
    secret = settings.application.secret_key.get_secret_value()
    if not secret:
        if _is_production(settings) or not _is_local(settings.application.host):
            yield _error("SECRET_KEY", "secret_missing")
    elif len(secret) < LEAST_SECRET_CHARACTERS or len(set(secret)) < LEAST_DIFFERENT_CHARACTERS:
        yield _error("SECRET_KEY", "secret_weak", least=LEAST_SECRET_CHARACTERS)


def _addresses(settings: Settings) -> Iterator[Finding]:
    own = settings.application
    if "*" in own.trusted_hosts:
        yield _graded(settings, "TRUSTED_HOSTS", "any_host")
    if "*" in own.trusted_proxies:
        yield _error("TRUSTED_PROXIES", "any_proxy")
    if "*" in own.cors_origins:
        yield _graded(settings, "CORS_ORIGINS", "any_origin")
    if _is_development(settings):
        return
    public = urlsplit(own.public_url)
    if not public.hostname:
        yield _graded(settings, "PUBLIC_URL", "public_url_missing")
        if all(_is_local(host.strip("[]")) for host in own.trusted_hosts):
            yield _graded(settings, "TRUSTED_HOSTS", "only_local_hosts")
    elif public.scheme != "https" and not _is_local(public.hostname):
        yield _graded(settings, "PUBLIC_URL", "not_tls")
    for origin in own.cors_origins:
        if origin.startswith("http://") and not _is_local(urlsplit(origin).hostname or ""):
            yield _warning("CORS_ORIGINS", "origin_not_tls", origin=origin)


def _database(settings: Settings) -> Iterator[Finding]:
    own = settings.database
    address = urlsplit(own.url.get_secret_value())
    if not own.url.get_secret_value():
        if not _is_development(settings):
            yield _graded(settings, "DATABASE_URL", "database_missing")
        return
    query = parse_qs(address.query)
    mode = query.get("sslmode", ["prefer"])[-1]
    if not _is_near(address, query) and mode not in {"require", "verify-ca", "verify-full"}:
        yield _graded(settings, "DATABASE_URL", "database_not_tls", mode=mode)
    elif not _is_near(address, query) and mode == "require":
        yield _warning("DATABASE_URL", "database_not_verified")
    if address.username in {"postgres", "kis_owner", "supabase_admin"}:
        yield _graded(settings, "DATABASE_URL", "database_superuser", role=address.username)
    direct = own.migration_url.get_secret_value() or settings.supabase.db_url.get_secret_value()
    if address.port == POOLER_PORT and not direct:
        yield _error("MIGRATION_DATABASE_URL", "pooler_without_direct")
    if address.port == POOLER_PORT and not settings.jobs.redis_url.get_secret_value():
        yield _warning("REDIS_URL", "pooler_without_redis")
    if not FEWEST_CONNECTIONS <= own.pool_size <= MOST_CONNECTIONS and not _is_development(settings):
        values = {"least": FEWEST_CONNECTIONS, "most": MOST_CONNECTIONS, "given": own.pool_size}
        yield _warning("DB_POOL_SIZE", "pool_size", **values)
    if own.test_url.get_secret_value() and _is_production(settings):
        yield _error("TEST_DATABASE_URL", "test_database")


def _storage(settings: Settings) -> Iterator[Finding]:
    own = settings.storage
    if (not own.url or own.url.startswith("file:")) and not _is_development(settings):
        yield _graded(settings, "STORAGE_URL", "storage_local")
    if bool(own.access_key_id.get_secret_value()) != bool(own.secret_access_key.get_secret_value()):
        yield _error("STORAGE_SECRET_ACCESS_KEY", "half_a_key")
    endpoint = urlsplit(own.endpoint)
    if endpoint.scheme == "http" and not _is_local(endpoint.hostname or ""):
        yield _graded(settings, "STORAGE_ENDPOINT", "not_tls")
    if own.signed_url_seconds > LONGEST_LINK_SECONDS:
        yield _warning("SIGNED_URL_TTL_SEC", "long_links", given=own.signed_url_seconds)


def _services(settings: Settings) -> Iterator[Finding]:
    jobs = settings.jobs
    broker = urlsplit(jobs.broker_url.get_secret_value())
    if jobs.executor == "celery":
        if not broker.hostname:
            yield _error("BROKER_URL", "broker_missing")
        elif not _is_local(broker.hostname) and (broker.username or "guest") == "guest":
            yield _graded(settings, "BROKER_URL", "broker_guest")
    elif jobs.workers == 0:
        yield _warning("WORKER_PROCESSES", "nobody_works")
    has_many = jobs.executor == "celery" or settings.application.processes > 1
    if has_many and not jobs.redis_url.get_secret_value():
        yield _warning("REDIS_URL", "redis_missing")
    redis = urlsplit(jobs.redis_url.get_secret_value())
    if redis.scheme == "redis" and not _is_local(redis.hostname or "") and not redis.password:
        yield _graded(settings, "REDIS_URL", "redis_open")
    mail = settings.mail
    if mail.host and mail.security == "none" and not _is_local(mail.host):
        yield _graded(settings, "SMTP_SECURITY", "mail_open")


def _search(settings: Settings) -> Iterator[Finding]:
    own = settings.search
    if own.embeddings == "none":
        return
    if not own.embeddings_model:
        yield _error("SEARCH_EMBEDDINGS_MODEL", "embeddings_need", kind=own.embeddings)
    if own.embeddings == "local":
        return
    address = urlsplit(own.embeddings_url)
    if address.scheme not in {"http", "https"} or not address.hostname:
        yield _error("SEARCH_EMBEDDINGS_URL", "embeddings_need", kind=own.embeddings)
    elif address.scheme == "http" and not _is_local(address.hostname):
        yield _graded(settings, "SEARCH_EMBEDDINGS_URL", "not_tls")


def _translation(settings: Settings) -> Iterator[Finding]:
    own = settings.translation
    if not own.url:
        return
    address = urlsplit(own.url)
    if address.scheme not in {"http", "https"} or not address.hostname:
        yield _error("TRANSLATION_URL", "not_an_address")
    elif address.scheme == "http" and not _is_local(address.hostname):
        yield _graded(settings, "TRANSLATION_URL", "not_tls")
    if not own.model:
        yield _error("TRANSLATION_MODEL", "translation_needs")


def _supabase(settings: Settings) -> Iterator[Finding]:
    own = settings.supabase
    if not own.url:
        return
    needed = {
        "SUPABASE_SERVICE_ROLE_KEY": own.service_role_key.get_secret_value(),
        "SUPABASE_ANON_KEY": own.anon_key.get_secret_value(),
        "SUPABASE_DB_URL": own.db_url.get_secret_value(),
        "SUPABASE_PROJECT_REF": own.project_ref,
        "SUPABASE_ACCESS_TOKEN": own.access_token.get_secret_value(),
    }
    yield from (_error(variable, "supabase_missing") for variable, value in needed.items() if not value)
    if urlsplit(own.db_url.get_secret_value() or "x:").port == POOLER_PORT:
        yield _error("SUPABASE_DB_URL", "pooler_for_migrations")


def _traces(settings: Settings) -> Iterator[Finding]:
    if urlsplit(settings.telemetry.otlp_endpoint).port == GRPC_PORT:
        yield _warning("OPENTELEMETRY_ENDPOINT", "traces_by_grpc", given=GRPC_PORT, meant=HTTP_PORT)


def _habits(settings: Settings) -> Iterator[Finding]:
    if not _is_production(settings):
        return
    if settings.telemetry.log_level == "DEBUG":
        yield _warning("LOG_LEVEL", "debug_logs")
    evidence = settings.evidence
    if not evidence.signing_key.get_secret_value() and evidence.signing_key_file is None:
        yield _warning("EVIDENCE_SIGNING_KEY", "evidence_key")
    if settings.database.skip_push:
        yield _warning("SKIP_DB_PUSH", "push_skipped")


CHECKS: Final[Sequence[Check]] = (
    _secret,
    _addresses,
    _database,
    _storage,
    _services,
    _search,
    _translation,
    _supabase,
    _traces,
    _habits,
)
"""Adding a check is one line here and its function above."""


def _misspelt(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Name variables that look like one of ours and are none."""
    known = set(variables())
    for name in environ:
        near = difflib.get_close_matches(name, known, n=1, cutoff=_LIKENESS) if name not in known else []
        if near:
            yield _warning(name, "misspelt", meant=near[0])


def _is_production(settings: Settings) -> bool:
    return settings.application.environment is Environment.PRODUCTION


def _is_development(settings: Settings) -> bool:
    return settings.application.environment is Environment.DEVELOPMENT


def _is_near(address: SplitResult, query: Mapping[str, Sequence[str]]) -> bool:
    """Tell whether an address of PostgreSQL leads to this machine: loopback, or a socket."""
    host = address.hostname or query.get("host", [""])[-1]
    return not host or host.startswith(("/", "%2f", "%2F")) or _is_local(host)


def _is_local(host: str) -> bool:
    if host.casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
