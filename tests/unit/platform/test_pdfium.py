"""Readers of PDFs in one process wait for each other, whatever part of KIS they belong to."""

import threading
from collections.abc import Callable

import pytest

from kis.assistant.reading import page_png, read_document
from kis.estimator.documents.lint.reading.pdf import read_pdf
from kis.platform.pdfium import PDFIUM
from tests.factories.maker_manuals import manual_pdf

READERS = {
    "manual": lambda: read_document(manual_pdf()),
    "page image": lambda: page_png(manual_pdf(), 1),
    "document of an estimate": lambda: read_pdf(manual_pdf()),
}
SHORT_SECONDS = 0.2
LONG_SECONDS = 60


@pytest.mark.parametrize("name", READERS)
def test_a_reader_waits_while_another_holds_pdfium(name: str) -> None:
    manual_pdf()
    done = threading.Event()

    def read(reader: Callable[[], object]) -> None:
        reader()
        done.set()

    thread = threading.Thread(target=read, args=(READERS[name],))
    with PDFIUM:
        thread.start()
        assert not done.wait(SHORT_SECONDS)
    assert done.wait(LONG_SECONDS)
    thread.join()
