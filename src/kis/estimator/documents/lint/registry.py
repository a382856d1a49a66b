"""Every rule with its weight and the files it judges, and the judging of a file by all of them.

A rule is one small function: what it looks through is a view of the finished file, what it yields are the faults it found. To add one, write it beside
its like in ``rules``, list it here, and give it its two sentences in ``lint.yaml`` and a failing example in the tests.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, Final, Literal

from kis.estimator.documents.lint.model import (
    DocumentFile,
    DocumentKind,
    Found,
    LintContext,
    LintFinding,
    Severity,
)
from kis.estimator.documents.lint.reading.errors import Unreadable
from kis.estimator.documents.lint.reading.opening import View
from kis.estimator.documents.lint.reading.texts import Texts, quoted_in_order, texts_of
from kis.estimator.documents.lint.rules import drawing, pages, typography, wording, workbook
from kis.platform.messages import Message

MOST_FINDINGS: Final = 25
"""Of one rule in one file; whoever has that many looks at the file, not at the list."""

UNREADABLE: Final = "unreadable"
"""The finding of a file that cannot be judged at all."""

Looks = Literal["all_words", "own_words", "file"]
"""What a judge is given: all words of the file, those that are not quoted, or the view of the file itself."""
Kinds = frozenset[DocumentKind]

_EVERY: Final[Kinds] = frozenset(
    {"quotation_xlsx", "template_xlsx", "quotation_pdf", "drawing_svg", "drawing_dxf"}
)
_OURS: Final[Kinds] = _EVERY - {"template_xlsx"}
"""Files whose every word is written by KIS; a company's template words itself."""
_LAID_OUT: Final[Kinds] = _OURS - {"drawing_dxf"}
_PRINTED: Final[Kinds] = frozenset({"quotation_xlsx", "quotation_pdf"})
_WORKBOOKS: Final[Kinds] = frozenset({"quotation_xlsx", "template_xlsx"})
_WORKBOOK: Final[Kinds] = frozenset({"quotation_xlsx"})
_PDF: Final[Kinds] = frozenset({"quotation_pdf"})
_SVG: Final[Kinds] = frozenset({"drawing_svg"})


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule. Errors stop the automatic path, warnings are shown."""

    id: str
    severity: Severity
    kinds: Kinds
    looks_at: Looks
    judge: Callable[[Any, LintContext], Iterator[Found]]
    over_lines: bool = False
    """What a judge of words finds may go over several lines, or depends on where else it stands."""

    @property
    def text(self) -> Message:
        """Return what the rule demands."""
        return Message(f"lint.{self.id}.text")


RULES: Final[tuple[Rule, ...]] = (
    # how the words are set
    Rule("control_character", "error", _EVERY, "all_words", typography.control_character),
    Rule("unreadable_character", "error", _EVERY, "all_words", typography.unreadable_character),
    Rule("unfilled_placeholder", "error", _EVERY, "own_words", typography.unfilled_placeholder),
    Rule("double_space", "warning", _LAID_OUT, "own_words", typography.double_space),
    Rule("space_before_punctuation", "warning", _OURS, "own_words", typography.space_before_punctuation),
    Rule("space_after_comma", "warning", _OURS, "own_words", typography.space_after_comma),
    Rule("three_dots", "warning", _OURS, "own_words", typography.three_dots),
    Rule("straight_quotes", "warning", _OURS, "own_words", typography.straight_quotes),
    Rule("percent_form", "warning", _OURS, "own_words", typography.percent_form),
    Rule("times_sign", "warning", _OURS, "own_words", typography.times_sign),
    Rule("repeated_word", "warning", _OURS, "own_words", typography.repeated_word),
    Rule("unpaired_bracket", "warning", _WORKBOOK, "own_words", typography.unpaired_bracket),
    # what the words say
    Rule("absolute_claim", "error", _EVERY, "own_words", wording.absolute_claim, over_lines=True),
    Rule("hangul_in_english", "error", _OURS, "all_words", wording.hangul_in_english),
    Rule("english_in_korean", "warning", _OURS, "own_words", wording.english_in_korean),
    Rule("si_units", "error", _OURS, "own_words", wording.si_units),
    Rule("date_form", "warning", _PRINTED, "own_words", wording.date_form, over_lines=True),
    Rule("currency_sign", "error", _PRINTED, "own_words", wording.currency_sign),
    Rule("thousands_separator", "error", _PRINTED, "own_words", wording.thousands_separator),
    # the workbook
    Rule("formula_missing", "error", _WORKBOOK, "file", workbook.formula_missing),
    Rule("total_name", "error", _WORKBOOK, "file", workbook.total_name),
    Rule("defined_name", "error", _WORKBOOKS, "file", workbook.defined_name),
    Rule("formula_error", "error", _WORKBOOKS, "file", workbook.formula_error),
    Rule("external_link", "error", _WORKBOOKS, "file", workbook.external_link),
    Rule("print_area", "error", _WORKBOOK, "file", workbook.print_area),
    Rule("sheet_page_number", "warning", _WORKBOOK, "file", workbook.sheet_page_number),
    Rule("sheet_table_header", "error", _WORKBOOK, "file", workbook.sheet_table_header),
    Rule("cell_alignment", "error", _WORKBOOK, "file", workbook.cell_alignment),
    Rule("cell_number_form", "error", _WORKBOOK, "file", workbook.cell_number_form),
    Rule("narrow_column", "error", _WORKBOOKS, "file", workbook.narrow_column),
    Rule("cut_text", "warning", _WORKBOOK, "file", workbook.cut_text),
    Rule("workbook_title", "warning", _WORKBOOK, "file", workbook.workbook_title),
    # the pages of the PDF
    Rule("page_margin", "error", _PDF, "file", pages.page_margin),
    Rule("small_text", "error", _PDF, "file", pages.small_text),
    Rule("font_embedded", "error", _PDF, "file", pages.font_embedded),
    Rule("substitute_letter", "warning", _PDF, "file", pages.substitute_letter),
    Rule("page_number", "error", _PDF, "file", pages.page_number),
    Rule("table_header", "error", _PDF, "file", pages.table_header),
    Rule("number_alignment", "error", _PDF, "file", pages.number_alignment),
    Rule("number_form", "error", _PDF, "file", pages.number_form),
    Rule("text_overlap", "error", _PDF, "file", pages.text_overlap),
    Rule("orphan_heading", "warning", _PDF, "file", pages.orphan_heading),
    Rule("empty_page", "warning", _PDF, "file", pages.empty_page),
    Rule("pdf_title", "warning", _PDF, "file", pages.pdf_title),
    Rule("pdf_language", "warning", _PDF, "file", pages.pdf_language),
    # drawings
    Rule("drawing_description", "error", _SVG, "file", drawing.drawing_description),
    Rule("drawing_stands_alone", "error", _SVG, "file", drawing.drawing_stands_alone),
    Rule("outside_sheet", "error", _SVG, "file", drawing.outside_sheet),
    Rule("drawing_text_overlap", "error", _SVG, "file", drawing.drawing_text_overlap),
    Rule("small_lettering", "error", _SVG, "file", drawing.small_lettering),
)


_BY_LINE: Final = tuple(rule for rule in RULES if rule.looks_at == "own_words" and not rule.over_lines)
MOST_LINES_KEPT: Final = 200_000
"""Of one quotation; twenty panels have five thousand."""


def judged(view: View, file: DocumentFile, context: LintContext) -> Iterator[LintFinding]:
    """Yield what every rule finds in ``file``, whose view is ``view``."""
    words = view.texts()
    own = words.masked(quoted_in_order(context.quoted_texts))
    given = {"all_words": words, "own_words": own, "file": view}
    clean = _clean_rules(own, context)
    for rule in RULES:
        if file.kind in rule.kinds and rule not in clean:
            for found in islice(rule.judge(given[rule.looks_at], context), MOST_FINDINGS):
                yield _finding(rule, file, found)


def unreadable(file: DocumentFile, error: Unreadable) -> LintFinding:
    """Return the finding of a file that cannot be judged at all."""
    return LintFinding(
        rule=UNREADABLE,
        severity="error",
        file=file.path,
        where="",
        message=Message("lint.unreadable.found", {"found": error.message}),
    )


def _clean_rules(own: Texts, context: LintContext) -> list[Rule]:
    """Return the rules of single lines that find nothing in ``own``.

    The words of a drawing stand in its SVG, its DXF and the PDF, and many of them many times: each distinct line is judged once by all rules, whatever
    the file, and is not looked at again when none of them found anything.
    """
    known = _clean_lines(context)
    lines = tuple({line: None for line in own.lines if line not in known})
    fresh = texts_of((line, line) for line in lines)
    faults = {rule.id: {found.where for found in rule.judge(fresh, context)} for rule in _BY_LINE}
    if len(known) < MOST_LINES_KEPT:
        known.update(set(lines).difference(*faults.values()))
    return [rule for rule in _BY_LINE if not faults[rule.id]]


@lru_cache(maxsize=1)
def _clean_lines(_context: LintContext) -> set[str]:
    """Return the lines known to break no rule of single lines; those of the last quotation are kept."""
    return set()


def _finding(rule: Rule, file: DocumentFile, found: Found) -> LintFinding:
    return LintFinding(
        rule=rule.id,
        severity=rule.severity,
        file=file.path,
        where=found.where,
        message=Message(f"lint.{rule.id}.found", {"found": found.found}),
    )
