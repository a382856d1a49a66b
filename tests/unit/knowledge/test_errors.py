"""Everything that can be wrong with an article is said in both languages."""

import re
from pathlib import Path
from uuid import uuid4

import pytest

from kis.knowledge import errors
from kis.knowledge.articles import Status
from kis.knowledge.flow import STEPS
from kis.platform.errors import KisError
from kis.platform.messages import LOCALES, template
from tools.repository import ROOT

KEY = re.compile(r'Message\(\s*"(knowledge\.[a-z_.]+)"')
ALL: list[KisError] = [
    errors.ArticleNotFound(uuid4()),
    errors.VersionNotFound(3),
    errors.CategoryNotFound(uuid4()),
    errors.CommentNotFound(uuid4()),
    errors.AttachmentNotFound(uuid4()),
    errors.StaleArticle(1, 2, yours={}, theirs={"author": "김"}),
    errors.NothingToPublish(),
    errors.SlugTaken("a"),
    errors.CategoryInUse(1, 2),
    errors.CategoryCircle(),
    errors.NoTranslator(),
    errors.OwnWork(),
    errors.AttachmentTooLarge(3, 2),
    *(errors.AttachmentRefused(reason, "a.exe", [".pdf"]) for reason in ("empty", "unknown", "other")),
    *(errors.ArticleStatus(act, status, list(Status)) for act in (*STEPS, "save") for status in Status),
]


@pytest.mark.parametrize("error", ALL, ids=lambda error: error.code)
def test_has_words(error: KisError) -> None:
    for locale in LOCALES:
        assert "{" not in error.text(locale)
        assert error.hint is None or "{" not in error.hint.text(locale)
    assert 400 <= error.status_code < 500


def test_every_message_is_in_the_catalogue() -> None:
    sources = sorted(Path(ROOT, "src", "kis", "knowledge").glob("*.py"))
    keys = {key for path in sources for key in KEY.findall(path.read_text(encoding="utf-8"))}
    assert len(keys) > 20
    for key in keys:
        assert all(template(key, locale) for locale in LOCALES)
