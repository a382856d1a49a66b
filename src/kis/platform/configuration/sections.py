"""The sections of the settings. A field's ``validation_alias`` is the name of its environment variable."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from kis.platform.settings import home


class Environment(StrEnum):
    """Where the installation stands; production refuses what is convenient and unsafe."""

    DEVELOPMENT = "development"
    STAGING = "staging"
    PRODUCTION = "production"


class Section(BaseSettings):
    """A section: frozen, read from the environment, unknown variables are other programs' business."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", populate_by_name=True)


def _words(given: Any) -> Any:
    """Return a list from JSON (``["a"]``) or from words divided by commas (``a,b``)."""
    if not isinstance(given, str):
        return given
    if given.lstrip().startswith("["):
        try:
            return json.loads(given)
        except ValueError as error:
            raise PydanticCustomError("list_type", "not a JSON list") from error
    return [word.strip() for word in given.split(",") if word.strip()]


Words = Annotated[tuple[str, ...], NoDecode]


class ApplicationSettings(Section):
    """Where the program runs and listens."""

    environment: Environment = Field(
        Environment.DEVELOPMENT,
        validation_alias="APP_ENV",
        description="development, staging or production. Production refuses unsafe settings.",
    )
    host: str = Field("127.0.0.1", validation_alias="APP_HOST", description="Address the API listens on.")
    port: int = Field(
        8000,
        ge=0,
        le=65535,
        validation_alias="APP_PORT",
        description="Port the API listens on; 0 takes a free one.",
    )
    processes: int = Field(
        1,
        ge=1,
        le=64,
        validation_alias="API_PROCESSES",
        description="API processes that share the port, below kis up. One makes use of one processor; several also go on serving while one is started again. Each "
        "takes about 0.2 GB and, without REDIS_URL, counts its requests for itself.",
    )
    public_url: str = Field(
        "",
        validation_alias="PUBLIC_URL",
        description="Address under which users reach this installation, for links; empty: the address it listens on.",
    )
    data: Path = Field(
        default_factory=home,
        validation_alias="KIS_HOME",
        description="Folder of the installation: embedded database, objects, keys.",
    )
    secret_key: SecretStr = Field(
        SecretStr(""),
        validation_alias="SECRET_KEY",
        description="Secret from which tokens and signed links are made, 32 characters or more. Empty: made once and kept in the data "
        "folder; refused when the API listens beyond this machine.",
    )
    cors_origins: Words = Field(
        (),
        validation_alias="CORS_ORIGINS",
        description="Origins whose pages may call the API: a JSON list or words divided by commas.",
    )
    trusted_hosts: Words = Field(
        ("localhost", "127.0.0.1", "[::1]"),
        validation_alias="TRUSTED_HOSTS",
        description="Host names the API answers to, a leading *. for all below a name; the host of PUBLIC_URL is always one.",
    )
    trusted_proxies: Words = Field(
        (),
        validation_alias="TRUSTED_PROXIES",
        description="Addresses or networks of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.",
    )
    largest_body_bytes: int = Field(
        2 * 2**20, ge=1024, validation_alias="LARGEST_BODY_BYTES", description="Largest JSON or YAML body."
    )
    largest_upload_bytes: int = Field(
        20 * 2**20, ge=1024, validation_alias="LARGEST_UPLOAD_BYTES", description="Largest uploaded file."
    )
    body_timeout_seconds: float = Field(
        20.0,
        gt=0,
        validation_alias="BODY_TIMEOUT_SECONDS",
        description="Time in which a body must have arrived.",
    )
    stop_timeout_seconds: float = Field(
        30.0,
        gt=0,
        validation_alias="STOP_TIMEOUT_SECONDS",
        description="Time given to running work when the program is asked to stop.",
    )

    _list = field_validator("cors_origins", "trusted_hosts", "trusted_proxies", mode="before")(_words)


class DatabaseSettings(Section):
    """PostgreSQL. Without an address the embedded server of the data folder is used."""

    url: SecretStr = Field(
        SecretStr(""),
        validation_alias="DATABASE_URL",
        description="Address of PostgreSQL for the application's own role; empty: the embedded server.",
    )
    migration_url: SecretStr = Field(
        SecretStr(""),
        validation_alias="MIGRATION_DATABASE_URL",
        description="Address for the owner of the schemas (migrations, backup): a direct one, not that of a transaction pooler. Empty: "
        "SUPABASE_DB_URL, else DATABASE_URL.",
    )
    test_url: SecretStr = Field(
        SecretStr(""),
        validation_alias="TEST_DATABASE_URL",
        description="Address of a PostgreSQL superuser for the test suite; empty: an embedded server of its own.",
    )
    pool_size: int = Field(
        20, ge=1, le=500, validation_alias="DB_POOL_SIZE", description="Most connections of one process."
    )
    statement_timeout_seconds: float = Field(
        15.0,
        gt=0,
        validation_alias="DB_STATEMENT_TIMEOUT_SECONDS",
        description="Longest statement of the application.",
    )
    skip_push: bool = Field(
        False,
        validation_alias="SKIP_DB_PUSH",
        description="Do not migrate at start; the program then refuses to run on an older schema.",
    )


