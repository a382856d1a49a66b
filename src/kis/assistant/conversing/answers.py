"""Answers while they are made: apart from the connection that asked, so that they live on when it breaks and can be followed from anywhere.

A message of an answer is kept, then shown to whoever follows. Each follower reads at its own pace: the answer waits for nobody, and nothing is queued for
a slow one. After a restart the question is asked again; as long as the new answer says what was said already nothing is sent, and if it
comes to differ an ``answer_restart`` tells the client to begin anew.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final
from uuid import UUID, uuid5

import orjson

from kis.assistant.conversing.codes import code_of
from kis.assistant.conversing.keeping import Head, Keeping, TakenOver, Writing, new_token
from kis.assistant.conversing.means import Asked, Caller, KeptAnswer, Means, Related, Surroundings
from kis.assistant.things import AnswerEvent, Chunk, Citation, Finished, Product
from kis.platform.errors import KisError, NotFound, Unavailable
from kis.platform.messages import Locale, Message
from kis.platform.telemetry import tell_fault

Event = dict[str, Any]

MOST_AT_ONCE: Final = 200
"""Answers that one process makes at a time; each may hold a model's connection and a manual."""
MOST_EVENTS: Final = 4000
MOST_MISSING: Final = 500
"""Messages that a client may have heard and this machine does not know of: those of some seconds in which another could not share them."""
LONGEST_SECONDS: Final = 180.0
ORPHANED_SECONDS: Final = 60.0
"""How long an answer is made on with nobody following: long enough to come back, short enough not to work for people who left."""
SHOWN_SECONDS: Final = 300.0
"""How long a finished answer stays in memory; afterwards it is read from where it is kept."""
KEEPING_SECONDS: Final = 10.0
"""How long the last message waits for its answer to be kept."""
_ENDINGS: Final = frozenset({"final_answer", "error"})
_OF_THE_QUESTION: Final = frozenset({"status", "final_answer"})
"""What names the question by the client's number: so that it is known from the first message on, and of an answer that is gone on with elsewhere too."""
_KEPT_NAMES: Final = UUID("6f0c5f3e-52a4-4c5b-9f0e-0d3f6a1b7c24")
"""What the ids of kept answers are made in: an answer that is made again is the same one, and kept once."""
_OF_THE_TEXT: Final = frozenset({"answer_chunk", "citation"})


class AnswerNotFound(NotFound):
    """There is no such answer, it is somebody else's, or it was forgotten."""

    code = "answer_not_found"

    def __init__(self) -> None:
        super().__init__(Message("assistant_protocol.error.answer_not_found"))


@dataclass(frozen=True, slots=True)
class Timing:
    """How long answers are waited for and remembered."""

    longest_seconds: float = LONGEST_SECONDS
    orphaned_seconds: float = ORPHANED_SECONDS
    shown_seconds: float = SHOWN_SECONDS
    keeping_seconds: float = KEEPING_SECONDS


class Answer:
    """One answer with its messages so far, as they go over the wire."""

    def __init__(
        self,
        writing: Writing,
        head: Head,
        events: Sequence[Event] = (),
        *,
        question_seq: int | None = None,
        names_kept: bool = True,
    ) -> None:
        self.token = writing.token
        self.head = head
        named = (event["question_seq"] for event in events if "question_seq" in event)
        self.question_seq: int | None = next(named, question_seq)
        self.names_kept = names_kept
        self.frames = [orjson.dumps(event) for event in events]
        self.is_finished = bool(events) and events[-1]["type"] in _ENDINGS
        self.is_given_up = False
        self.followers: set[Callable[[], None]] = set()
        self.task: asyncio.Task[None] | None = None
        self.is_cancelled = False
        self.writing = writing
        self.left_at = monotonic()

    def tell(self, frame: bytes, *, is_last: bool) -> None:
        """Show one more message to those who follow."""
        self.frames.append(frame)
        self.is_finished = is_last
        self.call_followers()

    def call_followers(self) -> None:
        """Let those who follow look again."""
        for follower in tuple(self.followers):
            follower()

    @property
    def has_ended(self) -> bool:
        """Tell whether no more messages will come from here."""
        return self.is_finished or self.is_given_up

    def cancel(self) -> None:
        """End it, by the wish of who asked."""
        if self.task is not None and not self.has_ended:
            self.is_cancelled = True
            self.task.cancel()

    async def frames_after(self, seq: int) -> AsyncGenerator[tuple[int, bytes], None]:
        """Yield the messages after the ``seq``-th with their numbers, until the last."""
        more = asyncio.Event()
        self.followers.add(more.set)
        try:
            while True:
                more.clear()
                while seq < len(self.frames):
                    seq += 1
                    yield seq, self.frames[seq - 1]
                if self.has_ended:
                    return
                await more.wait()
        finally:
            self.followers.discard(more.set)
            self.left_at = monotonic()


