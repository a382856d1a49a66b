"""HTML manuals: what is written, without what leads around the site."""

import pytest

from kis.assistant.reading import read_document
from kis.assistant.things import DocumentState

PAGE = """<!doctype html><html><head><title>Pump P1</title><script>track()</script></head><body>
<nav><a href="/">Home</a></nav><div class="cookie-banner">We like cookies</div>
<ul><li><a href=a>Pumps</a></li><li><a href=b>Valves</a></li><li><a href=c>Contact</a></li></ul>
<h1>Pump P1</h1><p>Runs at <b>230</b>&nbsp;V.<br>Never run it dry.</p>
<ol><li>Open the valve.</li><li>Start the pump.<ul><li>Listen.</li></ul></li></ol>
<table><tr><th>Type</th><th>Flow</th></tr><tr><td>P1</td><td>20 l/min</td></tr></table>loose end
<footer>All rights reserved</footer></body></html>"""


def test_units_stand_in_the_order_of_the_text() -> None:
    document = read_document(PAGE.encode())
    assert [(unit.kind.value, unit.text) for unit in document.units] == [
        ("heading", "Pump P1"),
        ("paragraph", "Runs at 230 V. Never run it dry."),
        ("list", "1. Open the valve.\n2. Start the pump.\n3. Listen."),
        ("table", "Type | Flow\nP1 | 20 l/min"),
        ("paragraph", "loose end"),
    ]
    assert (document.title, document.pages, document.state) == ("Pump P1", 1, DocumentState.READY)


@pytest.mark.parametrize("content", [b"<html></html>", b"<html><body><script>x</script></body></html>"])
def test_a_page_without_text_is_empty(content: bytes) -> None:
    assert read_document(content, "text/html").state is DocumentState.EMPTY


def test_korean_in_its_old_encoding_is_read() -> None:
    page = '<html><head><meta charset="euc-kr"></head><body><p>전원을 끄십시오</p></body></html>'
    assert read_document(page.encode("euc-kr"), "text/html").units[0].text == "전원을 끄십시오"


def test_pages_nested_without_end_are_read_without_an_exception() -> None:
    content = b"<html><body>" + b"<div>" * 20_000 + b"deep" + b"</div>" * 20_000
    assert read_document(content, "text/html").state in DocumentState


@pytest.mark.parametrize(("bound", "most"), [("MOST_UNITS", 2), ("MOST_CHARACTERS", 7)])
def test_of_a_page_that_goes_on_and_on_no_more_is_kept_than_of_any_document(
    bound: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"kis.assistant.reading.pdf.{bound}", most)
    document = read_document(b"<html><body><p>one</p><p>two</p><p>three</p></body></html>", "text/html")
    assert [unit.text for unit in document.units] == ["one", "two"]
