"""The WebSocket to the assistant, made anew whenever it breaks.

Of what is typed only the newest waits to be sent. An answer that was being told when the connection broke goes on where it stopped: the line
remembers its token and the number of the last message that arrived. A question of which nothing had arrived is asked again.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, Protocol

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI

from kis.cli.assistant_chat.conversation import Event
from kis.cli.assistant_chat.errors import NotAnswered, NotLetIn, Unreachable
from kis.cli.assistant_chat.web import said_by

PAUSES_SECONDS: Final = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Before each new try; the last one again and again."""
OPEN_SECONDS: Final = 10.0
LARGEST_MESSAGE_BYTES: Final = 4_000_000
_UNAUTHENTICATED: Final = 4401
_BUSY: Final = frozenset({429, 502, 503, 504})
_ENDINGS: Final = frozenset({"final_answer", "error"})
_MOST_GIVEN_UP: Final = 20
"""Answers that nobody waits for any more, but of which the server may still say something."""


class Entrance(Protocol):
    """Where the line leads, and who calls."""

    @property
    def url(self) -> str:
        """Return the address as people write it."""

    @property
    def socket_url(self) -> str:
        """Return the address of the WebSocket."""

    @property
    def socket_headers(self) -> Mapping[str, str]:
        """Return what is shown of who calls."""

    @property
    def is_on_this_machine(self) -> bool:
        """Tell whether no proxy stands between."""

    async def renew(self) -> bool:
        """Have a login that has ended go on; tell whether it does."""


class Line:
    """Says and hears messages. ``run`` keeps it open until it is cancelled."""

    def __init__(
        self,
        entrance: Entrance,
        *,
        hear: Callable[[Event], None],
        tell_connected: Callable[[bool], None],
        pauses_seconds: Sequence[float] = PAUSES_SECONDS,
        most_tries: int | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._entrance = entrance
        self._hear = hear
        self._tell_connected = tell_connected
        self._pauses_seconds = pauses_seconds
        self._most_tries = most_tries
        self._sleep = sleep
        self._typed: Event | None = None
        self._last_typed: Event | None = None
        self._waiting: deque[Event] = deque()
        self._question: Event | None = None
        self._token = ""
        self._seq = 0
        self._given_up: deque[str] = deque(maxlen=_MOST_GIVEN_UP)
        self._nameless = 0
        self._more = asyncio.Event()

    def say(self, message: Event) -> None:
        """Send a message as soon as there is a connection."""
        if message["type"] == "typing":
            self._typed = self._last_typed = message
        else:
            if message["type"] == "query":
                self._question, self._token, self._seq = message, "", 0
            self._waiting.append(message)
        self._more.set()

    def cancel(self) -> None:
        """Wait for the answer no longer, and have the server end it; what it still says of it is not passed on."""
        self._waiting = deque(each for each in self._waiting if each["type"] != "query")
        self._nameless += self._question is not None and not self._token
        token, self._question, self._token, self._seq = self._token, None, "", 0
        if token:
            self._given_up.append(token)
        self.say({"type": "cancel", **({"token": token} if token else {})})

    async def run(self) -> None:
        """Keep the connection until cancelled. Raises Unreachable after ``most_tries`` in vain, NotLetIn and NotAnswered where trying again is no use."""
        tries = 0
        while True:
            try:
                async with self._open() as socket:
                    tries = 0
                    self._tell_connected(True)
                    self._take_up()
                    await self._converse(socket)
            except InvalidStatus as refused:
                await self._refused(refused)
            except (OSError, InvalidHandshake, ConnectionClosed):
                pass  # nobody is there, or not any more: that is what trying again is for
            except InvalidURI as error:
                raise Unreachable(self._entrance.url) from error
            self._tell_connected(False)
            tries += 1
            if self._most_tries is not None and tries >= self._most_tries:
                raise Unreachable(self._entrance.url)
            await self._sleep(self._pauses_seconds[min(tries, len(self._pauses_seconds)) - 1])

    def _open(self) -> connect:
        return connect(
            self._entrance.socket_url,
            additional_headers=dict(self._entrance.socket_headers),
            open_timeout=OPEN_SECONDS,
            max_size=LARGEST_MESSAGE_BYTES,
            proxy=None if self._entrance.is_on_this_machine else True,
        )

    async def _refused(self, refused: InvalidStatus) -> None:
        """Go on where trying again may help. Raises NotLetIn and NotAnswered."""
        status, said = refused.response.status_code, said_by(bytes(refused.response.body or b""))
        if status in _BUSY:
            return
        if status == 401 and await self._entrance.renew():
            return
        if status in {401, 403}:
            raise NotLetIn(said) from refused
        if not said:
            raise Unreachable(self._entrance.url) from refused
        raise NotAnswered(said) from refused

    def _take_up(self) -> None:
        """Go on with what the broken connection left."""
        self._waiting.clear()
        self._nameless = 0
        self._typed = self._last_typed
        if self._token:
            self._waiting.append({"type": "resume", "token": self._token, "seq": self._seq})
        elif self._question is not None:
            self._waiting.append(self._question)
        self._more.set()

    async def _converse(self, socket: ClientConnection) -> None:
        sending = asyncio.create_task(self._send(socket), name="chat_sending")
        try:
            async for frame in socket:
                self._take(self._read(frame))
        except ConnectionClosed as closed:
            ended = closed.rcvd is not None and closed.rcvd.code == _UNAUTHENTICATED
            if ended and not await self._entrance.renew():
                raise NotLetIn from closed
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    async def _send(self, socket: ClientConnection) -> None:
        while True:
            await self._more.wait()
            self._more.clear()
            while self._waiting or self._typed is not None:
                if self._waiting:
                    message = self._waiting.popleft()
                else:
                    assert self._typed is not None
                    message, self._typed = self._typed, None
                await socket.send(orjson.dumps(message).decode())

    def _read(self, frame: str | bytes) -> dict[str, Any]:
        """Return a message. Raises Unreachable where somebody else than KIS speaks."""
        try:
            event = orjson.loads(frame)
        except orjson.JSONDecodeError:
            event = None
        if not isinstance(event, dict) or not isinstance(event.get("type"), str):
            raise Unreachable(self._entrance.url)
        return event

    def _take(self, event: dict[str, Any]) -> None:
        """Pass a message on, once: one that came before the connection broke is not told again."""
        token, seq = event.get("token"), event.get("seq")
        is_ours = isinstance(token, str) and isinstance(seq, int)
        if is_ours and token in self._given_up:
            return
        if is_ours and self._question is not None and not self._token:
            self._token = str(token)
        if is_ours and token != self._token:
            return  # of an answer that nobody waits for any more
        if is_ours:
            assert isinstance(seq, int)
            if seq <= self._seq:
                return
            self._seq = seq
        if is_ours and self._nameless and event.get("cancelled") is True:
            # It is one that was given up before it had a token: what it said was taken for the next one's.
            self._nameless -= 1
            self._given_up.append(str(token))
            self._token, self._seq = "", 0
            self._hear({"type": "answer_restart"})
            return
        self._forget_what_ended(event, is_ours=is_ours)
        self._hear(event)

    def _forget_what_ended(self, event: Event, *, is_ours: bool) -> None:
        asked = None if self._question is None else self._question.get("seq")
        refused = event["type"] == "error" and (
            event.get("code") == "answer_not_found" or (asked is not None and event.get("seq") == asked)
        )
        if (is_ours and event["type"] in _ENDINGS) or (refused and not is_ours):
            self._question, self._token, self._seq = None, "", 0
