"""An error names its source in the reader's language, where that is no file of theirs."""

import pytest

from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Locale, Message


@pytest.mark.parametrize(
    ("source", "locale", "beginning"),
    [
        ("request", "ko", "요청: 입력"),
        ("filter", "ko", "필터: 입력"),
        ("request", "en", "request: 1"),
        ("request.yaml", "ko", "request.yaml: 입력"),
    ],
)
def test_the_source_is_named(source: str, locale: Locale, beginning: str) -> None:
    error = BadInput(source, [Problem("panels", Message("request.problem.key"))])
    assert error.message.text(locale).startswith(beginning)
