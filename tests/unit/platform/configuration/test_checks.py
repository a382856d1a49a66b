"""What is missing or unsafe for an environment is found, by the variable that mends it."""

import json

import pytest

from kis.cli import main
from kis.platform.configuration import (
    SECTIONS,
    Environment,
    Severity,
    check_settings,
    load_settings,
    refuse_unsafe,
    settings_page,
    shown_values,
    variables,
)
from kis.platform.errors import BadInput
from kis.platform.messages import LOCALES

SECRET = "Zr9kQ2vX7pLm4TnB8wYc6HsD1fGj3KaE"
GOOD = {
    "APP_ENV": "production",
    "SECRET_KEY": SECRET,
    "PUBLIC_URL": "https://quotes.example",
    "TRUSTED_HOSTS": "quotes.example",
    "DATABASE_URL": "postgresql://kis_app:geheim@db.example/kis?sslmode=verify-full",
    "STORAGE_URL": "s3://evidence",
    "EVIDENCE_SIGNING_KEY_FILE": "/run/secrets/evidence.pem",
}


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in variables():
        if name != "KIS_HOME":
            monkeypatch.delenv(name, raising=False)


def found(monkeypatch: pytest.MonkeyPatch, **environ: str) -> set[str]:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    findings = check_settings(load_settings(), environ)
    assert all(finding.message.text(locale) for finding in findings for locale in LOCALES)
    return {f"{finding.severity.value} {finding.variable}" for finding in findings}


def test_nothing_has_to_be_set_to_try_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(monkeypatch) == set()


def test_a_production_that_is_set_well_has_no_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(monkeypatch, **GOOD) == set()


def test_a_production_with_nothing_set_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(monkeypatch, APP_ENV="production") == {
        "error SECRET_KEY",
        "error PUBLIC_URL",
        "error TRUSTED_HOSTS",
        "error DATABASE_URL",
        "error STORAGE_URL",
        "warning EVIDENCE_SIGNING_KEY",
    }


def test_a_staging_may_do_without_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(monkeypatch, APP_ENV="staging") == {
        "warning PUBLIC_URL",
        "warning TRUSTED_HOSTS",
        "warning DATABASE_URL",
        "warning STORAGE_URL",
    }


def test_production_does_not_start_with_what_must_be_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_unsafe(load_settings(), {})
    monkeypatch.setenv("APP_ENV", "production")
    with pytest.raises(BadInput) as refused:
        refuse_unsafe(load_settings(), {})
    assert "SECRET_KEY" in {problem.path for problem in refused.value.problems}
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    refuse_unsafe(load_settings(), {})


