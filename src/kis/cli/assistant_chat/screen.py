"""The terminal of a conversation: what was said scrolls away above, what is being typed and answered stays below.

Only the part below is drawn again and again; a finished answer is printed once and belongs to the terminal's own scrollback from then on.
"""

import shlex
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from time import monotonic
from typing import Any, Final

from prompt_toolkit.application import Application
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import FormattedText, StyleAndTextTuples
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.key_binding.key_processor import KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import ConditionalContainer, HSplit, Layout, Window
from prompt_toolkit.layout.controls import FormattedTextControl
from prompt_toolkit.layout.dimension import Dimension
from prompt_toolkit.layout.processors import BeforeInput
from prompt_toolkit.output import ColorDepth, Output
from prompt_toolkit.renderer import print_formatted_text
from prompt_toolkit.styles import Style

from kis.cli.assistant_chat import pages
from kis.cli.assistant_chat.box import BoxControl, tidied
from kis.cli.assistant_chat.conversation import LONGEST_QUESTION, Conversation, Event, Product, Stage
from kis.cli.assistant_chat.line import PAUSES_SECONDS, Line
from kis.cli.assistant_chat.naming import find_product
from kis.cli.assistant_chat.rendering import (
    STYLES,
    Words,
    answer_lines,
    chosen_lines,
    context_lines,
    hint_line,
    product_lines,
    prompt_of,
    wrapped,
)
from kis.cli.assistant_chat.rendering import Line as Shown
from kis.cli.assistant_chat.web import Web
from kis.platform.errors import KisError
from kis.platform.messages import Locale

_REST_ROWS: Final = 4
"""Below an answer that is being told: the box, the hint, and room to breathe."""
_REDRAWN_SECONDS: Final = 0.5


