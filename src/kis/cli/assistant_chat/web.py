"""The running KIS over HTTP: logging in and out, what is known around a product, images of pages, and what a reader thought of an answer."""

import asyncio
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import quote, urlsplit

import httpx2

from kis.cli.assistant_chat.access import Access
from kis.cli.assistant_chat.conversation import Answer, Citation, Product, product_of, shown_line
from kis.cli.assistant_chat.errors import AnswerNotKept, NotAnswered, NothingThere, NotLetIn, Unreachable
from kis.platform.messages import Locale

SECONDS: Final = 30.0
LEAVE_SECONDS: Final = 3.0
"""For logging out: who quits does not wait for a server that does not answer, and the login ends by itself in time."""
LARGEST_IMAGE_BYTES: Final = 40_000_000
_BASE: Final = "/v1/assistant"
_SELF: Final = ("127.0.0.1", "localhost", "::1")


class Web:
    """A client that is logged in for the block and logs out at its end."""

    def __init__(self, access: Access, locale: Locale) -> None:
        self._access = access
        self._refresh_token = ""
        self._renewing = asyncio.Lock()
        self.is_on_this_machine = urlsplit(access.url).hostname in _SELF
        headers: dict[str, str] = {"Accept-Language": locale}
        if access.api_key:
            headers["X-API-Key"] = access.api_key
        self._client = httpx2.AsyncClient(
            base_url=access.url, headers=headers, timeout=SECONDS, trust_env=not self.is_on_this_machine
        )

    async def __aenter__(self) -> Self:
        try:
            await self._log_in()
        except BaseException:
            await self._client.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._refresh_token:
                async with asyncio.timeout(LEAVE_SECONDS):
                    await self._client.post("/v1/auth/logout")
        except (httpx2.HTTPError, TimeoutError):
            pass
        finally:
            await self._client.aclose()

    @property
    def url(self) -> str:
        """Return where the KIS answers."""
        return self._access.url

    @property
    def socket_url(self) -> str:
        """Return the address of the assistant's WebSocket."""
        return f"ws{self._access.url.removeprefix('http')}{_BASE}/ws"

    @property
    def socket_headers(self) -> dict[str, str]:
        """Return what a WebSocket shows of who calls, and the language to answer in."""
        wanted = ("accept-language", "x-api-key", "authorization")
        return {name: value for name, value in self._client.headers.items() if name.lower() in wanted}

    async def renew(self) -> bool:
        """Have the login go on, once for all who notice at the same time that it ran out; tell whether it does, as far as anybody is there to say so."""
        before = self._refresh_token
        async with self._renewing:
            if self._refresh_token == before and before:
                try:
                    await self._tokens("/v1/auth/refresh", {"refreshToken": before})
                except (NotAnswered, NotLetIn, NothingThere):
                    self._refresh_token = ""
                except Unreachable:
                    return True
            return bool(self._refresh_token)

    async def product(self, product_id: str) -> tuple[Product, Mapping[str, Any]]:
        """Return a product and all that is known of it. Raises NothingThere, NotLetIn."""
        told: dict[str, Any] = (await self._ask("GET", f"/products/{quote(product_id, safe='')}")).json()
        return product_of(told["product"]), told

    async def predict(self, text: str, *, most: int) -> list[Product]:
        """Return the products that ``text`` may mean, the likeliest first."""
        told = (await self._ask("POST", "/predict", json={"content": text, "limit": most})).json()
        return [product_of(each) for each in told["data"]]

    async def related(self, product_id: str) -> list[Mapping[str, Any]]:
        """Return what goes with a product."""
        told = (await self._ask("GET", f"/products/{quote(product_id, safe='')}/related")).json()
        items: list[Mapping[str, Any]] = told["items"]
        return items

    async def page_image(self, product_id: str, citation: Citation) -> bytes:
        """Return the image of the cited page with the passage marked. Raises NothingThere."""
        address = page_address(product_id, citation)
        return (await self._ask("GET", address.removeprefix(_BASE))).content

    async def judge(self, answer: Answer, *, is_helpful: bool) -> None:
        """Say whether an answer helped. Raises AnswerNotKept where it is not among one's conversations."""
        if not (answer.thread_id and answer.message_id):
            raise AnswerNotKept
        thread_id, message_id = quote(answer.thread_id, safe=""), quote(answer.message_id, safe="")
        path = f"/threads/{thread_id}/messages/{message_id}/feedback"
        await self._ask("PUT", path, json={"isHelpful": is_helpful})

    async def _log_in(self) -> None:
        access = self._access
        if access.refresh_token:
            await self._tokens("/v1/auth/refresh", {"refreshToken": access.refresh_token})
        elif access.email:
            await self._tokens("/v1/auth/login", {"email": access.email, "password": access.password})

    async def _tokens(self, path: str, body: Mapping[str, str]) -> None:
        told = (await self._call("POST", path, json=body)).json()
        self._client.headers["Authorization"] = f"Bearer {told['accessToken']}"
        self._refresh_token = told["refreshToken"]

    async def _ask(self, method: str, path: str, **given: Any) -> httpx2.Response:
        """Ask the assistant; a login that has run out meanwhile goes on first."""
        try:
            return await self._call(method, _BASE + path, **given)
        except NotLetIn:
            if not await self.renew():
                raise
        return await self._call(method, _BASE + path, **given)

    async def _call(self, method: str, path: str, **given: Any) -> httpx2.Response:
        """Ask once. Raises Unreachable, and what the answer says."""
        try:
            answer = await self._client.request(method, path, **given)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise Unreachable(self._access.url) from error
        if answer.is_success:
            return answer
        said = said_by(answer.content)
        if answer.status_code in {401, 403}:
            raise NotLetIn(said)
        if answer.status_code == 404 and said:
            raise NothingThere(said)
        if not said:
            raise Unreachable(self._access.url)
        raise NotAnswered(said)


def page_address(product_id: str, citation: Citation) -> str:
    """Return the path of the image of a cited page, with the passage marked."""
    marked = f"product={quote(product_id, safe='')}"
    if citation.highlight and len(citation.highlight) <= 4000:
        marked += f"&highlight={quote(citation.highlight, safe=',')}"
    return f"{_BASE}/pages/{citation.document}/{citation.page}.png?{marked}"


def said_by(content: bytes) -> str:
    """Return the sentence of an error in KIS's shape, without what would steer a terminal; empty where it is another's."""
    import orjson

    try:
        told = orjson.loads(content)
    except orjson.JSONDecodeError:
        return ""
    message = told.get("message", "") if isinstance(told, dict) else ""
    return shown_line(message) if isinstance(message, str) else ""
