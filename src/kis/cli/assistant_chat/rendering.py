"""A conversation as lines of a terminal: pairs of a style and a text, no line wider than the terminal, wide characters counted as the two columns they take."""

from collections.abc import Iterator, Sequence
from typing import Final

from prompt_toolkit.utils import get_cwidth

from kis.cli.assistant_chat.conversation import Answer, Citation, Conversation, Product, Stage
from kis.platform.messages import Locale, Message

Line = list[tuple[str, str]]

STYLES: Final = {
    "prompt": "bold ansigreen",
    "chosen": "bold ansicyan",
    "question": "bold",
    "cited": "ansicyan",
    "dim": "ansibrightblack",
    "warning": "ansiyellow",
    "error": "bold ansired",
}
"""The colours of the house's tables; the terminal's own sixteen, so that they fit its background."""
NARROWEST: Final = 20
MOST_RELATED: Final = 4
EXCERPT_LINES: Final = 2
NAME_COLUMNS: Final = 40
"""For names at least, where there is room: makers stay in one place while one types, and near the names on a wide terminal."""
_BAR: Final = 10


class Words:
    """The sentences of the conversation in the reader's language."""

    def __init__(self, locale: Locale) -> None:
        self.locale = locale

    def __call__(self, name: str, **values: object) -> str:
        """Return the sentence ``name``."""
        return Message(f"assistant_chat.{name}", values).text(self.locale)


def product_lines(conversation: Conversation, words: Words, width: int) -> list[Line]:
    """Return the products that what is typed may become, the chosen one marked."""
    if conversation.stage is not Stage.PRODUCTS or conversation.typed.startswith("/"):
        return []
    if not conversation.products:
        if not conversation.typed.strip():
            return [[("class:dim", cut(words("type_name"), width))]]
        return [[("class:dim", cut(words("nothing_found"), width))]] if conversation.is_current else []
    maker_columns = max(get_cwidth(product.brand) for product in conversation.products)
    name_columns = max(NAME_COLUMNS, *(get_cwidth(product.name) for product in conversation.products))
    return [
        _product_line(product, width, (name_columns, maker_columns), is_chosen=place == conversation.chosen)
        for place, product in enumerate(conversation.products)
    ]


def chosen_lines(product: Product, width: int) -> list[Line]:
    """Return which product it is that is talked about from here on."""
    told = f"■ {product.name}" + (f" · {product.brand}" if product.brand else "")
    return [[("class:chosen", line)] for line in wrapped(told, width, indent=2)]


def context_lines(conversation: Conversation, words: Words, width: int) -> list[Line]:
    """Return what is known around the chosen product: maker and related products."""
    lines: list[Line] = []
    brand, product = conversation.brand, conversation.product
    if brand.get("name") and product is not None and product.brand:
        more = [brand[name] for name in ("hq", "website") if brand.get(name)]
        told = " · ".join([brand["name"], *more])
        lines += [[("class:dim", line)] for line in wrapped(words("brand", brand=told), width)]
    if conversation.related:
        names = [
            f"{each.name} ({each.label or each.kind})" if each.label or each.kind else each.name
            for each in conversation.related[:MOST_RELATED]
        ]
        rest = len(conversation.related) - len(names)
        if rest:
            names.append(words("related_more", count=rest))
        told = words("related", items=", ".join(names))
        lines += [[("class:dim", line)] for line in wrapped(told, width)]
    return lines


def answer_lines(answer: Answer, words: Words, width: int) -> list[Line]:
    """Return a question and its answer as it stands now."""
    lines: list[Line] = [
        [("class:question", line)] for line in wrapped(f"? {answer.question}", width, indent=2)
    ]
    return lines + told_lines(answer, words, width)


def told_lines(answer: Answer, words: Words, width: int) -> list[Line]:
    """Return what is said to a question, with what it cites below."""
    lines: list[Line] = []
    style = "class:warning" if answer.refusal else ""
    lines += [_with_numbers(line, style) for line in wrapped(answer.text, width)]
    if answer.citations:
        lines.append([])
        for citation in sorted(answer.citations.values(), key=lambda each: each.number):
            lines += citation_lines(citation, words, width)
    lines += _ending_lines(answer, words, width)
    return lines


def citation_lines(citation: Citation, words: Words, width: int) -> list[Line]:
    """Return where a sentence of the answer stands, and its words there."""
    mark = f"[{citation.number}] "
    indent = get_cwidth(mark)
    name = "place" if citation.has_page else "place_here"
    place = words(name, title=citation.title or citation.url, page=citation.page, url=citation.url)
    first, *rest = wrapped(place, width - indent)
    lines: list[Line] = [[("class:cited", mark), ("", first)]]
    lines += [[("", " " * indent + line)] for line in rest]
    shown = wrapped(f"“{citation.excerpt}”", width - indent)
    if len(shown) > EXCERPT_LINES:
        last = cut(f"{shown[EXCERPT_LINES - 1]} …", width - indent)
        shown = [*shown[: EXCERPT_LINES - 1], last]
    return lines + [[("class:dim", " " * indent + line)] for line in shown]