class StorageSettings(Section):
    """Where documents and evidence are kept."""

    url: str = Field(
        "",
        validation_alias="STORAGE_URL",
        description="s3://bucket/prefix, file:///folder, or empty for the folder `objects` of the data folder.",
    )
    bucket: str = Field(
        "evidence", validation_alias="STORAGE_BUCKET", description="Name of the bucket or folder."
    )
    endpoint: str = Field(
        "",
        validation_alias="STORAGE_ENDPOINT",
        description="Address of an S3-compatible server other than AWS.",
    )
    region: str = Field(
        "ap-northeast-2", validation_alias="STORAGE_REGION", description="Region of the bucket."
    )
    access_key_id: SecretStr = Field(
        SecretStr(""),
        validation_alias="STORAGE_ACCESS_KEY_ID",
        description="Access key; empty: the machine's own identity.",
    )
    secret_access_key: SecretStr = Field(
        SecretStr(""), validation_alias="STORAGE_SECRET_ACCESS_KEY", description="Secret of the access key."
    )
    signed_url_seconds: int = Field(
        600,
        ge=1,
        le=7 * 86400,
        validation_alias="SIGNED_URL_TTL_SEC",
        description="How long a signed link works.",
    )


class EvidenceSettings(Section):
    """With which key evidence is signed. Without one of these the data folder's own key is used, made with the first pack."""

    signing_key: SecretStr = Field(
        SecretStr(""),
        validation_alias="EVIDENCE_SIGNING_KEY",
        description="Ed25519 private key (PEM) with which packs are signed, the same on every host of an installation.",
    )
    signing_key_file: Path | None = Field(
        None,
        validation_alias="EVIDENCE_SIGNING_KEY_FILE",
        description="File that holds that key; EVIDENCE_SIGNING_KEY goes before it.",
    )


class JobSettings(Section):
    """Who does the work that takes longer than an answer."""

    executor: Literal["embedded", "celery"] = Field(
        "embedded",
        validation_alias="JOB_EXECUTOR",
        description="embedded: worker processes beside the API. celery: Celery workers behind RabbitMQ.",
    )
    broker_url: SecretStr = Field(
        SecretStr(""),
        validation_alias="BROKER_URL",
        description="Address of RabbitMQ (amqp://…), for celery.",
    )
    redis_url: SecretStr = Field(
        SecretStr(""),
        validation_alias="REDIS_URL",
        description="Address of Redis, shared by several API processes for limits, live events, manuals that were read and answers under way; empty: within the process, its "
        "disk and PostgreSQL.",
    )
    workers: int = Field(
        1,
        ge=0,
        le=64,
        validation_alias="WORKER_PROCESSES",
        description="Worker processes started beside the API (embedded).",
    )
    lease_seconds: float = Field(
        30.0,
        gt=0,
        validation_alias="JOB_LEASE_SECONDS",
        description="After this time without a sign of life a worker's job is taken up by another.",
    )
    most_attempts: int = Field(
        3, ge=1, le=10, validation_alias="JOB_MOST_ATTEMPTS", description="How often a job is tried in all."
    )
    timeout_seconds: float = Field(
        600.0,
        gt=0,
        validation_alias="JOB_TIMEOUT_SECONDS",
        description="Longest time one try of a job may take.",
    )


class IdentitySettings(Section):
    """Who may come in, and for how long."""

    access_token_seconds: int = Field(
        900, ge=30, validation_alias="ACCESS_TOKEN_SECONDS", description="How long an access token is good."
    )
    refresh_token_seconds: int = Field(
        30 * 86400,
        ge=60,
        validation_alias="REFRESH_TOKEN_SECONDS",
        description="How long a login lasts without use.",
    )
    one_time_link_seconds: int = Field(
        3 * 86400,
        ge=60,
        validation_alias="ONE_TIME_LINK_SECONDS",
        description="How long an invitation or reset link works.",
    )
    issuer: str = Field(
        "kis", validation_alias="TOKEN_ISSUER", description="Issuer named in the tokens of this installation."
    )
    audience: str = Field("kis", validation_alias="TOKEN_AUDIENCE", description="Audience tokens must name.")
    foreign_issuers: str = Field(
        "[]",
        validation_alias="OIDC_ISSUERS",
        description='Other issuers whose tokens are accepted, as JSON: [{"issuer", "audience", "jwks_url" or "hs256_secret", '
        '"organization", "role"}].',
        repr=False,
    )
    shortest_password: int = Field(
        12, ge=8, validation_alias="SHORTEST_PASSWORD", description="Fewest characters of a password."
    )


