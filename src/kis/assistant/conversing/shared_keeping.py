"""Answers under way in Redis beside the folder, so that a client whose machine died goes on at another.

Each message is kept in Redis, then in the folder of the machine, then sent. While Redis does not answer the folder alone has it; as soon as Redis
answers again the whole answer is put there anew. So either may be behind the other; of two copies that of the later run is taken, of the same run the longer.
Who takes an answer over names a later run in Redis, and the earlier one, wherever it lives, is refused its next message.

Redis is told neither tokens nor texts: an answer stands under a hash of its token, sealed with a key made from it.
"""

import hashlib
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from kis.assistant.conversing.keeping import (
    KEPT_SECONDS,
    AnswerFiles,
    Copy,
    Head,
    Kept,
    TakenOver,
    Writing,
    is_token,
    kept_of,
    line_of,
    next_run,
)

TIMEOUT_SECONDS: Final = 0.5
PAUSE_SECONDS: Final = 5.0
"""How long nothing is written to Redis after it did not answer."""
LARGEST_BYTES: Final = 8 * 2**20
"""Of one answer: a question with the largest image, and more text than anybody reads. A larger one stays on its machine."""
MOST_BYTES: Final = 256 * 2**20
"""Of all answers; beyond it those go first that were written to longest ago."""
MOST_PUTS: Final = 8
"""How often one run puts its answer into Redis anew, which may lose it again and again where it has no room."""
KEY_PREFIX: Final = "kis:{answer}:"
_NONCE_BYTES: Final = 12
_KEPT, _BEHIND, _TAKEN, _TOO_LARGE = range(4)

# An answer is a list: the name of its run, then its lines. `ages` has the answers by the time of their last line, `sizes` how large each is, and `all` of them.
_PRELUDE: Final = """
local key, ages, sizes = KEYS[1], KEYS[2], KEYS[3]
local prefix, id, kept_ms, run = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local clock = redis.call('TIME')
local now_us = tonumber(clock[1]) * 1000000 + tonumber(clock[2])
local function forget(which)
  local size = redis.call('HGET', sizes, which)
  if size then redis.call('HINCRBY', sizes, 'all', -size) end
  redis.call('HDEL', sizes, which)
  redis.call('ZREM', ages, which)
  redis.call('DEL', prefix .. which)
end
local function grow(bytes)
  if redis.call('HEXISTS', sizes, id) == 0 then bytes = bytes + 200 end
  redis.call('HINCRBY', sizes, id, bytes)
  redis.call('HINCRBY', sizes, 'all', bytes)
  redis.call('ZADD', ages, now_us, id)
  for _, each in ipairs(KEYS) do redis.call('PEXPIRE', each, kept_ms) end
end
local function make_room(most)
  for _, each in ipairs(redis.call('ZRANGEBYSCORE', ages, '-inf', now_us - kept_ms * 1000, 'LIMIT', 0, 1000)) do forget(each) end
  while tonumber(redis.call('HGET', sizes, 'all') or '0') > most do
    local oldest = redis.call('ZRANGE', ages, 0, 0)[1]
    if not oldest or oldest == id then return end
    forget(oldest)
  end
end
local held = redis.call('LINDEX', key, 0)
"""
_APPEND: Final = (
    _PRELUDE
    + """
local largest, most, lines, line = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7]), ARGV[8]
if held and held > run then return 2 end
if held ~= run or redis.call('LLEN', key) ~= lines + 1 then return 1 end
if tonumber(redis.call('HGET', sizes, id) or '0') + #line > largest then forget(id) return 3 end
redis.call('RPUSH', key, line)
grow(#line)
make_room(most)
return 0
"""
)
_PUT: Final = (
    _PRELUDE
    + """
local largest, most = tonumber(ARGV[5]), tonumber(ARGV[6])
if held and held > run then return 2 end
forget(id)
local bytes = 0
for place = 7, #ARGV do bytes = bytes + #ARGV[place] end
if bytes > largest then return 3 end
redis.call('RPUSH', key, run)
for place = 7, #ARGV do redis.call('RPUSH', key, ARGV[place]) end
grow(bytes)
make_room(most)
return 0
"""
)
_CLAIM: Final = (
    _PRELUDE
    + """
if not held or held > run then return {} end
redis.call('LSET', key, 0, run)
grow(0)
return redis.call('LRANGE', key, 0, -1)
"""
)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Room:
    """How long and how much is kept."""

    kept_seconds: float = KEPT_SECONDS
    largest_bytes: int = LARGEST_BYTES
    most_bytes: int = MOST_BYTES


