"""Every document of every example in one language: no Korean in the English ones but names and quoted text, no English in the Korean ones but terms of the trade and models.

The words are read from the finished files: cells, pages of the PDF, texts of the drawings.
"""

from pathlib import Path
from typing import Final

import pytest

from kis.estimator import Issue, estimate, forms_of, load_request, parse_request
from kis.estimator.issuing.documents import write_documents
from kis.estimator.issuing.drawings import panel_drawings
from kis.estimator.issuing.judging import Judging
from kis.estimator.issuing.quotation import quotation_content

EXAMPLES: Final = Path(__file__).parents[3] / "examples"
REQUESTS: Final = sorted(path for path in EXAMPLES.iterdir() if path.suffix in {".yaml", ".json"})
PURITY: Final = {"ko-KR": "english_in_korean", "en": "hangul_in_english"}
FORMS: Final = forms_of(["xlsx", "pdf", "svg"])  # a DXF holds the words of its SVG


@pytest.mark.parametrize("locale", PURITY)
@pytest.mark.parametrize("path", REQUESTS, ids=lambda path: path.stem)
def test_documents_are_in_the_language_of_the_quotation_alone(path: Path, locale: str) -> None:
    made = estimate(parse_request({**load_request(path).source, "locale": locale}))
    issue = Issue(number="KIS-2026-0001-R0", forms=FORMS)
    drawings = [panel_drawings(made, panel, issue) for panel in made.panels]
    content = quotation_content(made, issue, "ab" * 32, drawings)
    documents = tuple(write_documents(content, FORMS))
    judgement = Judging(made, content, documents).judgement()
    assert {document.kind for document in documents} >= {"quotation_xlsx", "quotation_pdf"}
    foreign = [finding for finding in judgement.lint if finding.rule == PURITY[locale]]
    assert [(finding.file, finding.where, finding.message.text("en")) for finding in foreign] == []
