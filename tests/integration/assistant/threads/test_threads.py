"""Conversations: whose they are, what is kept of them, and for how long."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from kis.assistant.things import AnswerMode, Box, Chunk, Citation, Finished, Source
from kis.assistant.threads import (
    AnswerNotKept,
    Judgement,
    Role,
    ThreadFull,
    ThreadNotFound,
    Threads,
    ThreadTooLarge,
    service,
    thread_chores,
)
from kis.identity import Permission, Principal
from kis.identity import Role as Place
from kis.platform.configuration import AssistantSettings
from kis.platform.database import Database
from kis.platform.errors import BadInput, Forbidden
from tests.integration.conftest import MakePrincipal

SOURCE = Source(sha256="a" * 64, title="Manual", url="https://a.example/a.pdf")
ANSWER = (
    Chunk("Turn it "),
    Citation(number=1, source=SOURCE, page=7, excerpt="Turn it on.", passage=3, boxes=(Box(1, 2, 3, 4),)),
    Chunk("on [1]."),
    Finished(mode=AnswerMode.EXTRACTIVE),
)


@pytest.fixture
def threads(database: Database) -> Threads:
    """The service."""
    return Threads(database)


@pytest.fixture
async def user(make_principal: MakePrincipal) -> Principal:
    """Somebody who asks."""
    return await make_principal(Place.VIEWER)


async def kept(threads: Threads, user: Principal, question: str = "How?", product: str = "a") -> object:
    thread_id = await threads.keep(user, question, ANSWER, product_id=product)
    assert thread_id is not None
    return thread_id


class TestKeep:
    async def test_keeps_question_answer_and_citations(self, threads: Threads, user: Principal) -> None:
        thread_id = await threads.keep(user, "How do I turn it on?", ANSWER, product_id="a")
        assert thread_id is not None

        found = await threads.get(user, thread_id)

        assert (found.thread.title, found.thread.product_id) == ("How do I turn it on?", "a")
        question, answer = found.messages
        assert (question.role, question.number, question.content) == (
            Role.QUESTION,
            1,
            "How do I turn it on?",
        )
        assert (answer.role, answer.content, answer.mode) == (Role.ANSWER, "Turn it on [1].", "extractive")
        assert answer.citations == (
            {
                "number": 1,
                "document": "a" * 64,
                "title": "Manual",
                "url": "https://a.example/a.pdf",
                "media_type": "application/pdf",
                "page": 7,
                "excerpt": "Turn it on.",
                "passage": 3,
                "boxes": [[1.0, 2.0, 3.0, 4.0]],
            },
        )

    async def test_goes_on_about_the_same_product_for_a_while(
        self, threads: Threads, user: Principal, database: Database
    ) -> None:
        first = await kept(threads, user)
        second = await kept(threads, user)
        other = await kept(threads, user, product="b")
        async with database.service() as session:
            past = datetime.now(UTC) - timedelta(minutes=service.CONTINUED_MINUTES + 1)
            await session.execute(text("UPDATE assistant.threads SET continued_at = :past"), {"past": past})
        later = await kept(threads, user)

        assert first == second
        assert len({first, other, later}) == 3

    async def test_the_same_answer_is_kept_once_under_the_id_given(
        self, threads: Threads, user: Principal, make_principal: MakePrincipal
    ) -> None:
        answer_id = uuid4()
        first = await threads.keep(user, "How?", ANSWER, product_id="a", answer_id=answer_id)
        again = await threads.keep(user, "How?", ANSWER, product_id="a", answer_id=answer_id)
        assert first == again
        assert first is not None
        kept = (await threads.get(user, first)).messages
        assert ([message.number for message in kept], kept[1].id) == ([1, 2], answer_id)

        colleague = await make_principal(Place.VIEWER)
        with pytest.raises(IntegrityError):  # nobody is told that it is somebody's
            await threads.keep(colleague, "How?", ANSWER, product_id="a", answer_id=answer_id)

    async def test_keeps_nothing_of_the_unknown_and_of_machines(
        self, threads: Threads, user: Principal
    ) -> None:
        machine = replace(user, user_id=None, key_id=uuid4())

        assert await threads.keep(None, "How?", ANSWER) is None
        assert await threads.keep(machine, "How?", ANSWER) is None
        assert (await threads.list(user))[1] == 0

    async def test_refuses_more_than_a_conversation_may_have(
        self, threads: Threads, user: Principal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(service, "MOST_MESSAGES", 3)
        thread = await threads.create(user, "Mine")
        await threads.keep(user, "How?", ANSWER, thread_id=thread.id)

        with pytest.raises(ThreadFull):
            await threads.keep(user, "How?", ANSWER, thread_id=thread.id)


class TestOwners:
    async def test_nobody_else_sees_a_conversation(
        self, threads: Threads, user: Principal, make_principal: MakePrincipal
    ) -> None:
        thread = await threads.create(user, "Mine")
        colleague = await make_principal(Place.ADMIN)

        for act in (
            threads.get(colleague, thread.id),
            threads.rename(colleague, thread.id, "Theirs"),
            threads.remove(colleague, thread.id),
            threads.keep(colleague, "How?", ANSWER, thread_id=thread.id),
        ):
            with pytest.raises(ThreadNotFound):
                await act
        assert await threads.list(colleague) == ((), 0)
        assert (await threads.get(user, thread.id)).thread.title == "Mine"

    async def test_a_machine_has_none(self, threads: Threads, user: Principal) -> None:
        with pytest.raises(Forbidden):
            await threads.list(replace(user, user_id=None, key_id=uuid4()))

    async def test_the_right_to_the_assistant_is_asked_for(self, threads: Threads, user: Principal) -> None:
        with pytest.raises(Forbidden):
            await threads.create(replace(user, permissions=frozenset({Permission.CATALOG_READ})), "Mine")


class TestLife:
    async def test_the_last_continued_comes_first(self, threads: Threads, user: Principal) -> None:
        first = await threads.create(user, "First")
        second = await threads.create(user, "Second")
        await threads.keep(user, "How?", ANSWER, thread_id=first.id)

        found, total = await threads.list(user, size=1)

        assert ([one.id for one in found], total) == ([first.id], 2)
        assert [one.id for one in (await threads.list(user, page=2, size=1))[0]] == [second.id]

    async def test_all_that_is_wrong_with_a_title_is_told(self, threads: Threads, user: Principal) -> None:
        with pytest.raises(BadInput) as refused:
            await threads.create(user, " ", "x" * 201)

        assert [problem.path for problem in refused.value.problems] == ["title", "productId"]

    async def test_what_is_removed_is_gone_with_its_messages(
        self, threads: Threads, user: Principal, database: Database
    ) -> None:
        thread = await threads.create(user, "Mine")
        await threads.keep(user, "How?", ANSWER, thread_id=thread.id)
        await threads.remove(user, thread.id)

        with pytest.raises(ThreadNotFound):
            await threads.get(user, thread.id)
        async with database.service() as session:
            left = text("SELECT count(*) FROM assistant.messages WHERE thread_id = :id")
            assert await session.scalar(left, {"id": thread.id}) == 0

    async def test_old_ones_are_deleted_and_others_stay(
        self, threads: Threads, user: Principal, database: Database
    ) -> None:
        old, young = await threads.create(user, "Old"), await threads.create(user, "Young")
        (chore,) = thread_chores(AssistantSettings(thread_days=10))
        async with database.service() as session:
            aged = text(
                "UPDATE assistant.threads SET continued_at = now() - make_interval(days => :days) WHERE id = :id"
            )
            await session.execute(aged, {"days": 11, "id": old.id})
            await session.execute(aged, {"days": 9, "id": young.id})
            await chore.run(session)

        assert [one.title for one in (await threads.list(user))[0]] == ["Young"]


class TestExport:
    async def test_is_whole_and_in_markdown(self, threads: Threads, user: Principal) -> None:
        thread = await threads.create(user, "Mine")
        await threads.keep(user, "How do I turn it on?", ANSWER, thread_id=thread.id)
        await threads.keep(user, "Again?", ANSWER, thread_id=thread.id)

        assert await threads.export(user, thread.id) == await threads.get(user, thread.id)
        told = await threads.export_markdown(user, thread.id)
        cited = "- Turn it on.\n  - \\[1\\] Manual, page 7: “Turn it on.” <https://a.example/a.pdf>\n"
        assert (told.count("\n## Question "), told.count(cited)) == (2, 2)

    async def test_nobody_else_takes_it_away(
        self, threads: Threads, user: Principal, make_principal: MakePrincipal
    ) -> None:
        thread = await threads.create(user, "Mine")
        other = await make_principal(Place.ADMIN)
        for act in (threads.export(other, thread.id), threads.export_markdown(other, thread.id)):
            with pytest.raises(ThreadNotFound):
                await act
        for without in (
            replace(user, permissions=frozenset({Permission.CATALOG_READ})),
            replace(user, user_id=None, key_id=uuid4()),
        ):
            with pytest.raises(Forbidden):
                await threads.export(without, thread.id)

    async def test_one_that_is_too_large_is_refused_before_it_is_read(
        self, threads: Threads, user: Principal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        thread = await threads.create(user, "Mine")
        await threads.keep(user, "How?", (Chunk("켜십시오."), *ANSWER[1:]), thread_id=thread.id)
        conversation = await threads.get(user, thread.id)
        said = sum(len(message.content.encode()) for message in conversation.messages)
        monkeypatch.setattr(service, "LARGEST_EXPORT_BYTES", said)

        with pytest.raises(ThreadTooLarge):
            await threads.export(user, thread.id)
        monkeypatch.setattr(service, "LARGEST_EXPORT_BYTES", said + 1000)
        assert await threads.export(user, thread.id) == conversation


class TestJudge:
    async def test_the_last_word_counts_and_can_be_taken_back(
        self, threads: Threads, user: Principal
    ) -> None:
        thread = await threads.create(user, "Mine")
        await threads.keep(user, "How?", ANSWER, thread_id=thread.id)
        answer = (await threads.get(user, thread.id)).messages[1]

        seen = []
        for said in (Judgement(is_helpful=True), Judgement(is_helpful=False, comment="wrong page")):
            await threads.judge(user, thread.id, answer.id, said)
            seen.append((await threads.get(user, thread.id)).messages[1].judgement)
        await threads.take_back(user, thread.id, answer.id)

        assert seen == [Judgement(is_helpful=True), Judgement(is_helpful=False, comment="wrong page")]
        assert (await threads.get(user, thread.id)).messages[1].judgement is None

    async def test_a_question_is_not_judged(self, threads: Threads, user: Principal) -> None:
        thread = await threads.create(user, "Mine")
        await threads.keep(user, "How?", ANSWER, thread_id=thread.id)
        question = (await threads.get(user, thread.id)).messages[0]

        for message_id in (question.id, uuid4()):
            with pytest.raises(AnswerNotKept):
                await threads.judge(user, thread.id, message_id, Judgement(is_helpful=True))
