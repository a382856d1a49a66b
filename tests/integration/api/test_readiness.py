"""The right answer within a second, whatever is away, and the right one again when it is back."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
import structlog
from sqlalchemy import text

from kis.api.app import create_app
from kis.api.health import readiness
from kis.api.health.db import check_db_health
from kis.api.health.storage import check_storage_health
from kis.platform.configuration import JobSettings
from kis.platform.database import Database
from tests.factories.api import client_of, services
from tests.factories.waiting import eventually
from tests.factories.wires import wired


@pytest.fixture(autouse=True)
def kept_shortly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look anew at each question; that answers are kept is a test of its own."""
    monkeypatch.setattr(readiness, "KEPT_SECONDS", 0.0)
    monkeypatch.setattr(readiness, "SCHEMA_KEPT_SECONDS", 0.0)


@asynccontextmanager
async def ready_client(home: Path, url: str, **jobs: Any) -> AsyncIterator[httpx2.AsyncClient]:
    """Yield a client of an API over the database at ``url`` and a folder."""
    database = Database(url, pool_size=3)
    application = services(home, database=database, jobs=JobSettings(**jobs))
    await application.storage.ensure()
    app = create_app(application)
    await app.state.readiness.prepare()
    try:
        async with client_of(app) as client:
            yield client
    finally:
        await app.state.readiness.close()
        await database.close()


async def asked(client: httpx2.AsyncClient, path: str = "/readyz") -> tuple[int, dict[str, Any]]:
    """Ask. The answer does not wait for what hangs; that it comes within a second is the constant's affair, here the machine may be busy."""
    async with asyncio.timeout(10):
        answer = await client.get(path)
    assert readiness.ANSWER_SECONDS <= 0.8
    return answer.status_code, answer.json()


