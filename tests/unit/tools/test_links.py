from pathlib import Path

import pytest

from tools.links import anchors, broken_links


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    (tmp_path / "guide").mkdir()
    (tmp_path / "guide" / "start.md").write_text(
        "# Start here\n\n## 설치 방법\n\n## `kis quote`\n\n## Twice\n\n## Twice\n", encoding="utf-8"
    )
    (tmp_path / "panel.svg").write_text("<svg/>", encoding="utf-8")
    return tmp_path


class TestAnchors:
    def test_are_made_of_the_headings(self, pages: Path) -> None:
        assert anchors(pages / "guide" / "start.md") == {
            "start-here",
            "설치-방법",
            "kis-quote",
            "twice",
            "twice-1",
        }


class TestBrokenLinks:
    @pytest.mark.parametrize(
        "link",
        [
            "[a](guide/start.md)",
            "[a](guide/start.md#kis-quote)",
            "[a](guide/start.md#%EC%84%A4%EC%B9%98-%EB%B0%A9%EB%B2%95)",
            "![picture](panel.svg)",
            "[folder](guide/)",
            "[elsewhere](https://example.org/missing)",
            "[here](#links)",
            "`[not a link](missing.md)`",
        ],
    )
    def test_are_none_where_the_target_exists(self, pages: Path, link: str) -> None:
        page = pages / "README.md"
        page.write_text(f"# Links\n\n{link}\n", encoding="utf-8")
        assert broken_links([page]) == []

    @pytest.mark.parametrize(
        ("link", "reason"),
        [
            ("[a](missing.md)", "missing.md does not exist"),
            ("![a](missing.svg)", "missing.svg does not exist"),
            ("[a](guide/start.md#missing)", "guide/start.md#missing has no heading #missing"),
            ("[a](#missing)", "#missing has no heading #missing"),
        ],
    )
    def test_are_named_with_their_line(self, pages: Path, link: str, reason: str) -> None:
        page = pages / "README.md"
        page.write_text(f"# Links\n\n{link}\n", encoding="utf-8")
        assert broken_links([page]) == [f"{page}:3: {reason}"]
