"""One connection: what a client says goes in at :meth:`Connection.take`, what it is told goes out through ``send``; no web framework in between.

Nothing is queued for the client that could be thrown away. One place holds the newest key press, another the newest prediction: a newer one takes the place of
what it overtakes, and since they are made one after the other none is told after a newer one. A prediction is made when the client is ready for it, by whoever
tells it, so that a key press waits for nothing but those that came before. Of the answers it follows the connection remembers how far
it has told them, and reads on when the client is ready. Only errors and pongs wait in a line, and a short one.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from time import monotonic, perf_counter
from typing import Any, Final

import orjson
from pydantic import ValidationError

from kis.assistant.conversing.answers import Answer, Answers, error_event, related_item, thumbnail_of
from kis.assistant.conversing.codes import ERRORS
from kis.assistant.conversing.images import ImageRefused, image_of
from kis.assistant.conversing.means import Caller, Means, Predicted, Surroundings, Wish
from kis.assistant.conversing.protocol import (
    INCOMING,
    INCOMING_TYPES,
    LARGEST_SEQ,
    LONGEST_TYPED,
    Cancel,
    Ping,
    Question,
    Resume,
    Typing,
)
from kis.assistant.things import documentation_shape
from kis.platform.messages import Locale, Message
from kis.platform.telemetry import metrics
from kis.platform.validation import problems_of

Send = Callable[[bytes], Awaitable[None]]
Renew = Callable[[], Awaitable[Caller]]

_PONG: Final = orjson.dumps({"type": "pong"})
_TYPING: Final = metrics.SOCKET_MESSAGES.labels("typing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much one connection may say, be told, and cost."""

    predictions: int = 5
    """Products of a prediction."""
    largest_text_bytes: int = 16_384
    """Of a message without an image."""
    messages_per_second: float = 40.0
    """A fast typist makes 15 key presses in a second; keys that repeat come 30 times."""
    burst: int = 120
    most_dropped: int = 600
    """Messages dropped as too fast, one after the other, before the connection is closed."""
    questions: int = 3
    """Answered at once."""
    followed: int = 6
    """Answers told at once, resumed ones with them."""
    waiting: int = 64
    """Errors and pongs that wait to be read."""
    unread_seconds: float = 30.0
    """The longest that one message waits for the client to read."""
    idle_seconds: float = 1800.0
    renewed_seconds: float = 30.0
    """How old may be what is known of the caller's login when it is acted upon."""
    prefetch_confidence: float = 0.8