async def until(client: httpx2.AsyncClient, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Ask until the answer is as wanted."""

    async def look() -> dict[str, Any] | None:
        found: dict[str, Any] = (await client.get("/readyz")).json()
        return found if wanted(found) else None

    return await eventually(look) or {}


def is_ok(found: dict[str, Any]) -> bool:
    return bool(found["status"] == "ok")


class TestReadyz:
    async def test_all_is_there(self, tmp_path: Path, app_database_url: str) -> None:
        async with ready_client(tmp_path, app_database_url) as client:
            await until(client, is_ok)
            status, found = await asked(client)
            assert await asked(client, "/ready") == (200, {"status": "ready"})
            assert await asked(client, "/health") == (200, {"status": "healthy"})
        assert status == 200
        assert found.pop("ts").endswith("Z")
        assert len(found.pop("traceId")) == 32
        assert found == {"status": "ok", "db": "ok", "storage": "ok", "migrations": "ok"}

    async def test_the_first_answer_is_right_where_a_first_look_takes_long(
        self, tmp_path: Path, app_database_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(readiness, "ANSWER_SECONDS", 0.0)
        monkeypatch.setattr(readiness, "KEPT_SECONDS", 60.0)
        async with ready_client(tmp_path, app_database_url) as client:
            answer = await client.get("/readyz")
        assert (answer.status_code, answer.json()["status"]) == (200, "ok")

    async def test_a_database_that_hangs(self, tmp_path: Path, app_database_url: str) -> None:
        async with wired(app_database_url) as (wire, url), ready_client(tmp_path, url) as client:
            await until(client, is_ok)
            wire.hold()
            for _ in range(3):
                status, found = await asked(client)
                assert (status, found["status"], found["db"]) == (503, "not_ready", "error")
                assert (found["db_error"], found["storage"]) == ("timeout", "ok")
            assert (await asked(client, "/healthz"))[0] == 200
            wire.free()
            await until(client, is_ok)

    async def test_a_database_that_is_gone(self, tmp_path: Path, app_database_url: str) -> None:
        async with wired(app_database_url) as (wire, url), ready_client(tmp_path, url) as client:
            await until(client, is_ok)
            await wire.cut()
            status, found = await asked(client)
            assert (status, found["status"], found["db_error"]) == (503, "not_ready", "unreachable")
            assert found["message"].startswith("아직 준비되지 않았습니다. 응답하지 않는 것: 데이터베이스")
            assert await asked(client, "/ready") == (503, {"status": "not_ready"})
            told = json.dumps(found)
            assert "kis_app" not in told
            assert "127.0.0.1" not in told
            await wire.mend()
            await until(client, is_ok)

    async def test_a_network_that_swallows_what_was_open(
        self, tmp_path: Path, app_database_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(readiness, "HOPELESS_SECONDS", 0.3)
        async with wired(app_database_url) as (lost, url):
            database = Database(url, pool_size=1)
            look = readiness.Readiness(services(tmp_path).settings, database, services(tmp_path).storage)
            assert not (await look.state()).faults.get("db")
            lost.hold()
            assert (await look.state()).faults["db"] == "timeout"
            first = look._tasks["db"][0]

            async def is_begun_anew() -> bool:
                await look.state()
                return look._tasks["db"][0] is not first

            async def is_good() -> bool:
                return "db" not in (await look.state()).faults

            await eventually(is_begun_anew)
            lost.free()
            await eventually(is_good)
            await look.close()
            await database.close()

    async def test_a_storage_that_refuses(self, tmp_path: Path, app_database_url: str) -> None:
        async with ready_client(tmp_path, app_database_url) as client:
            await until(client, is_ok)
            objects = tmp_path / "objects"
            away = tmp_path / "away"
            shutil.move(objects, away)
            objects.write_text("no folder")
            status, found = await asked(client)
            assert (status, found["status"], found["storage"], found["db"]) == (
                503,
                "degraded",
                "error",
                "ok",
            )
            assert str(tmp_path) not in json.dumps(found)
            assert await asked(client, "/ready") == (503, {"status": "degraded"})
            objects.unlink()
            shutil.move(away, objects)
            await until(client, is_ok)

    async def test_a_schema_that_is_behind(self, tmp_path: Path, empty_database: Any) -> None:
        async with ready_client(tmp_path, empty_database.app) as client:
            status, found = await asked(client)
        assert (status, found["status"], found["migrations_error"]) == (503, "not_ready", "behind")

    async def test_cache_and_broker_are_looked_at_where_they_are_used(
        self, tmp_path: Path, app_database_url: str, redis_server: str, rabbitmq_server: str
    ) -> None:
        used = {"redis_url": redis_server, "executor": "celery", "broker_url": rabbitmq_server}
        async with ready_client(tmp_path, app_database_url, **used) as client:
            found = await until(client, is_ok)
            assert (found["cache"], found["broker"]) == ("ok", "ok")
        gone = {
            "redis_url": "redis://127.0.0.1:1/0",
            "executor": "celery",
            "broker_url": "amqp://u:p@127.0.0.1:1//",
        }
        async with ready_client(tmp_path, app_database_url, **gone) as client:
            status, found = await asked(client)
        assert (status, found["status"]) == (503, "degraded")
        assert (found["cache_error"], found["broker_error"]) == ("unreachable", "unreachable")

    async def test_who_is_no_broker_is_not_taken_for_one(
        self, tmp_path: Path, app_database_url: str, redis_server: str
    ) -> None:
        address = redis_server.replace("redis://", "amqp://u:p@").split("?")[0]
        async with ready_client(tmp_path, app_database_url, executor="celery", broker_url=address) as client:
            assert (await asked(client))[1]["broker"] == "error"

    async def test_callers_share_one_look_and_it_is_kept_a_second(
        self, tmp_path: Path, app_database_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        looks = 0
        check = check_db_health

        async def counted(database: Database) -> object:
            nonlocal looks
            looks += 1
            return await check(database)

        monkeypatch.setattr("kis.api.health.readiness.check_db_health", counted)
        monkeypatch.setattr(readiness, "KEPT_SECONDS", 60.0)
        async with ready_client(tmp_path, app_database_url) as client:
            await asyncio.gather(*(client.get("/readyz") for _ in range(50)))
            await client.get("/ready")
        assert looks == 1


async def test_the_checks_say_what_they_found(tmp_path: Path, database: Database) -> None:
    found = await check_db_health(database)
    assert (found["status"], found["connected"]) == ("ok", True)
    assert found["timestamp"].endswith("Z")
    storage = services(tmp_path).storage
    await storage.ensure()
    stored = await check_storage_health(storage)
    assert stored == {"status": "ok", "accessible": True, "bucket": storage.bucket}


async def test_the_log_says_once_that_all_is_up(tmp_path: Path, app_database_url: str) -> None:
    async with wired(app_database_url) as (wire, url):
        await wire.cut()
        database = Database(url, pool_size=2)
        application = services(tmp_path, database=database)
        await application.storage.ensure()
        app = create_app(application)
        structlog.reset_defaults()
        with structlog.testing.capture_logs() as lines:

            async def said(event: str) -> bool:
                return any(line["event"] == event for line in lines)

            async with app.router.lifespan_context(app):
                await eventually(lambda: said("readiness.changed"))
                assert not await said("All services initialized")
                await wire.mend()
                await eventually(lambda: said("All services initialized"))
        await database.close()


async def test_samples_of_answers_reach_the_database(tmp_path: Path, database: Database) -> None:
    application = services(tmp_path, database=database)
    app = create_app(application)
    async with client_of(app) as client:
        await client.get("/v1/a-path-of-no-route")
        await client.get("/openapi.json")
        await client.get("/healthz")
    await app.state.samples.store()
    async with database.service() as session:
        rows = await session.execute(
            text("SELECT route, status, response_time_ms FROM shared.api_metrics ORDER BY id")
        )
        found = {(route, status) for route, status, milliseconds in rows if milliseconds > 0}
    assert {("other", 404), ("/openapi.json", 200)} <= found
    assert ("/healthz", 200) not in found


async def test_samples_that_cannot_be_stored_are_counted_and_forgotten(tmp_path: Path) -> None:
    from kis.platform.monitoring import AnswerSamples
    from kis.platform.telemetry import metrics

    samples = AnswerSamples(services(tmp_path).database, most=10)
    before = metrics.METRIC_ROWS_DROPPED._value.get()
    for number in range(1000):
        samples.add("GET", f"/{number}", 200, 0.001)
    await samples.store()
    assert metrics.METRIC_ROWS_DROPPED._value.get() == before + 10


async def test_metrics_have_the_figures_of_the_database(tmp_path: Path, database: Database) -> None:
    from kis.platform.jobs.models import Job

    async with database.service() as session:
        session.add(Job(kind="figures.test", status="queued"))
    app = create_app(services(tmp_path, database=database))
    async with client_of(app) as client:
        shown = (await client.get("/metrics")).text
    assert 'jobs_queue_depth{kind="figures.test",status="queued"}' in shown
    assert 'jobs_oldest_age_seconds{kind="figures.test"}' in shown
    assert 'database_connections{state="most"} 5.0' in shown
    async with database.service() as session:
        await session.execute(text("DELETE FROM shared.jobs WHERE kind = 'figures.test'"))