class Answers:
    """All answers of this process."""

    def __init__(self, means: Means, keeping: Keeping, *, timing: Timing = Timing()) -> None:
        self._means = means
        self._keeping = keeping
        self._timing = timing
        self._answers: dict[str, Answer] = {}
        self._tidying: asyncio.Task[None] | None = None

    async def ask(
        self,
        caller: Caller,
        product_id: str,
        text: str,
        *,
        locale: Locale,
        image: bytes | None = None,
        seq: int | None = None,
        names_kept: bool = True,
    ) -> Answer:
        """Begin to answer a question, with an empty ``product_id`` one about no product. Raises Unavailable where too many are being answered.

        ``seq`` is the client's number of it; ``names_kept``: the last message tells where the answer is kept.
        """
        self._tidy()
        if sum(not answer.has_ended for answer in self._answers.values()) >= MOST_AT_ONCE:
            raise Unavailable(Message("assistant_protocol.error.unavailable"))
        head = Head(owner=_owner(caller), product_id=product_id, text=text, locale=locale, image=image)
        writing = await self._keeping.begin(new_token(), head)
        answer = Answer(writing, head, question_seq=seq, names_kept=names_kept)
        self._begin(answer, caller, ())
        return answer

    async def resume(self, caller: Caller, token: str, seq: int = 0) -> Answer:
        """Return an answer of the caller's, of whom ``seq`` messages have arrived, asked again where its process is gone. Raises AnswerNotFound."""
        answer = self._answers.get(token)
        if answer is not None and not answer.is_given_up:
            if answer.head.owner != _owner(caller):
                raise AnswerNotFound
            if answer.is_finished or await self._is_ours(answer, seq):
                answer.left_at = monotonic()
                return answer
        found = await self._keeping.take_over(token, _owner(caller))
        if found is None:
            raise AnswerNotFound
        writing, kept = found
        try:
            events = await self._caught_up(writing, kept.events, seq)
        except TakenOver as error:
            raise AnswerNotFound from error
        other = self._answers.get(token)
        if other is not None and not other.is_given_up:
            other.is_given_up = True  # two came at once: the later one writes on
            if other.task is not None:
                other.task.cancel()
            other.call_followers()
        answer = Answer(writing, kept.head, events)
        if answer.is_finished:
            self._answers[token] = answer
        else:
            self._begin(answer, caller, events)
        return answer

    async def close(self) -> None:
        """Stop making answers; who comes back with the token has them asked again."""
        if self._tidying is not None:
            self._tidying.cancel()
        tasks = [answer.task for answer in self._answers.values() if answer.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._answers.clear()

    async def _is_ours(self, answer: Answer, seq: int) -> bool:
        """Tell whether an answer that is being made here is still the one that its client is told, who has heard ``seq`` messages of it."""
        is_behind = 0 < seq - len(answer.frames) <= MOST_MISSING
        return not is_behind and await self._keeping.holds(answer.writing) and not answer.is_given_up

    async def _caught_up(self, writing: Writing, events: Sequence[Event], seq: int) -> Sequence[Event]:
        """Return the messages of an answer that is to go on. Of which the client has heard more than was kept here, it begins anew behind what was heard."""
        is_finished = bool(events) and events[-1]["type"] in _ENDINGS
        if is_finished or not 0 < seq - len(events) <= MOST_MISSING:
            return events
        missing = range(len(events) + 1, seq + 2)
        again = [{"type": "answer_restart", "token": writing.token, "seq": each} for each in missing]
        for event in again:
            await self._keeping.append(writing, orjson.dumps(event))
        return [*events, *again]

    def _begin(self, answer: Answer, caller: Caller, told: Sequence[Event]) -> None:
        self._answers[answer.token] = answer
        answer.task = asyncio.create_task(self._make(answer, caller, told), name="assistant_answer")
        if self._tidying is None or self._tidying.done():
            self._tidying = asyncio.create_task(self._tidy_forever(), name="assistant_answers")

    async def _make(self, answer: Answer, caller: Caller, told: Sequence[Event]) -> None:
        """Make one answer to its end, whatever that is."""
        try:
            try:
                async with asyncio.timeout(self._timing.longest_seconds):
                    await self._answer(answer, caller, _Retelling(told))
            except asyncio.CancelledError:
                if not answer.is_cancelled:
                    raise
                await self._tell(answer, {"type": "final_answer", "cancelled": True})
            except TakenOver:
                raise
            except Exception as error:  # noqa: BLE001 - whatever it was, the client hears that it ended
                await self._tell(answer, error_event(error, answer.head.locale))
        except (asyncio.CancelledError, TakenOver):
            answer.is_given_up = True
            answer.call_followers()
        except Exception as error:  # noqa: BLE001 - it can be kept no more
            tell_fault("assistant.answer_not_kept", error)
            answer.is_given_up = True
            answer.call_followers()

    async def _answer(self, answer: Answer, caller: Caller, retelling: "_Retelling") -> None:
        head, means = answer.head, self._means
        status = "opening" if head.product_id else "searching"
        await self._pass_on(answer, retelling, _status(f"assistant_protocol.status.{status}", head.locale))
        product = None
        if head.product_id:
            (around,) = await means.products.surroundings(caller, [head.product_id])
            product = around.product
            price = await means.products.price(caller, product)
            await self._pass_on(answer, retelling, context_event(around, price))
        asked = Asked(caller=caller, product=product, text=head.text, locale=head.locale, image=head.image)
        events: list[AnswerEvent] = []
        async for event in means.answering.answer(asked):
            events.append(event)
            kept = await self._keep(answer, asked, events) if isinstance(event, Finished) else None
            await self._pass_on(answer, retelling, _event_of(event, kept if answer.names_kept else None))

    async def _keep(self, answer: Answer, asked: Asked, events: Sequence[AnswerEvent]) -> KeptAnswer | None:
        """Keep a question with its answer. Where that cannot be done the answer is told all the same."""
        try:
            async with asyncio.timeout(self._timing.keeping_seconds):
                answer_id = uuid5(_KEPT_NAMES, answer.token)
                return await self._means.threads.add(asked, events, answer_id=answer_id)
        except Exception as error:  # noqa: BLE001 - whatever it was, there is an answer
            tell_fault("assistant.conversation_not_kept", error)
            return None

    async def _pass_on(self, answer: Answer, retelling: "_Retelling", event: Event) -> None:
        for new in retelling.news(event):
            await self._tell(answer, new)

    async def _tell(self, answer: Answer, event: Event) -> None:
        if answer.is_finished:
            return
        if len(answer.frames) >= MOST_EVENTS:
            raise Unavailable(Message("assistant_protocol.error.unavailable"))
        told = {**event, "token": answer.token, "seq": len(answer.frames) + 1}
        if answer.question_seq is not None and event["type"] in _OF_THE_QUESTION:
            told["question_seq"] = answer.question_seq
        frame = orjson.dumps(told)
        is_last = event["type"] in _ENDINGS
        keeping = asyncio.ensure_future(self._keeping.append(answer.writing, frame))
        try:
            await asyncio.shield(keeping)
        except asyncio.CancelledError:
            # What is being written cannot be called back: it keeps its number, and is told.
            await asyncio.wait((keeping,))
            if keeping.exception() is None:
                answer.tell(frame, is_last=is_last)
            raise
        answer.tell(frame, is_last=is_last)

    async def _tidy_forever(self) -> None:
        while self._answers:
            await asyncio.sleep(min(5.0, self._timing.orphaned_seconds))
            self._tidy()

    def _tidy(self) -> None:
        """End what nobody follows, and let go of what is over."""
        now = monotonic()
        for token, answer in tuple(self._answers.items()):
            alone = 0.0 if answer.followers else now - answer.left_at
            if answer.has_ended and alone > self._timing.shown_seconds:
                del self._answers[token]
            elif not answer.has_ended and alone > self._timing.orphaned_seconds and answer.task is not None:
                answer.task.cancel()
            if answer.is_given_up and not answer.followers:
                self._answers.pop(token, None)


class _Retelling:
    """Holds back of an answer that is made again what was told of it before."""

    def __init__(self, told: Sequence[Event]) -> None:
        begun = max(
            (place for place, event in enumerate(told) if event["type"] == "answer_restart"), default=-1
        )
        told = told[begun + 1 :] if begun >= 0 else told
        self._is_again = bool(told) or begun >= 0
        self._has_context = begun >= 0 or any(event["type"] == "context" for event in told)
        self._text = [_content(event) for event in told if event["type"] in _OF_THE_TEXT]
        self._place = 0
        self._held: list[Event] = []
        """What was held back, to be said once more where the rest turns out to differ."""

    def news(self, event: Event) -> list[Event]:
        """Return what of ``event`` the client has not been told."""
        if not self._is_again:
            return [event]
        if event["type"] == "status":
            return []
        if event["type"] == "context":
            return [] if self._has_context else [event]
        if self._place == len(self._text):
            return [event]
        if event["type"] in _OF_THE_TEXT and _content(event) == self._text[self._place]:
            self._place += 1
            self._held.append(event)
            return []
        again = [{"type": "answer_restart"}, *self._held, event]
        self._place = len(self._text)
        return again


def error_event(error: BaseException, locale: Locale) -> Event:
    """Return how ``error`` is told: its code and a sentence, nothing of the inside."""
    if isinstance(error, AnswerNotFound):
        code = error.code
    else:
        code = "unavailable" if isinstance(error, TimeoutError) else code_of(error)
    if code == "internal_error":
        tell_fault("assistant.failed", error)
        return {"type": "error", "code": code, "message": _text(code, locale)}
    event: Event = {"type": "error", "code": code, "message": _text(code, locale)}
    if isinstance(error, KisError):
        event["message"] = error.text(locale)
        if error.code != code:
            event["reason"] = error.code
    return event


def context_event(around: Surroundings, price: Mapping[str, object] | None) -> Event:
    """Return the message that tells of a product's surroundings; nothing is said of a price that is not known."""
    event: Event = {
        "type": "context",
        "brand": dict(around.brand),
        "related_items": [related_item(each) for each in around.related],
    }
    return event if price is None else {**event, "price": dict(price)}


def related_item(related: Related) -> Event:
    """Return a related product as it is told."""
    product = related.product
    return {
        "id": product.id,
        "name": product.name,
        "brand": product.brand,
        "type": related.kind,
        "label": related.label,
        "thumbnail": thumbnail_of(product),
    }


def thumbnail_of(product: Product) -> str | None:
    """Return the address of the product's small picture."""
    return product.images.get("thumbnail") or product.images.get("main")


def _event_of(event: AnswerEvent, kept: KeptAnswer | None) -> Event:
    if isinstance(event, Chunk):
        return {"type": "answer_chunk", "content": event.text}
    if isinstance(event, Citation):
        return _citation(event)
    return _final(event, kept)


def _citation(citation: Citation) -> Event:
    return {
        "type": "citation",
        "number": citation.number,
        "document": citation.source.sha256,
        "title": citation.source.title,
        "url": citation.source.url,
        "page": citation.page,
        "excerpt": citation.excerpt,
        "passage": citation.passage,
        "boxes": [
            {"left": box.left, "top": box.top, "right": box.right, "bottom": box.bottom}
            for box in citation.boxes
        ],
    }


def _final(finished: Finished, kept: KeptAnswer | None) -> Event:
    refusal = None if finished.refusal is None else finished.refusal.rpartition(".")[2]
    final = {
        "type": "final_answer",
        "mode": finished.mode.value,
        "refusal": refusal,
        "dropped": finished.dropped,
        "sure": finished.is_sure,
        "cancelled": False,
    }
    if kept is None:
        return final
    return {**final, "thread_id": str(kept.thread_id), "message_id": str(kept.message_id)}


def _status(key: str, locale: Locale) -> Event:
    return {"type": "status", "msg": Message(key).text(locale)}


def _content(event: Event) -> Event:
    return {name: value for name, value in event.items() if name not in {"token", "seq"}}


def _text(code: str, locale: Locale) -> str:
    return Message(f"assistant_protocol.error.{code}").text(locale)


def _owner(caller: Caller) -> str:
    return "" if caller is None else f"{caller.organization_id}:{caller.actor}"