class SharedAnswers:
    """Keeps answers in Redis and in a folder."""

    def __init__(
        self,
        url: str,
        files: AnswerFiles,
        *,
        room: Room = Room(),
        prefix: str = KEY_PREFIX,
        pause_seconds: float = PAUSE_SECONDS,
    ) -> None:
        self._redis = Redis.from_url(
            url,
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
            # Once more and at once: a connection that Redis has closed meanwhile is no reason to write without it.
            retry=Retry(NoBackoff(), 1),
        )
        self._scripts = {each: self._redis.register_script(each) for each in (_APPEND, _PUT, _CLAIM)}
        self._files = files
        self._room = room
        self._prefix = prefix
        self._pause_seconds = pause_seconds
        self._paused_until = float("-inf")

    async def begin(self, token: str, head: Head) -> Writing:
        """Keep what is asked, and return the right to write its answer."""
        writing = await self._files.begin(token, head)
        await self._put(writing, (line_of(head),))
        return writing

    async def append(self, writing: Writing, line: bytes) -> None:
        """Keep one message of the answer. Raises TakenOver."""
        outcome = None
        if time.monotonic() >= self._paused_until:
            sealed = _sealed(writing.token, line, writing.lines)
            outcome = await self._run(
                _APPEND, writing.token, writing.run, *self._bounds, writing.lines, sealed
            )
        if outcome == _TAKEN:
            raise TakenOver
        await self._files.append(writing, line)
        if outcome == _BEHIND and writing.puts < MOST_PUTS:
            copy = await self._files.find(writing.token)
            if copy is None or copy.run != writing.run or not await self._put(writing, copy.lines):
                raise TakenOver

    async def holds(self, writing: Writing) -> bool:
        """Tell whether nobody has taken the answer over."""
        try:
            run = await self._redis.lindex(self._prefix + _name(writing.token), 0)
        except (RedisError, OSError, TimeoutError) as error:
            self._pause(error)
            run = None
        is_later = isinstance(run, bytes) and run.decode("ascii", "replace") > writing.run
        return not is_later and await self._files.holds(writing)

    async def take_over(self, token: str, owner: str) -> tuple[Writing, Kept] | None:
        """Return an answer of ``owner`` with the right to write it on, which whoever had it loses; None where it is not kept or not theirs."""
        if not is_token(token):
            return None
        here, there = await self._files.find(token), await self._find(token)
        found = [copy for copy in (there, here) if copy is not None]
        newest = max(found, key=lambda copy: copy.age, default=None)
        if newest is None or kept_of(newest).head.owner != owner:
            return None
        run = next_run(newest.run)
        if newest is there:
            lines = await self._run(_CLAIM, token, run)
            copy = _opened(token, lines) if lines else None
            if copy is not None:
                return await self._files.put(token, copy), kept_of(copy)
            if lines is not None:
                return None  # somebody else was quicker
        taken = await self._files.take(token, run)
        if taken is None:
            return None
        writing, copy = taken
        return (writing, kept_of(copy)) if await self._put(writing, copy.lines) else None

    async def close(self) -> None:
        """Close the connections to Redis."""
        await self._redis.aclose()

    async def _put(self, writing: Writing, lines: Sequence[bytes]) -> bool:
        """Put the whole answer into Redis, where that answers; tell whether no later run has it."""
        if time.monotonic() < self._paused_until:
            return True
        sealed = [_sealed(writing.token, line, place) for place, line in enumerate(lines)]
        writing.puts += 1
        outcome = await self._run(_PUT, writing.token, writing.run, *self._bounds, *sealed)
        if outcome == _TOO_LARGE:
            writing.puts = MOST_PUTS
        return bool(outcome != _TAKEN)

    async def _find(self, token: str) -> Copy | None:
        """Return what Redis has of an answer. It is asked even while nothing is written to it: somebody waits, and it may be back."""
        try:
            held: list[Any] = await self._redis.lrange(self._prefix + _name(token), 0, -1)
        except (RedisError, OSError, TimeoutError) as error:
            self._pause(error)
            return None
        return _opened(token, held)

    async def _run(self, script: str, token: str, run: str, *more: int | bytes) -> Any:
        """Return what a script returns; None where Redis does not answer."""
        name = _name(token)
        keys = [self._prefix + each for each in (name, "ages", "sizes")]
        kept_ms = int(self._room.kept_seconds * 1000)
        try:
            return await self._scripts[script](keys=keys, args=[self._prefix, name, kept_ms, run, *more])
        except (RedisError, OSError, TimeoutError) as error:
            self._pause(error)
            return None

    def _pause(self, error: Exception) -> None:
        self._paused_until = time.monotonic() + self._pause_seconds
        log.warning("assistant.answers_redis_unavailable", error=type(error).__name__)

    @property
    def _bounds(self) -> tuple[int, int]:
        return self._room.largest_bytes, self._room.most_bytes


def _name(token: str) -> str:
    return hashlib.sha256(b"kis answer name 1 " + token.encode()).hexdigest()


def _seal(token: str) -> AESGCM:
    # A token is as random as a key: a hash is all that it takes to make one of it.
    return AESGCM(hashlib.sha256(b"kis answer seal 1 " + token.encode()).digest())


def _sealed(token: str, line: bytes, place: int) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + _seal(token).encrypt(nonce, line, str(place).encode())


def _opened(token: str, held: Sequence[bytes]) -> Copy | None:
    """Return what stands in Redis; None where nothing does, or what nobody with this token has written."""
    if len(held) < 2:
        return None
    run, *sealed = held
    seal = _seal(token)
    try:
        lines = [
            seal.decrypt(line[:_NONCE_BYTES], line[_NONCE_BYTES:], str(place).encode())
            for place, line in enumerate(sealed)
        ]
        return Copy(run.decode("ascii"), tuple(lines))
    except (InvalidTag, ValueError):
        return None