class Screen:
    """One conversation in one terminal. ``run`` returns when the reader quits."""

    def __init__(
        self,
        web: Web,
        locale: Locale,
        *,
        given: Input | None = None,
        output: Output | None = None,
        pauses_seconds: Sequence[float] = PAUSES_SECONDS,
    ) -> None:
        self.conversation = Conversation()
        self.printed: list[Shown] = []
        """All that was printed above, as it was printed."""
        self._web = web
        self._words = Words(locale)
        self._style = Style.from_dict(STYLES)
        self._pages = pages.Pages()
        self._picks = False
        self._asked_at = 0.0
        self._line = Line(
            web, hear=self._hear, tell_connected=self._tell_connected, pauses_seconds=pauses_seconds
        )
        self._commands: dict[str, Callable[[list[str]], None]] = {
            "/open": self._open,
            "/ask": self._ask_about_none,
            "/back": self._back,
            "/good": lambda _: self._judge(is_helpful=True),
            "/bad": lambda _: self._judge(is_helpful=False),
            "/help": lambda _: self._say("help_text"),
            "/quit": lambda _: self._app.exit(),
        }
        self._box = Buffer(history=InMemoryHistory(), on_text_changed=lambda _: self._typed())
        self._app: Application[None] = Application(
            layout=self._layout(),
            key_bindings=self._keys(),
            style=self._style,
            color_depth=ColorDepth.from_env(),  # none where NO_COLOR is set
            refresh_interval=_REDRAWN_SECONDS,
            erase_when_done=True,
            input=given,
            output=output,
        )

    async def run(self, named: str | None = None) -> None:
        """Talk until the reader quits, from the products on or about one that is named by id or name. Raises what makes it impossible."""
        product = None if named is None else await find_product(self._web, named)
        self._say("welcome" if product is None else "welcome_product", url=self._web.url)
        if product is not None:
            self._take(product)
        await self._app.run_async(pre_run=self._begin)

    def _begin(self) -> None:
        self._app.create_background_task(self._keep_line())
        if self.conversation.product is not None:
            self._app.create_background_task(self._surround(self.conversation.product))

    async def _keep_line(self) -> None:
        try:
            await self._line.run()
        except KisError as error:
            if self._app.is_running and not self._app.is_done:
                self._app.exit(exception=error)

    def _hear(self, event: Event) -> None:
        was_answering = self.conversation.is_answering
        had_context = bool(self.conversation.brand or self.conversation.related)
        self.conversation.hear(event)
        if event["type"] == "context" and not had_context:
            self._print(context_lines(self.conversation, self._words, self._width))
        if was_answering and not self.conversation.is_answering:
            self._print_answer()
        if self._picks and self.conversation.is_current:
            self._pick()
        self._app.invalidate()

    def _tell_connected(self, is_connected: bool) -> None:  # noqa: FBT001 - the one thing it tells
        self.conversation.is_connected = is_connected
        self._app.invalidate()

    def _typed(self) -> None:
        """Tell the server of every key press while a product is looked for."""
        self._picks = False
        message = self.conversation.type(self._box.text)
        if message is not None:
            self._line.say(message)

    def _enter(self) -> None:
        text = self._box.text.strip()
        is_command = text.startswith("/")
        if len(text) > LONGEST_QUESTION and (is_command or self.conversation.stage is Stage.QUESTIONS):
            self.conversation.notice = self._words("question_long", count=len(text), most=LONGEST_QUESTION)
        elif is_command:
            self._box.append_to_history()
            self._empty()
            self._do(text)
        elif self.conversation.stage is Stage.PRODUCTS:
            self._picks = bool(text) and not self.conversation.is_current
            if not self._picks:  # else what is meant is not known before the newest prediction is there
                self._pick()
        elif text and not self.conversation.is_answering:
            self._box.append_to_history()
            self._empty()
            self._ask(text)
        elif text:
            self.conversation.notice = self._words("wait")

    def _paste(self, event: KeyPressEvent) -> None:
        """Put what is pasted into the box; a product's name is one line, a question may have several."""
        is_command = (self._box.text or event.data).lstrip().startswith("/")
        is_name = self.conversation.stage is Stage.PRODUCTS and not is_command
        self._box.insert_text(tidied(event.data, in_one_line=is_name))

    def _pick(self) -> None:
        self._picks = False
        self._stop()
        product = self.conversation.pick()
        if product is None:
            return
        self._empty()
        self._take(product)
        self._app.create_background_task(self._surround(product))

    def _take(self, product: Product) -> None:
        """Go on with a product; its whole name, typed, has its manual fetched before anything is asked."""
        self.conversation.take(product)
        self._print([*self._apart(), *chosen_lines(product, self._width)])
        named = self.conversation.name_again()
        if named is not None:
            self._line.say(named)

    async def _surround(self, product: Product) -> None:
        """Show who makes the chosen product and what goes with it."""
        try:
            _, told = await self._web.product(product.id)
            related = await self._web.related(product.id)
        except KisError as error:
            self._fail(error)
            return
        if self.conversation.product is not product:
            return
        self.conversation.surround(told["brand"], related)
        self._print(context_lines(self.conversation, self._words, self._width))
        if told["product"]["documentation"] is None:
            self._say("no_manual", style="class:warning")

    def _ask(self, question: str, *, about_product: bool = True) -> None:
        message = self.conversation.ask(question, about_product=about_product)
        if message is not None:
            self._asked_at = monotonic()
            self._line.say(message)

    def _ask_about_none(self, rest: list[str]) -> None:
        """Ask the estimator and the knowledge base, whatever product is chosen."""
        if rest:
            self._stop()
            self._ask(rest[0], about_product=False)
        else:
            self._say("nothing_asked", style="class:warning")

    def _stop(self) -> bool:
        """Wait for the answer no longer that is being told; tell whether there was one."""
        if not self.conversation.cancel():
            return False
        self._line.cancel()
        self._print_answer()
        return True

    def _empty(self) -> None:
        """Empty the box, as if somebody had: a mere reset would tell nobody."""
        self._box.text = ""
        self._box.reset()
        # The box would do so when it is drawn, and an arrow key before that would find nothing.
        self._box.load_history_if_not_yet_loaded()

    def _interrupt(self) -> None:
        """End the answer that is being told; else empty the box; else say how to quit."""
        if self._stop():
            return
        if self._box.text:
            self._empty()
        else:
            self.conversation.notice = self._words("quit_hint")

    def _do(self, text: str) -> None:
        """Do what a line that begins with / says."""
        name, *rest = text.split(maxsplit=1)
        if rest and name != "/ask":  # a question goes on as it was typed, with its quotation marks
            try:
                rest = shlex.split(rest[0])
            except ValueError:  # one that is not closed
                rest = rest[0].split()
        command = self._commands.get(name.lower())
        if command is None:
            self._say("unknown_command", style="class:warning", command=name, known=", ".join(self._commands))
        else:
            command(rest)

    def _back(self, _rest: list[str]) -> None:
        self._stop()
        self.conversation.back()

    def _open(self, rest: list[str]) -> None:
        answer = self.conversation.answer
        number = rest[0] if rest else "1"
        citation = answer.citations.get(int(number)) if answer and number.isdecimal() else None
        if answer is None or citation is None:
            self._say("no_citation", style="class:warning", number=number)
            return
        product = answer.product
        if product is None or not citation.has_page:
            self._say(
                "no_page", url=f"{self._web.url}{citation.url}" if not citation.has_page else citation.url
            )
            return
        target = Path(rest[1]) if len(rest) > 1 else None

        async def opened() -> None:
            content = await self._web.page_image(product.id, citation)
            try:
                path = self._pages.keep(content, citation, target)
            except FileExistsError:
                self._say("file_exists", style="class:warning", path=target)
            except OSError as error:
                path = target or error.filename
                self._say("not_written", style="class:error", path=path, reason=error.strerror)
            else:
                is_shown = pages.show(path)
                self._say("opened" if is_shown else "kept", path=path)

        self._work(opened())

    def _judge(self, *, is_helpful: bool) -> None:
        answer = self.conversation.answer
        if answer is None or not answer.is_over or answer.error or answer.is_cancelled:
            self._say("nothing_to_judge", style="class:warning")
            return

        async def judged() -> None:
            await self._web.judge(answer, is_helpful=is_helpful)
            self._say("judged_good" if is_helpful else "judged_bad")

        self._work(judged())

    def _work(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something beside typing; what goes wrong is told."""

        async def done() -> None:
            try:
                await work
            except KisError as error:
                self._fail(error)

        self._app.create_background_task(done())

    def _fail(self, error: KisError) -> None:
        self._print(
            [[("class:error", line)] for line in wrapped(error.text(self._words.locale), self._width)]
        )

    def _say(self, name: str, *, style: str = "class:dim", **values: object) -> None:
        told = self._words(name, **values)
        self._print([[(style, line)] for line in wrapped(told, self._width)])

    def _print_answer(self) -> None:
        answer = self.conversation.answer
        assert answer is not None, "an answer has ended"
        if self.conversation.notice == self._words("wait"):
            self.conversation.notice = ""
        self._print([*self._apart(), *answer_lines(answer, self._words, self._width), []])

    def _apart(self) -> list[Shown]:
        """Return the empty line that sets what is printed next apart; none where there is one."""
        return [[]] if self.printed and self.printed[-1] else []

    def _print(self, lines: Sequence[Shown]) -> None:
        """Print lines above what is drawn.

        The terminal stays in raw mode meanwhile: it would take a Ctrl-D or Ctrl-C that comes just then for its own, and nobody would hear of it.
        """
        if not lines:
            return
        self.printed += lines
        self._app.renderer.erase()
        text = FormattedText([*_joined(lines), ("", "\n")])
        print_formatted_text(self._app.output, text, self._style, color_depth=self._app.color_depth)
        if self._app.is_running:
            self._app.renderer.request_absolute_cursor_position()
            self._app.invalidate()

    @property
    def _width(self) -> int:
        return self._app.output.get_size().columns - 1

    def _layout(self) -> Layout:
        box = Window(
            BoxControl(self._box, input_processors=[BeforeInput(self._prompt, style="class:prompt")]),
            height=Dimension(min=1, max=4),
            wrap_lines=True,
            dont_extend_height=True,
        )
        rows = [
            ConditionalContainer(_window(self._answer_now), Condition(self._has_room_above)),
            box,
            _window(lambda: _joined(product_lines(self.conversation, self._words, self._width))),
            _window(lambda: FormattedText(hint_line(self.conversation, self._words, self._width))),
        ]
        return Layout(HSplit(rows), focused_element=box)

    def _prompt(self) -> str:
        return prompt_of(self.conversation, self._words, self._width)

    def _answer_now(self) -> StyleAndTextTuples:
        """Return the end of the answer that is being told, as much as there is room for."""
        answer = self.conversation.answer
        if answer is None or answer.is_over:
            return []
        lines = [*self._apart(), *answer_lines(answer, self._words, self._width)]
        if not answer.text:
            lines[-1] = [*lines[-1], ("class:dim", f" {self._waited()}")]
        return _joined([*lines, []][-max(1, self._app.output.get_size().rows - _REST_ROWS) :])

    def _has_room_above(self) -> bool:
        """Tell whether anything stands above the box, if only an empty line: not where an empty line was printed last."""
        return self.conversation.is_answering or bool(self._apart())

    def _waited(self) -> str:
        seconds = int(monotonic() - self._asked_at)
        return self._words("waited", seconds=seconds) if seconds else ""

    def _keys(self) -> KeyBindings:
        keys = KeyBindings()
        has_products = Condition(lambda: bool(self.conversation.products))
        keys.add("enter")(lambda _: self._enter())
        keys.add("down", filter=has_products)(lambda _: self.conversation.move(1))
        keys.add("tab", filter=has_products)(lambda _: self.conversation.move(1))
        keys.add("up", filter=has_products)(lambda _: self.conversation.move(-1))
        keys.add("s-tab", filter=has_products)(lambda _: self.conversation.move(-1))
        keys.add(Keys.BracketedPaste)(self._paste)
        keys.add("c-c")(lambda _: self._interrupt())
        keys.add("c-d")(lambda _: self._app.exit())
        return keys


def _window(content: Callable[[], StyleAndTextTuples]) -> Window:
    """Return a part of the screen that is as high as what it shows."""
    return Window(FormattedTextControl(content), dont_extend_height=True, wrap_lines=False)


def _joined(lines: Sequence[Shown]) -> FormattedText:
    """Return lines as one text."""
    pieces = FormattedText()
    for place, line in enumerate(lines):
        if place:
            pieces.append(("", "\n"))
        pieces.extend(line)
    return pieces
