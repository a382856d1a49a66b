"""Log lines: JSON, with the trace id, without secrets, also those of libraries."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from kis.platform.telemetry import bind_trace, configure_logs, tell_fault
from kis.platform.telemetry.faults import scrubbed
from kis.platform.telemetry.masking import is_secret_name, masked, masked_text

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level, configuration = list(root.handlers), root.level, structlog.get_config()
    stream = io.StringIO()
    configure_logs("INFO", stream=stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**configuration)


def read(lines: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def test_a_line_is_json_with_the_trace_id_of_what_is_done(lines: io.StringIO) -> None:
    log = structlog.get_logger()
    with bind_trace(TRACE_ID):
        log.info("job.claimed", job_id="7", attempt=2)
    log.debug("job.not_shown")
    (line,) = read(lines)
    assert line.pop("ts").endswith("Z")
    assert line == {
        "event": "job.claimed",
        "level": "info",
        "job_id": "7",
        "attempt": 2,
        "trace_id": TRACE_ID,
    }


def test_lines_of_libraries_go_the_same_way(lines: io.StringIO) -> None:
    with bind_trace(TRACE_ID):
        logging.getLogger("uvicorn.error").warning(
            "from %s password=%s", "there", "geheim", extra={"api_key": "geheim"}
        )
    for talkative in ("sqlalchemy.engine", "ezdxf", "mcp.server.streamable_http"):
        logging.getLogger(talkative).info("of no use to an operator")
    logging.getLogger("uvicorn.access").error("GET /")
    (line,) = read(lines)
    assert (line["event"], line["logger"], line["trace_id"]) == (
        "from there password=***",
        "uvicorn.error",
        TRACE_ID,
    )
    assert "geheim" not in lines.getvalue()


def test_an_unexpected_error_is_told_with_its_traceback_and_without_secrets(lines: io.StringIO) -> None:
    try:
        raise ConnectionError("postgresql://kis:geheim@db/kis refused")  # noqa: TRY301 - the case
    except ConnectionError as error:
        tell_fault("request.failed", error, route="/v1/estimate")
    (line,) = read(lines)
    assert (line["event"], line["level"], line["route"]) == ("request.failed", "error", "/v1/estimate")
    assert "ConnectionError" in line["exception"]
    assert "geheim" not in lines.getvalue()


def test_lines_go_to_what_is_standard_error_when_they_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    configuration = structlog.get_config()
    handlers, level = list(logging.getLogger().handlers), logging.getLogger().level
    first, second = io.StringIO(), io.StringIO()
    try:
        monkeypatch.setattr(sys, "stderr", first)
        configure_logs("INFO")
        structlog.get_logger().info("before")
        monkeypatch.setattr(sys, "stderr", second)
        first.close()
        structlog.get_logger().info("after")
        logging.getLogger("uvicorn.error").warning("of a library")
    finally:
        structlog.configure(**configuration)
        logging.getLogger().handlers[:] = handlers
        logging.getLogger().setLevel(level)
    assert [line["event"] for line in read(second)] == ["after", "of a library"]


def test_a_person_reads_lines_not_json() -> None:
    stream = io.StringIO()
    configuration = structlog.get_config()
    handlers = list(logging.getLogger().handlers)
    try:
        configure_logs("INFO", stream=stream, as_json=False)
        structlog.get_logger().info("job.claimed", header={"token": "geheim"})
    finally:
        structlog.configure(**configuration)
        logging.getLogger().handlers[:] = handlers
    assert "job.claimed" in stream.getvalue()
    assert "geheim" not in stream.getvalue()
    assert not stream.getvalue().startswith("{")


@pytest.mark.parametrize(
    "name",
    ["password", "Authorization", "refresh_token", "X-API-Key", "api_key", "SECRET_KEY", "sentry_dsn", "cookie", "Set-Cookie", "csrf", "client_secret", "service_role_key", "signature", "jwt"],
)  # fmt: skip
def test_what_stands_under_the_name_of_a_secret_is_masked(name: str) -> None:
    assert is_secret_name(name)
    assert masked({"outer": [{name: "geheim"}, {name: ["geheim"]}]}) == {
        "outer": [{name: "***"}, {name: "***"}]
    }


@pytest.mark.parametrize(
    "name",
    [
        "token_id",
        "key_id",
        "tokens_count",
        "secret_sha256",
        "monkey",
        "keyboard",
        "author",
        "passage",
        "refresh_token_seconds",
    ],
)
def test_what_only_sounds_like_one_is_not(name: str) -> None:
    assert masked({name: "7"}) == {name: "7"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("postgresql://kis_app:geheim@db:5432/kis?x=1", "postgresql://kis_app:***@db:5432/kis?x=1"),
        ("amqp://kis:ge%2Fheim@mq", "amqp://kis:***@mq"),
        ("https://key@sentry.example/1 is fine", "https://key@sentry.example/1 is fine"),
        ("Authorization: Bearer geheim.geheim-geheim", "Authorization: Bearer ***"),
        ("basic Z2VoZWltOng=", "basic ***"),
        ("token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln here", "token eyJhbGciOiJIUzI1NiJ9.*** here"),
        ("password=geheim&x=1", "password=***&x=1"),
        ('{"password": "geheim", "x": 1}', '{"password": "***", "x": 1}'),
        (
            "https://s3/x?X-Amz-Signature=abc&X-Amz-Expires=60",
            "https://s3/x?X-Amz-Signature=***&X-Amz-Expires=60",
        ),
        ("nothing to hide: 12 keys, a sign and a passage", "nothing to hide: 12 keys, a sign and a passage"),
        ("https://kis.example/v1/estimate", "https://kis.example/v1/estimate"),
    ],
)
def test_what_looks_like_a_secret_is_masked_wherever_it_stands(text: str, wanted: str) -> None:
    assert masked_text(text) == wanted


def test_masking_ends_in_deep_and_strange_values() -> None:
    loop: list[Any] = []
    loop.append(loop)
    assert "***" in str(masked(loop))
    assert masked(b"password=geheim") == "password=***"
    assert masked({"n": 1, "f": 1.5, "none": None, "flag": True}) == {
        "n": 1,
        "f": 1.5,
        "none": None,
        "flag": True,
    }


def test_faults_leave_without_persons_and_secrets() -> None:
    event = {
        "event_id": "1",
        "user": {"email": "a@example.test"},
        "request": {"headers": {"authorization": "Bearer geheim"}},
        "exception": {
            "values": [
                {"value": "password=geheim", "stacktrace": {"frames": [{"context_line": "token = 'geheim'"}]}}
            ]
        },
    }
    told = json.dumps(scrubbed(event, {}))
    assert "geheim" not in told
    assert "example.test" not in told
    assert '"event_id": "1"' in told
