"""The assistant as the faces use it: over a socket, or one call after the other."""

from collections.abc import Sequence
from time import perf_counter
from typing import Final

from kis.assistant.conversing.answers import Answer, Answers
from kis.assistant.conversing.connection import Bounds, Connection, Renew, Send
from kis.assistant.conversing.images import ImageRefused, image_of
from kis.assistant.conversing.keeping import AnswerFiles, Keeping
from kis.assistant.conversing.means import Caller, Means, Predicted
from kis.assistant.errors import DocumentNotFound
from kis.assistant.things import Box
from kis.identity import Permission
from kis.platform.configuration import Settings
from kis.platform.errors import BadInput, Problem, Unauthenticated
from kis.platform.messages import Locale, Message
from kis.platform.telemetry import metrics

_FOLDER: Final = "assistant/answers"


class Assistant:
    """Predicts, asks and answers for callers that may use it."""

    def __init__(self, means: Means, settings: Settings) -> None:
        self._means = means
        self._is_anonymous_allowed = settings.assistant.anonymous == "on"
        self._bounds = Bounds(prefetch_confidence=settings.assistant.prefetch_confidence)
        self._keeping = _keeping(settings)
        self._answers = Answers(means, self._keeping)

    def warm(self) -> None:
        """Have ready what the first question would wait for: called where somebody is going to be served."""
        self._means.predicting.warm()
        self._means.manuals.warm()

    def admit(self, caller: Caller) -> None:
        """Let a caller in. Raises Unauthenticated where unknown ones may not come in, and Forbidden."""
        if caller is not None:
            caller.require(Permission.ASSISTANT_USE)
        elif not self._is_anonymous_allowed:
            raise Unauthenticated(
                Message("api.request.unauthenticated"), hint=Message("api.request.unauthenticated_hint")
            )

    def connect(
        self, caller: Caller, *, send: Send, locale: Locale, renew: Renew | None = None
    ) -> Connection:
        """Return the conversation over a new connection; ``renew`` tells whether the caller's login still stands."""
        self.admit(caller)
        return Connection(
            caller, self._means, self._answers, send=send, locale=locale, bounds=self._bounds, renew=renew
        )

    async def predict(self, caller: Caller, text: str, *, limit: int) -> Sequence[Predicted]:
        """Return the products that ``text`` may become, the likeliest first."""
        self.admit(caller)
        begun = perf_counter()
        found = await self._means.predicting.predict(caller, text, limit)
        metrics.PREDICTION_SECONDS.observe(perf_counter() - begun)
        return found

    async def ask(
        self,
        caller: Caller,
        product_id: str,
        text: str,
        *,
        locale: Locale,
        image: str | None = None,
        seq: int | None = None,
    ) -> Answer:
        """Begin to answer a question about a product; with an empty ``product_id`` about none. Raises ProductNotFound, BadInput for an image that is none, Unavailable.

        ``seq`` is the client's number of the question, which the answer names.
        """
        self.admit(caller)
        try:
            content = None if image is None else image_of(image)
        except ImageRefused as error:
            reason = Message(f"assistant_protocol.error.{error.code}")
            raise BadInput("request", [Problem("image", reason)]) from error
        if product_id:
            await self._means.products.get(caller, product_id)
        return await self._answers.ask(caller, product_id, text, locale=locale, image=content, seq=seq)

    async def page_image(
        self, caller: Caller, product_id: str, document: str, page: int, highlight: Sequence[Box]
    ) -> bytes:
        """Return a page of a product's manual as PNG, what stands in the boxes marked. Raises ProductNotFound, DocumentNotFound and what opening a manual raises."""
        self.admit(caller)
        product = await self._means.products.get(caller, product_id)
        image = await self._means.manuals.page_image(product, document, page, highlight)
        if image is None:
            raise DocumentNotFound
        return image

    async def resume(self, caller: Caller, token: str, seq: int) -> Answer:
        """Return an answer of the caller's to go on with after its message ``seq``. Raises AnswerNotFound."""
        self.admit(caller)
        return await self._answers.resume(caller, token, seq)

    async def close(self) -> None:
        """Stop answering; what was asked can be resumed from another process."""
        await self._answers.close()
        await self._keeping.close()


def _keeping(settings: Settings) -> Keeping:
    """Return where answers are kept: in the installation's folder, and where there is a Redis also for other machines."""
    files = AnswerFiles(settings.application.data / _FOLDER)
    url = settings.jobs.redis_url.get_secret_value()
    if not url:
        return files
    from kis.assistant.conversing.shared_keeping import SharedAnswers

    return SharedAnswers(url, files)