class LimitSettings(Section):
    """How much one caller may ask for."""

    per_minute: int = Field(
        600,
        ge=1,
        validation_alias="RATE_LIMIT_PER_MINUTE",
        description="Requests a minute of one user or key.",
    )
    address_per_minute: int = Field(
        1200,
        ge=1,
        validation_alias="RATE_LIMIT_ADDRESS_PER_MINUTE",
        description="Requests a minute from one address.",
    )
    login_per_minute: int = Field(
        10,
        ge=1,
        validation_alias="RATE_LIMIT_LOGIN_PER_MINUTE",
        description="Attempts to log in a minute, per address and per account.",
    )


class MailSettings(Section):
    """SMTP. Without a host links are shown instead of mailed."""

    host: str = Field("", validation_alias="SMTP_HOST", description="SMTP server; empty: nothing is mailed.")
    port: int = Field(587, ge=1, le=65535, validation_alias="SMTP_PORT", description="Its port.")
    user: str = Field("", validation_alias="SMTP_USER", description="User name there; empty: none.")
    password: SecretStr = Field(
        SecretStr(""), validation_alias="SMTP_PASSWORD", description="Password there."
    )
    security: Literal["starttls", "tls", "none"] = Field(
        "starttls",
        validation_alias="SMTP_SECURITY",
        description="starttls, tls, or none on a trusted network.",
    )
    sender: str = Field("kis@localhost", validation_alias="SMTP_FROM", description="Address mails come from.")


class EngineSettings(Section):
    """The solver of the estimator."""

    timeout_seconds: float = Field(
        30.0,
        gt=0,
        validation_alias="ORTOOLS_TIMEOUT_SECONDS",
        description="Guard for one panel's solver; it ends in the heuristic's answer, marked so.",
    )
    panels_side_by_side: int = Field(
        1,
        ge=1,
        le=64,
        validation_alias="ORTOOLS_NUM_WORKERS",
        description="Panels of one quotation worked on at a time by a worker; with Celery always one.",
    )


class TelemetrySettings(Section):
    """Logs, traces, errors."""

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", validation_alias="LOG_LEVEL", description="Least severity that is logged."
    )
    otlp_endpoint: str = Field(
        "",
        validation_alias="OPENTELEMETRY_ENDPOINT",
        description="Where traces go (OTLP over HTTP); empty: nowhere.",
    )
    sentry_dsn: SecretStr = Field(
        SecretStr(""),
        validation_alias="SENTRY_DSN",
        description="Sentry project for unexpected errors; empty: none.",
    )
    metrics_token: SecretStr = Field(
        SecretStr(""),
        validation_alias="METRICS_TOKEN",
        description="Bearer token for /metrics. Empty: callers on this machine and operators alone read it.",
    )
    worker_metrics_port: int = Field(
        0,
        ge=0,
        le=65535,
        validation_alias="WORKER_METRICS_PORT",
        description="Port on this machine at which a worker process serves its own metrics; 0: none.",
    )

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, given: Any) -> Any:
        return given.upper() if isinstance(given, str) else given


class GatewaySettings(Section):
    """The MCP gateway."""

    url: str = Field(
        "",
        validation_alias="MCP_GATEWAY_URL",
        description="Address of a running installation that `kis mcp` speaks for; empty: this one.",
    )
    api_key: SecretStr = Field(
        SecretStr(""),
        validation_alias="MCP_GATEWAY_API_KEY",
        description="API key with which the gateway calls.",
    )


class SupabaseSettings(Section):
    """A Supabase project as database, storage and issuer of tokens."""

    url: str = Field("", validation_alias="SUPABASE_URL", description="Address of the project.")
    anon_key: SecretStr = Field(
        SecretStr(""), validation_alias="SUPABASE_ANON_KEY", description="Public key of the project."
    )
    service_role_key: SecretStr = Field(
        SecretStr(""), validation_alias="SUPABASE_SERVICE_ROLE_KEY", description="Service key of the project."
    )
    db_url: SecretStr = Field(
        SecretStr(""), validation_alias="SUPABASE_DB_URL", description="Direct address of its database."
    )
    project_ref: str = Field(
        "", validation_alias="SUPABASE_PROJECT_REF", description="Reference of the project."
    )
    access_token: SecretStr = Field(
        SecretStr(""),
        validation_alias="SUPABASE_ACCESS_TOKEN",
        description="Token of the Supabase command line.",
    )
    jwt_secret: SecretStr = Field(
        SecretStr(""),
        validation_alias="SUPABASE_JWT_SECRET",
        description="Secret its HS256 tokens are signed with.",
    )
