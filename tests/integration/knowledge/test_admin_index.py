"""Indexing anew: everything is found as before, goes on after a kill, one at a time, while people write."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from kis.identity import ROLE_PERMISSIONS, Permission, Principal, Role, Via
from kis.knowledge import reindexing
from kis.knowledge.errors import ReindexRunning
from kis.knowledge.reindexing import BATCH, JOB, CarryOn, Reindexing
from kis.knowledge.runs.errors import RunNotFound
from kis.knowledge.runs.things import RunStatus
from kis.knowledge.writing import Save
from kis.platform.errors import Forbidden
from kis.platform.jobs import LeaseLost
from kis.search import Document, Language, Readers, Source
from tests.factories.knowledge import Library, words_of
from tests.integration.conftest import MakeOrganization, MakePrincipal

Numbers = dict[UUID, int]


def operator_of(principal: Principal) -> Principal:
    """Return a caller who operates the installation and is a viewer in the organisation."""
    permissions = ROLE_PERMISSIONS[Role.VIEWER] | {Permission.INSTALLATION_OPERATE}
    return Principal(
        organization_id=principal.organization_id,
        role=Role.VIEWER,
        permissions=permissions,
        via=Via.TOKEN,
        user_id=uuid4(),
    )


async def items(library: Library, of: Principal) -> Numbers:
    """Return the numbers under which things of an organisation are indexed; new ones tell that they were written anew."""
    rows = await library.rows(
        "SELECT source_id, max(id) AS id FROM knowledge.search_items WHERE organization_id = :own GROUP BY source_id",
        own=of.organization_id,
    )
    return {row.source_id: row.id for row in rows}


async def worked(library: Library) -> int:
    """Do jobs of reindexing until none is left; return how many there were."""
    done = 0
    while count := await library.work(kinds=[JOB]):
        done += count
    return done


@pytest.fixture(autouse=True)
async def _nothing_under_way(library: Library) -> None:
    """Other tests of this database leave nothing under way."""
    await library.run(
        "UPDATE knowledge.import_runs SET status = 'cancelled' WHERE kind = 'reindex' AND status IN ('queued', 'running')"
    )


class TestReindexing:
    async def test_writes_all_of_an_organisation_anew_and_nothing_of_another(
        self, library: Library, editor: Principal, principal: Principal, stranger: Principal
    ) -> None:
        articles = [await library.written(editor, f"차단기 {number}") for number in range(BATCH + 3)]
        await library.written(stranger, "남의 글")
        before, others = await items(library, principal), await items(library, stranger)
        run_id = await library.knowledge.reindex(principal, Reindexing(source=Source.ARTICLE))
        waiting = await library.knowledge.reindexed(principal, run_id)
        assert (waiting.status, waiting.total, waiting.done) == (RunStatus.QUEUED, BATCH + 3, 0)
        await worked(library)
        ended = await library.knowledge.reindexed(principal, run_id)
        assert (ended.status, ended.total, ended.done) == (RunStatus.DONE, BATCH + 3, BATCH + 3)
        after = await items(library, principal)
        assert set(after) == {article.id for article in articles} == set(before)
        assert all(after[each] > before[each] for each in before)
        assert await items(library, stranger) == others
        actions = await library.rows(
            "SELECT action, after FROM shared.audit_logs WHERE target = :target ORDER BY sequence",
            target=f"run:{run_id}",
        )
        assert [row.action for row in actions] == ["search.reindex_started", "search.reindex_done"]

    async def test_takes_out_what_is_no_longer_there(
        self, library: Library, editor: Principal, principal: Principal
    ) -> None:
        gone = await library.written(editor, "곧 없어질 글")
        await library.run("DELETE FROM knowledge.articles WHERE id = :id", id=gone.id)
        assert gone.id in await items(library, principal)
        await library.knowledge.reindex(principal, Reindexing())
        await worked(library)
        assert gone.id not in await items(library, principal)

    async def test_begins_each_source_at_its_beginning(
        self, library: Library, editor: Principal, principal: Principal
    ) -> None:
        for number in range(BATCH + 1):
            await library.written(editor, f"글 {number}")
        first = UUID(int=1)
        document = Document(
            readers=Readers(organization_id=principal.organization_id),
            source=Source.QUOTATION,
            source_id=first,
            language=Language.KO,
            title="없어진 견적",
            dated_at=datetime(2026, 11, 20, tzinfo=UTC),
        )
        prepared = await library.engine.prepare([document])
        async with library.means.database.service() as session:
            await library.engine.put(session, Source.QUOTATION, [first], prepared)
        assert first in await items(library, principal)
        await library.knowledge.reindex(principal, Reindexing())
        await worked(library)
        assert first not in await items(library, principal)

    async def test_goes_on_where_the_one_that_was_killed_had_come_to(
        self, library: Library, editor: Principal, principal: Principal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for number in range(2 * BATCH + 1):
            await library.written(editor, f"글 {number}")
        run_id = await library.knowledge.reindex(principal, Reindexing(source=Source.ARTICLE))
        crossings: list[str] = []

        def killed(point: str) -> None:
            crossings.append(point)
            if len(crossings) == 2:
                raise LeaseLost  # as if this worker were no more: nothing is written of how its try ended

        with monkeypatch.context() as patched:
            patched.setattr(reindexing, "crossing", killed)
            await library.work(kinds=[JOB])
        halfway = await library.knowledge.reindexed(principal, run_id)
        assert (halfway.status, halfway.done) == (RunStatus.RUNNING, BATCH)
        first = await items(library, principal)
        await library.run(
            "UPDATE shared.jobs SET status = 'queued', lease_owner = NULL, lease_until = NULL, run_after = now() "
            "WHERE kind = :kind AND status = 'running'",
            kind=JOB,
        )
        await worked(library)
        ended = await library.knowledge.reindexed(principal, run_id)
        assert (ended.status, ended.done) == (RunStatus.DONE, 2 * BATCH + 1)
        after = await items(library, principal)
        # What was kept before the kill is not done again: exactly a batch has the number it had then.
        assert sum(after[each] == first[each] for each in first) == BATCH

    async def test_leaves_off_after_its_time_and_asks_for_another_job(
        self, library: Library, editor: Principal, principal: Principal
    ) -> None:
        for number in range(BATCH + 1):
            await library.written(editor, f"글 {number}")
        run_id = await library.knowledge.reindex(principal, Reindexing(source=Source.ARTICLE))
        ticks = iter([0.0, 1.0, 6.0])
        work = CarryOn(library.means, clock_seconds=lambda: next(ticks))
        await _run_with(library, work)
        waiting = await library.rows(
            "SELECT status FROM shared.jobs WHERE subject_id = :id ORDER BY created_at, status", id=run_id
        )
        assert sorted(row.status for row in waiting) == ["done", "queued"]
        assert (await library.knowledge.reindexed(principal, run_id)).done == BATCH
        await worked(library)
        assert (await library.knowledge.reindexed(principal, run_id)).status is RunStatus.DONE

    async def test_never_puts_an_old_text_over_a_new_one(
        self, library: Library, editor: Principal, principal: Principal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        article = await library.written(editor, "옛 제목")
        await library.knowledge.reindex(principal, Reindexing(source=Source.ARTICLE))
        prepare = library.engine.prepare
        saves: list[Callable[[], Awaitable[object]]] = [
            lambda: library.knowledge.save(editor, article.id, Save(texts={Language.KO: words_of("새 제목")}))
        ]

        async def meanwhile(documents: object, **more: object) -> object:
            ready = await prepare(documents, **more)  # type: ignore[arg-type]  # handed on as it came
            if saves:
                await saves.pop()()
            return ready

        monkeypatch.setattr(library.engine, "prepare", meanwhile)
        await worked(library)
        assert await library.found(editor, article.id) == [("ko", "draft", "새 제목")]

    async def test_is_one_at_a_time(
        self,
        library: Library,
        principal: Principal,
        make_principal: MakePrincipal,
        make_organization: MakeOrganization,
    ) -> None:
        run_id = await library.knowledge.reindex(principal, Reindexing(source=Source.QUOTATION))
        with pytest.raises(ReindexRunning) as refused:
            await library.knowledge.reindex(principal, Reindexing(source=Source.ARTICLE))
        assert str(run_id) in (refused.value.hint.text("en") if refused.value.hint else "")
        elsewhere = await make_principal(Role.ADMIN, of=await make_organization())
        await library.knowledge.reindex(elsewhere, Reindexing())
        with pytest.raises(ReindexRunning):
            await library.knowledge.reindex(operator_of(principal), Reindexing(everywhere=True))
        await worked(library)
        await library.knowledge.reindex(principal, Reindexing(source=Source.QUOTATION))

    async def test_of_the_installation_is_the_operators(
        self, library: Library, editor: Principal, principal: Principal, stranger: Principal
    ) -> None:
        ours, theirs = await library.written(editor, "우리 글"), await library.written(stranger, "남의 글")
        before = {**await items(library, principal), **await items(library, stranger)}
        with pytest.raises(Forbidden):
            await library.knowledge.reindex(principal, Reindexing(everywhere=True))
        operator = operator_of(principal)
        run_id = await library.knowledge.reindex(operator, Reindexing(source=Source.ARTICLE, everywhere=True))
        await worked(library)
        assert (await library.knowledge.reindexed(operator, run_id)).status is RunStatus.DONE
        after = {**await items(library, principal), **await items(library, stranger)}
        assert after[ours.id] > before[ours.id]
        assert after[theirs.id] > before[theirs.id]

    async def test_is_cancelled_like_any_run(self, library: Library, principal: Principal) -> None:
        run_id = await library.knowledge.reindex(principal, Reindexing())
        await library.knowledge.files.cancel(principal, run_id)
        assert await worked(library) == 1
        assert (await library.knowledge.reindexed(principal, run_id)).status is RunStatus.CANCELLED

    async def test_is_for_administrators_of_its_own_organisation(
        self, library: Library, editor: Principal, principal: Principal, stranger: Principal
    ) -> None:
        with pytest.raises(Forbidden):
            await library.knowledge.reindex(editor, Reindexing())
        run_id = await library.knowledge.reindex(principal, Reindexing())
        with pytest.raises(Forbidden):
            await library.knowledge.reindexed(editor, run_id)
        with pytest.raises(RunNotFound):
            await library.knowledge.reindexed(stranger, run_id)


async def _run_with(library: Library, work: CarryOn) -> None:
    """Do the one job that waits, by this handler."""
    from kis.platform.jobs import Backoff, Executor, Handling

    (job,) = await library.rows(
        "SELECT id FROM shared.jobs WHERE kind = :kind AND status = 'queued'", kind=JOB
    )
    executor = Executor(
        library.means.database,
        library.means.hub,
        {JOB: Handling(run=work)},
        library.means.settings.jobs,
        backoff=Backoff(first_seconds=0.0, longest_seconds=0.0),
    )
    await executor.run_job(job.id)
