"""Hashing passwords with Argon2id, beside the event loop and only a few at a time.

The parameters are those OWASP recommends first (Password Storage Cheat Sheet, https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html):
19 MiB, two passes, one lane. A hash made with others is renewed when its owner next logs in.
"""

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

from kis.identity.password_rules import normalized
from kis.platform.errors import Unavailable
from kis.platform.messages import Message

Answer = TypeVar("Answer")

MEMORY_KIB: Final = 19 * 1024
PASSES: Final = 2
LANES: Final = 1

SIDE_BY_SIDE: Final = 2
"""Each takes a core for some 20 ms and 19 MiB."""
LONGEST_QUEUE: Final = 100
"""Two seconds' work; more at once is no login but an attack, and is told to come back."""


def recommended_hasher() -> Argon2Hasher:
    """Return the hasher of a running installation."""
    return Argon2Hasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)


class Passwords:
    """Makes and checks hashes. ``hasher`` is cheaper in tests."""

    def __init__(self, hasher: Argon2Hasher | None = None) -> None:
        self._hash = PasswordHash((hasher or recommended_hasher(),))
        self._nobodys = self._hash.hash(secrets.token_urlsafe(24))
        self._threads = ThreadPoolExecutor(SIDE_BY_SIDE, thread_name_prefix="password")
        self._waiting = 0

    async def hash(self, password: str) -> str:
        """Return the hash to keep."""
        return await self._in_thread(self._made, password)

    async def verify(self, password: str, password_hash: str | None) -> tuple[bool, str | None]:
        """Return whether the password is right and, where its hash should be renewed, the new one.

        Without a hash (nobody of that name, nobody's password) the answer is no and takes as long as for anybody.
        """
        right, renewed = await self._in_thread(self._checked, password, password_hash or self._nobodys)
        return (right, renewed) if password_hash is not None else (False, None)

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _in_thread(self, work: Callable[..., Answer], *given: str) -> Answer:
        if self._waiting >= LONGEST_QUEUE:
            raise Unavailable(Message("identity.busy"))
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, *given)
        finally:
            self._waiting -= 1

    def _made(self, password: str) -> str:
        return self._hash.hash(normalized(password))

    def _checked(self, password: str, password_hash: str) -> tuple[bool, str | None]:
        try:
            return self._hash.verify_and_update(normalized(password), password_hash)
        except UnknownHashError:
            return False, None
