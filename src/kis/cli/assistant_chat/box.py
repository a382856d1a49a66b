"""The box that one types into: text of any width is wrapped and scrolled so that the cursor stays in sight, and what is pasted is tidied."""

from prompt_toolkit.formatted_text.utils import fragment_list_to_text
from prompt_toolkit.layout.controls import BufferControl, GetLinePrefixCallable, UIContent
from prompt_toolkit.utils import get_cwidth

from kis.cli.assistant_chat.conversation import shown_text


class BoxControl(BufferControl):
    """What is typed, with rows counted as they are drawn."""

    def create_content(self, width: int, height: int, preview_search: bool = False) -> UIContent:  # noqa: FBT001, FBT002 - prompt_toolkit's signature
        """Return what stands in the box."""
        content = super().create_content(width, height, preview_search)
        return _Rows(content.get_line, content.line_count, content.cursor_position, content.menu_position)


class _Rows(UIContent):
    """Lines that know how many rows they take.

    prompt_toolkit divides columns by columns; but a syllable of two columns that finds one left goes to the next row as a whole, so Korean takes more rows
    than that, and the cursor would stand below what is drawn.
    """

    def get_height_for_line(
        self,
        lineno: int,
        width: int,
        get_line_prefix: GetLinePrefixCallable | None,
        slice_stop: int | None = None,
    ) -> int:
        """Return the rows of a line, or those down to the one in which the cursor at ``slice_stop`` stands."""
        if get_line_prefix is not None or width < 2:
            return super().get_height_for_line(lineno, width, get_line_prefix, slice_stop)
        text = fragment_list_to_text(self.get_line(lineno))
        return rows_of(text if slice_stop is None else text[: slice_stop + 1], width)


def rows_of(text: str, width: int) -> int:
    """Return how many rows of ``width`` columns a line takes that is broken anywhere but within a character."""
    rows, columns = 1, 0
    for character in text:
        taken = get_cwidth(character)
        if columns + taken > width:
            rows, columns = rows + 1, 0
        columns += taken
    return rows


def tidied(text: str, *, in_one_line: bool) -> str:
    """Return pasted text as it goes into the box: without what cannot be shown, and without the end of line that cells of a sheet bring along."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").strip("\n")
    return shown_text(lines.replace("\n", " ") if in_one_line else lines)