def hint_line(conversation: Conversation, words: Words, width: int) -> Line:
    """Return the line at the bottom: what can be done now, or that nobody is there."""
    if not conversation.is_connected:
        return [("class:error", cut(words("lost"), width))]
    if conversation.notice:
        return [("class:warning", cut(conversation.notice, width))]
    if conversation.is_answering:
        name = "hint_answering"
    elif conversation.stage is Stage.PRODUCTS:
        name = "hint_products"
    else:
        answer = conversation.answer
        name = "hint_asked" if answer is not None and answer.citations else "hint_questions"
    return [("class:dim", cut(words(name), width))]


def prompt_of(conversation: Conversation, words: Words, width: int) -> str:
    """Return what stands before the box."""
    if conversation.product is None:
        return f"{words('prompt_products')} "
    return f"{cut(conversation.product.name, max(8, width // 3))}> "


def wrapped(text: str, width: int, *, indent: int = 0) -> list[str]:
    """Return ``text`` in lines of at most ``width`` columns, broken between words, all but the first indented; a word that is wider is broken anywhere."""
    width = max(width, NARROWEST)
    lines: list[str] = []
    for place, paragraph in enumerate(text.strip().split("\n")):
        line = " " * indent if place else ""
        for word in paragraph.split():
            for piece in _pieces(word, width - indent):
                joined = f"{line} {piece}" if line.strip() else line + piece
                if get_cwidth(joined) > width:
                    lines.append(line)
                    joined = " " * indent + piece
                line = joined
        lines.append(line.rstrip())
    return lines if any(lines) else []


def cut(text: str, width: int) -> str:
    """Return ``text`` in ``width`` columns, with … where something is left out."""
    if get_cwidth(text) <= width:
        return text
    kept, columns = "", 0
    for character in text:
        columns += get_cwidth(character)
        if columns > width - 1:
            break
        kept += character
    return kept + "…"


def plain(lines: Sequence[Line]) -> str:
    """Return lines without their styles."""
    return "\n".join("".join(text for _, text in line) for line in lines)


def _product_line(product: Product, width: int, wanted: tuple[int, int], *, is_chosen: bool) -> Line:
    """Return a product on one line: name, maker, and how sure it is."""
    mark, style = ("▸ ", "class:chosen") if is_chosen else ("  ", "")
    share = f"{product.confidence:4.0%}"
    has_bar = width >= 70
    filled = round(product.confidence * _BAR)
    bar = f" {'█' * filled}{'░' * (_BAR - filled)}" if has_bar else ""
    room = width - get_cwidth(mark) - get_cwidth(bar) - len(share) - 2
    name_columns, maker_columns = wanted
    maker_room = min(maker_columns, room // 3)
    name = _padded(product.name, min(room - maker_room, name_columns))
    return [(style, f"{mark}{name} "), ("class:dim", f"{_padded(product.brand, maker_room)}{bar} {share}")]


def _padded(text: str, width: int) -> str:
    shown = cut(text, width)
    return shown + " " * (width - get_cwidth(shown))


def _with_numbers(line: str, style: str) -> Line:
    """Return a line of an answer with its ``[n]`` set apart."""
    pieces: Line = []
    rest = line
    while rest:
        before, bracket, after = rest.partition("[")
        number, closing, behind = after.partition("]")
        if not (bracket and closing and number.isdecimal()):
            pieces.append((style, before + bracket))
            rest = after
            continue
        pieces += [(style, before), ("class:cited", f"[{number}]")]
        rest = behind
    return [(each, text) for each, text in pieces if text]


def _ending_lines(answer: Answer, words: Words, width: int) -> list[Line]:
    if not answer.is_over:
        told = answer.status or words("asking")
        return [] if answer.text else [[("class:dim", line)] for line in wrapped(told, width)]
    if answer.error:
        return [[("class:error", line)] for line in wrapped(answer.error, width)]
    if answer.is_cancelled:
        return [[("class:warning", words("cancelled"))]]
    if answer.dropped:
        return [[("class:dim", line)] for line in wrapped(words("dropped", count=answer.dropped), width)]
    return []


def _pieces(word: str, width: int) -> Iterator[str]:
    """Yield a word, in parts where it is wider than a line."""
    piece, columns = "", 0
    for character in word:
        taken = get_cwidth(character)
        if columns + taken > width:
            yield piece
            piece, columns = "", 0
        piece += character
        columns += taken
    yield piece