class Connection:
    """The state of one client's connection. ``run`` tells the client things until it ends, and returns the close code."""

    def __init__(
        self,
        caller: Caller,
        means: Means,
        answers: Answers,
        *,
        send: Send,
        locale: Locale = "ko",
        bounds: Bounds | None = None,
        renew: Renew | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._caller = caller
        self._means = means
        self._answers = answers
        self._send = send
        self._locale = locale
        self._bounds = bounds or Bounds()
        self._renew = renew
        self._clock = clock
        self._work = asyncio.Event()
        self._newest: tuple[int | None, str] | None = None
        self._prediction: bytes | None = None
        self._predicting: asyncio.Task[None] | None = None
        self._waiting: deque[bytes] = deque()
        self._following: dict[str, tuple[Answer, int]] = {}
        self._turns: deque[str] = deque()
        self._beginning = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._wish: tuple[str, Wish] | None = None
        self._closing: str | None = None
        self._patience = asyncio.timeout(None)
        """With whoever does not read: :meth:`_watch` ends it."""
        self._sending_since: float | None = None
        self._tokens = float(self._bounds.burst)
        self._dropped = 0
        self._heard_at = self._renewed_at = self._counted_at = clock()

    def take(self, message: str | bytes) -> None:
        """Hear a message of the client. Whatever it is, nothing is raised: what cannot be used is answered with an error."""
        self._heard_at = self._clock()
        if self._closing is not None or not self._is_in_rate():
            return
        if isinstance(message, bytes):
            self._refuse("binary_message")
            return
        try:
            given = orjson.loads(message)
        except orjson.JSONDecodeError:
            given = None
        if type(given) is not dict:
            self._refuse("malformed_message")
            return
        if given.get("type") == "typing" and self._is_typed(given, len(message)):
            return
        self._take_other(given, len(message))

    async def run(self) -> int:
        """Tell the client what there is to tell until the connection is to end; return its close code."""
        tasks = [asyncio.create_task(self._watch(), name="assistant_watching")]
        try:
            async with self._patience:
                while True:
                    frame = self._next_frame()
                    if frame is not None:
                        self._sending_since = self._clock()
                        await self._send(frame)
                        self._sending_since = None
                    elif self._closing is not None:
                        return ERRORS[self._closing].closes_with or 1000
                    else:
                        await self._work.wait()
        except TimeoutError:
            self._closing = "unread"
            return ERRORS["unread"].closes_with or 1000
        finally:
            self._leave(tasks)
            await asyncio.gather(*tasks, return_exceptions=True)

    def end(self, code: str) -> None:
        """Tell the client why, and end the connection."""
        if self._closing is None:
            self._refuse(code)
            self._closing = code

    def _is_in_rate(self) -> bool:
        """Tell whether one more message may be heard; of those that may not the first is answered, and too many end the connection."""
        now, bounds = self._heard_at, self._bounds
        self._tokens = min(bounds.burst, self._tokens + (now - self._counted_at) * bounds.messages_per_second)
        self._counted_at = now
        if self._tokens >= 1:
            self._tokens -= 1
            if self._tokens > bounds.burst / 2:
                self._dropped = 0
            return True
        self._dropped += 1
        if self._dropped == 1:
            self._refuse("rate_limited", retry_after_seconds=1.0)
        elif self._dropped > bounds.most_dropped:
            self.end("too_many_messages")
        return False

    def _is_typed(self, given: dict[str, Any], length: int) -> bool:
        """Hear a key press, the short way: it is checked by hand, and what does not pass goes the long way and gets its error there."""
        seq, content = given.get("seq"), given.get("content")
        if (
            type(content) is not str
            or len(content) > LONGEST_TYPED
            or length > self._bounds.largest_text_bytes
        ):
            return False
        if seq is not None and (type(seq) is not int or not 0 <= seq <= LARGEST_SEQ):
            return False
        _TYPING.inc()
        self._newest = (seq, content)
        self._work.set()
        return True

    def _take_other(self, given: dict[str, Any], length: int) -> None:
        kind = given.get("type")
        known = type(kind) is str and kind in INCOMING_TYPES
        metrics.SOCKET_MESSAGES.labels(str(kind) if known else metrics.OTHER).inc()
        if not known:
            self._refuse("unknown_type", {"types": ", ".join(INCOMING_TYPES)})
            return
        image = given.get("image")
        if length - (len(image) if type(image) is str else 0) > self._bounds.largest_text_bytes:
            limit = self._bounds.largest_text_bytes
            self._refuse("message_too_large", {"limit": limit}, seq=_seq_of(given))
            return
        try:
            self._act(INCOMING.validate_python(given))
        except ValidationError as error:
            problems = problems_of(error.errors(include_url=False, include_input=False))
            told = "; ".join(problem.text(self._locale) for problem in problems[:5])
            self._refuse("invalid_message", {"problems": told}, seq=_seq_of(given))
        except ImageRefused as error:
            self._refuse(error.code, seq=_seq_of(given))

    def _act(self, message: Typing | Question | Cancel | Ping | Resume) -> None:
        if isinstance(message, Question):
            image = None if message.image is None else image_of(message.image)
            self._begin(self._ask(message, image), seq=message.seq)
        elif isinstance(message, Resume):
            self._begin(self._resume(message))
        elif isinstance(message, Cancel):
            for token, (answer, _) in self._following.items():
                if message.token in {None, token}:
                    answer.cancel()
            if message.token is None:
                for task in self._tasks:
                    task.cancel()
        elif isinstance(message, Ping):
            self._say(_PONG)

    def _begin(self, work: Coroutine[Any, Any, None], *, seq: int | None = None) -> None:
        """Begin something beside typing, unless so much is being done already."""
        running = sum(not answer.has_ended for answer, _ in self._following.values()) + self._beginning
        if running >= self._bounds.questions or len(self._following) >= self._bounds.followed:
            work.close()
            self._refuse("too_many_questions", {"limit": self._bounds.questions}, seq=seq)
            return
        self._beginning += 1
        task = asyncio.create_task(self._done(work, seq), name="assistant_question")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _done(self, work: Coroutine[Any, Any, None], seq: int | None) -> None:
        try:
            await self._renewed(by_question=True)
            await work
        except Exception as error:  # noqa: BLE001 - whatever it was, the client hears of it
            self._tell_error(error, seq)
        finally:
            work.close()
            self._beginning -= 1

    def _tell_error(self, error: Exception, seq: int | None) -> None:
        """Tell what went wrong with the message ``seq``; a login that has ended ends the connection."""
        event = error_event(error, self._locale)
        self._say(orjson.dumps(event if seq is None else event | {"seq": seq}))
        if event["code"] == "unauthenticated":
            self._closing = "unauthenticated"

    async def _ask(self, message: Question, image: bytes | None) -> None:
        answer = await self._answers.ask(
            self._caller,
            message.product_id or "",
            message.text,
            locale=self._locale,
            image=image,
            seq=message.seq,
            # Who numbers nothing is an older client, and is told what it always was.
            names_kept=message.seq is not None,
        )
        self._follow(answer, 0)

    async def _resume(self, message: Resume) -> None:
        answer = await self._answers.resume(self._caller, message.token, message.seq)
        self._follow(answer, min(message.seq, len(answer.frames)))

    def _follow(self, answer: Answer, seq: int) -> None:
        if answer.token not in self._following:
            self._turns.append(answer.token)
        self._following[answer.token] = (answer, seq)
        answer.followers.add(self._work.set)
        self._work.set()

    def _next_prediction(self) -> bytes | None:
        """Return the prediction that is to be told: made here and now for the newest key press, or by a task where something must be waited for."""
        frame, self._prediction = self._prediction, None
        if frame is not None or self._newest is None or self._predicting is not None:
            return frame
        newest, self._newest = self._newest, None
        try:
            frame = self._predict_now(*newest)
        except Exception as error:  # noqa: BLE001 - the next key press may go well
            self._tell_error(error, newest[0])
            return None
        if frame is None:
            self._predicting = asyncio.create_task(self._predict(*newest), name="assistant_predicting")
        return frame

    def _predict_now(self, seq: int | None, text: str) -> bytes | None:
        if seq is None or self._is_renewal_due:
            return None
        begun = perf_counter()
        found = self._means.predicting.predict_now(self._caller, text, self._bounds.predictions)
        if found is None:
            return None
        metrics.PREDICTION_SECONDS.observe(perf_counter() - begun)
        self._want(found[0] if found else None)
        return _short(seq, found)

    async def _predict(self, seq: int | None, text: str) -> None:
        try:
            await self._renewed()
            begun = perf_counter()
            found = await self._means.predicting.predict(self._caller, text, self._bounds.predictions)
            metrics.PREDICTION_SECONDS.observe(perf_counter() - begun)
            self._want(found[0] if found else None)
            if seq is not None:
                self._prediction = _short(seq, found)
            else:
                around = await self._means.products.surroundings(
                    self._caller, [each.product.id for each in found]
                )
                data = [_long(*each) for each in zip(found, around, strict=True)]
                self._prediction = orjson.dumps({"type": "prediction", "data": data})
        except Exception as error:  # noqa: BLE001 - as above
            self._tell_error(error, seq)
        finally:
            self._predicting = None
            self._work.set()

    def _want(self, likeliest: Predicted | None) -> None:
        """Have the manual of the one product that is left fetched, and no longer that of another."""
        is_sure = likeliest is not None and likeliest.confidence >= self._bounds.prefetch_confidence
        wanted = likeliest.product if is_sure and likeliest is not None else None
        if self._wish is not None:
            if wanted is not None and self._wish[0] == wanted.id:
                return
            self._wish[1].release()
            self._wish = None
        if wanted is not None and wanted.documentation is not None:
            self._wish = (wanted.id, self._means.manuals.prefetch(self._caller, wanted))

    async def _renewed(self, *, by_question: bool = False) -> None:
        """Make sure that the caller's login still stands, where that was not looked at for a while. Raises Unauthenticated."""
        if self._renew is not None and (by_question or self._is_renewal_due):
            self._caller = await self._renew()
            self._renewed_at = self._clock()

    @property
    def _is_renewal_due(self) -> bool:
        return self._renew is not None and self._clock() - self._renewed_at > self._bounds.renewed_seconds

    def _next_frame(self) -> bytes | None:
        """Return what is to be told next: errors and pongs, then the prediction, then of each answer in turn."""
        self._work.clear()
        if self._waiting:
            return self._waiting.popleft()
        if self._closing is not None:
            return None
        frame = self._next_prediction()
        if frame is not None:
            return frame
        for _ in range(len(self._turns)):
            token = self._turns.popleft()
            answer, seq = self._following[token]
            if seq < len(answer.frames):
                self._following[token] = (answer, seq + 1)
                self._turns.append(token)
                return answer.frames[seq]
            if answer.has_ended:
                self._unfollow(token)
            else:
                self._turns.append(token)
        return None

    def _unfollow(self, token: str) -> None:
        answer, _ = self._following.pop(token)
        answer.followers.discard(self._work.set)
        answer.left_at = monotonic()

    def _refuse(
        self,
        code: str,
        values: dict[str, object] | None = None,
        *,
        seq: int | None = None,
        retry_after_seconds: float | None = None,
    ) -> None:
        text = Message(f"assistant_protocol.error.{code}", values or {}).text(self._locale)
        event: dict[str, Any] = {"type": "error", "code": code, "message": text}
        if seq is not None:
            event["seq"] = seq
        if retry_after_seconds is not None:
            event["retry_after_seconds"] = retry_after_seconds
        self._say(orjson.dumps(event))

    def _say(self, frame: bytes) -> None:
        if len(self._waiting) < self._bounds.waiting:
            self._waiting.append(frame)
        elif self._closing is None:
            self._closing = "unread"
        self._work.set()

    async def _watch(self) -> None:
        """End the connection of who has said nothing for long, or does not read.

        One look now and then, that is never late: a timer of its own for each message would cost as much as to send it.
        """
        while True:
            now = self._clock()
            rest = self._bounds.unread_seconds
            if self._sending_since is not None:
                rest -= now - self._sending_since
                if rest <= 0:
                    self._patience.reschedule(asyncio.get_running_loop().time())
                    return
            if self._closing is None:
                silence = self._heard_at + self._bounds.idle_seconds - now
                if silence <= 0:
                    self.end("idle")
                rest = min(rest, max(silence, 0))
            await asyncio.sleep(rest)

    def _leave(self, tasks: list[asyncio.Task[None]]) -> None:
        for token in tuple(self._following):
            self._unfollow(token)
        self._turns.clear()
        if self._wish is not None:
            self._wish[1].release()
            self._wish = None
        if self._predicting is not None:
            tasks.append(self._predicting)
        tasks.extend(self._tasks)
        for task in tasks:
            task.cancel()


def _short(seq: int, found: Sequence[Predicted]) -> bytes:
    """Return a prediction in the short form."""
    data = [
        {
            "id": each.product.id,
            "name": each.product.name,
            "brand": each.product.brand,
            "thumbnail": thumbnail_of(each.product),
            "confidence": each.confidence,
        }
        for each in found
    ]
    return orjson.dumps({"type": "prediction", "seq": seq, "data": data})


def _seq_of(given: dict[str, Any]) -> int | None:
    """Return the client's number of a message, where it is one."""
    seq = given.get("seq")
    return seq if type(seq) is int and 0 <= seq <= LARGEST_SEQ else None


def _long(predicted: Predicted, around: Surroundings) -> dict[str, Any]:
    """Return a prediction as older clients read it."""
    product = predicted.product
    return {
        "product": {
            "id": product.id,
            "name": product.name,
            "brand": product.brand,
            "category": product.category,
            "production_country": product.country,
            "images": product.images,
            "documentation": documentation_shape(product.documentation) or None,
        },
        "brand": dict(around.brand),
        "context": {"related_items": [related_item(each) for each in around.related]},
        "confidence": predicted.confidence,
        "match_text": predicted.match_text,
    }