CASES: list[tuple[dict[str, str], str]] = [
    ({"OPENTELEMETRY_ENDPOINT": "http://127.0.0.1:4317"}, "warning OPENTELEMETRY_ENDPOINT"),
    ({"SECRET_KEY": SECRET[:31]}, "error SECRET_KEY"),
    ({"SECRET_KEY": "a" * 64}, "error SECRET_KEY"),
    ({"APP_ENV": "development", "APP_HOST": "0.0.0.0", "SECRET_KEY": ""}, "error SECRET_KEY"),  # noqa: S104 - that is the case
    ({"TRUSTED_HOSTS": "*"}, "error TRUSTED_HOSTS"),
    ({"TRUSTED_PROXIES": "*"}, "error TRUSTED_PROXIES"),
    ({"CORS_ORIGINS": '["*"]'}, "error CORS_ORIGINS"),
    ({"CORS_ORIGINS": "http://shop.example"}, "warning CORS_ORIGINS"),
    ({"PUBLIC_URL": "http://quotes.example"}, "error PUBLIC_URL"),
    ({"DATABASE_URL": "postgresql://kis_app:x@db.example/kis"}, "error DATABASE_URL"),
    ({"DATABASE_URL": "postgresql://kis_app:x@db.example/kis?sslmode=require"}, "warning DATABASE_URL"),
    ({"DATABASE_URL": "postgresql://postgres:x@127.0.0.1/kis"}, "error DATABASE_URL"),
    ({"DATABASE_URL": "postgresql://kis_app:x@db.example:6543/kis?sslmode=verify-full"}, "error MIGRATION_DATABASE_URL"),
    ({"DATABASE_URL": "postgresql://kis_app:x@db.example:6543/kis?sslmode=verify-full"}, "warning REDIS_URL"),
    ({"DB_POOL_SIZE": "200"}, "warning DB_POOL_SIZE"),
    ({"TEST_DATABASE_URL": "postgresql://postgres@127.0.0.1/x"}, "error TEST_DATABASE_URL"),
    ({"STORAGE_URL": "file:///var/objects"}, "error STORAGE_URL"),
    ({"STORAGE_ACCESS_KEY_ID": "AKIA"}, "error STORAGE_SECRET_ACCESS_KEY"),
    ({"STORAGE_ENDPOINT": "http://minio.example:9000"}, "error STORAGE_ENDPOINT"),
    ({"SIGNED_URL_TTL_SEC": "86400"}, "warning SIGNED_URL_TTL_SEC"),
    ({"JOB_EXECUTOR": "celery"}, "error BROKER_URL"),
    ({"JOB_EXECUTOR": "celery", "BROKER_URL": "amqp://mq.example//"}, "error BROKER_URL"),
    ({"JOB_EXECUTOR": "celery", "BROKER_URL": "amqps://kis:x@mq.example//"}, "warning REDIS_URL"),
    ({"WORKER_PROCESSES": "0"}, "warning WORKER_PROCESSES"),
    ({"API_PROCESSES": "2"}, "warning REDIS_URL"),
    ({"REDIS_URL": "redis://cache.example/0"}, "error REDIS_URL"),
    ({"SMTP_HOST": "mail.example", "SMTP_SECURITY": "none"}, "error SMTP_SECURITY"),
    ({"SUPABASE_URL": "https://x.supabase.co"}, "error SUPABASE_SERVICE_ROLE_KEY"),
    ({"SUPABASE_URL": "https://x.supabase.co"}, "error SUPABASE_PROJECT_REF"),
    ({"SUPABASE_URL": "https://x.supabase.co", "SUPABASE_DB_URL": "postgresql://p:x@db:6543/postgres"}, "error SUPABASE_DB_URL"),
    ({"LOG_LEVEL": "debug"}, "warning LOG_LEVEL"),
    ({"SKIP_DB_PUSH": "true"}, "warning SKIP_DB_PUSH"),
    ({"SEARCH_EMBEDDINGS": "local"}, "error SEARCH_EMBEDDINGS_MODEL"),
    ({"TRANSLATION_URL": "https://models.example/v1"}, "error TRANSLATION_MODEL"),
    ({"TRANSLATION_URL": "models.example", "TRANSLATION_MODEL": "small"}, "error TRANSLATION_URL"),
    ({"TRANSLATION_URL": "http://models.example/v1", "TRANSLATION_MODEL": "small"}, "error TRANSLATION_URL"),
    ({"SEARCH_EMBEDDINGS": "openai", "SEARCH_EMBEDDINGS_URL": "https://models.example/v1"}, "error SEARCH_EMBEDDINGS_MODEL"),
    ({"SEARCH_EMBEDDINGS": "openai", "SEARCH_EMBEDDINGS_MODEL": "small"}, "error SEARCH_EMBEDDINGS_URL"),
    ({"SEARCH_EMBEDDINGS": "openai", "SEARCH_EMBEDDINGS_MODEL": "small", "SEARCH_EMBEDDINGS_URL": "models.example"}, "error SEARCH_EMBEDDINGS_URL"),
    ({"SEARCH_EMBEDDINGS": "openai", "SEARCH_EMBEDDINGS_MODEL": "small", "SEARCH_EMBEDDINGS_URL": "http://models.example/v1"}, "error SEARCH_EMBEDDINGS_URL"),
    ({"DATABSE_URL": "x"}, "warning DATABSE_URL"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "wanted"), CASES, ids=[f"{wanted} {changes}"[:60] for changes, wanted in CASES]
)
def test_each_unsafe_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, str], wanted: str
) -> None:
    assert wanted in found(monkeypatch, **{**GOOD, **changes})


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://kis_app:x@127.0.0.1/kis",
        "postgresql://kis_app:x@localhost/kis",
        "postgresql://kis_app:x@/kis?host=/run/postgresql",
    ],
)
def test_a_database_on_this_machine_needs_no_tls(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    assert found(monkeypatch, **{**GOOD, "DATABASE_URL": address}) == set()


def test_a_collector_that_speaks_http_is_no_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(monkeypatch, **GOOD, OPENTELEMETRY_ENDPOINT="http://127.0.0.1:4318") == set()


@pytest.mark.parametrize(
    "address", ["https://models.example/v1", "http://127.0.0.1:11434/v1", "http://localhost:8000/v1"]
)
def test_a_model_behind_tls_or_on_this_machine_is_no_finding(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    model = {"SEARCH_EMBEDDINGS": "openai", "SEARCH_EMBEDDINGS_MODEL": "small"}
    assert found(monkeypatch, **GOOD, **model, SEARCH_EMBEDDINGS_URL=address) == set()


def test_values_that_cannot_be_used_are_all_named_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("APP_PORT", "DB_POOL_SIZE", "JOB_EXECUTOR"):
        monkeypatch.setenv(name, "geheim")
    monkeypatch.setenv("CORS_ORIGINS", '["geheim')
    with pytest.raises(BadInput) as refused:
        load_settings()
    assert {problem.path for problem in refused.value.problems} == {
        "APP_PORT",
        "DB_POOL_SIZE",
        "JOB_EXECUTOR",
        "CORS_ORIGINS",
    }
    for locale in LOCALES:
        assert "geheim" not in refused.value.text(locale)


def test_secrets_are_shown_as_redacted(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        **GOOD,
        "OIDC_ISSUERS": '[{"hs256_secret": "geheim"}]',
        "METRICS_TOKEN": "geheim",
    }.items():
        monkeypatch.setenv(name, value)
    shown = shown_values(load_settings())
    assert set(shown) == set(variables())
    assert (shown["DATABASE_URL"], shown["OIDC_ISSUERS"], shown["SENTRY_DSN"]) == ("***", "***", None)
    assert shown["TRUSTED_HOSTS"] == ["quotes.example"]
    told = json.dumps(shown) + repr(load_settings())
    assert "geheim" not in told
    assert SECRET not in told


def test_every_variable_is_described_and_named_once() -> None:
    names = list(variables())
    assert len(set(names)) == len(names)
    page = settings_page()
    assert all(f"| `{name}`" in page for name in names)
    assert all(info.description for section in SECTIONS.values() for info in section.model_fields.values())


class TestCheckEnv:
    def test_it_ends_with_2_when_something_must_be_mended(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("SECRET_KEY", "geheim")
        assert main(["check-env", "--environment", "production", "--lang", "en"]) == 2
        shown = capsys.readouterr().out
        assert "SECRET_KEY" in shown
        assert "geheim" not in shown

    def test_it_ends_with_0_when_nothing_must(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        for name, value in GOOD.items():
            monkeypatch.setenv(name, value)
        assert main(["check-env", "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert (told["environment"], told["ok"], told["findings"]) == (Environment.PRODUCTION.value, True, [])
        assert told["settings"]["SECRET_KEY"] == "***"

    def test_it_names_values_that_cannot_be_read(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("APP_PORT", "many")
        assert main(["check-env", "--json"]) == 2
        told = json.loads(capsys.readouterr().out)
        assert [finding["variable"] for finding in told["findings"]] == ["APP_PORT"]
        assert told["findings"][0]["severity"] == Severity.ERROR.value
