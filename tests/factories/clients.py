"""Clients of an installation's API, without a network between, each with a key of a role."""

from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Protocol

import httpx2

from kis.api.app import create_app
from kis.application import Application
from kis.identity import Permission, Principal, Role
from kis.platform.messages import Locale


class CallAs(Protocol):
    """Makes a client of a role, with certain rights alone where they are named; in the organisation of another administrator where one is given."""

    def __call__(
        self, role: Role = ..., *rights: Permission, of: Principal | None = None
    ) -> Awaitable[httpx2.AsyncClient]: ...


@asynccontextmanager
async def clients_of(
    application: Application, principal: Principal, *, locale: Locale = "en"
) -> AsyncIterator[CallAs]:
    """Make clients for the block, in the organisation of ``principal`` unless another is named."""
    transport = httpx2.ASGITransport(create_app(application))
    async with AsyncExitStack() as closing:

        async def made(
            role: Role = Role.ADMIN, *rights: Permission, of: Principal | None = None
        ) -> httpx2.AsyncClient:
            key = await application.identity.api_keys.create(
                of or principal, role.value, role, permissions=rights
            )
            headers = {"X-API-Key": key.key, "Accept-Language": locale}
            client = httpx2.AsyncClient(transport=transport, base_url="http://localhost", headers=headers)
            return await closing.enter_async_context(client)

        yield made
