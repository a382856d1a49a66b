"""Markdown as readers see it and as the search reads it."""

import pytest

from kis.knowledge.markdown import Heading, anchor_of, plain_text, rendered


class TestRendered:
    @pytest.mark.parametrize(
        "attack",
        [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt&colon;alert(1))",
            "![x](data:text/html;base64,PHNjcmlwdD4=)",
            "[x](vbscript:msgbox(1))",
            "<javascript:alert(1)>",
            '[x](https://a.example "onmouseover=alert(1)")',
            "<svg><script>alert(1)</script></svg>",
            "| a |\n|-|\n| <iframe src=//evil.example> |",
        ],
    )
    def test_lets_nothing_be_run(self, attack: str) -> None:
        html = rendered(attack).html.lower()
        assert "<script" not in html
        assert "<iframe" not in html
        assert "<svg" not in html
        assert "<img src=x" not in html
        assert 'href="javascript' not in html
        assert 'href="vbscript' not in html
        assert 'src="data:' not in html

    def test_keeps_what_articles_are_made_of(self) -> None:
        html = rendered(
            "**굵게** ~~지움~~ `x`\n\n| a | b |\n|:-|-:|\n| 1 | 2 |\n\n[표](/v1/knowledge/1#a)"
        ).html
        assert "<strong>굵게</strong> <s>지움</s> <code>x</code>" in html
        assert '<td style="text-align:right">2</td>' in html
        assert '<a href="/v1/knowledge/1#a" rel="noopener noreferrer nofollow">표</a>' in html

    def test_gives_each_heading_an_anchor_of_its_own(self) -> None:
        page = rendered("# 차단기 *선정*\n\n## 차단기 선정!\n\n## ☃\n")
        assert page.headings == (
            Heading(1, "section-차단기-선정", "차단기 선정"),
            Heading(2, "section-차단기-선정-2", "차단기 선정!"),
            Heading(2, "section-part", "☃"),
        )
        assert '<h2 id="section-차단기-선정-2">' in page.html

    def test_a_heading_cannot_take_another_id_of_the_page(self) -> None:
        assert anchor_of("login") == "section-login"


class TestPlainText:
    def test_is_the_words_alone(self) -> None:
        markdown = (
            "# 제목\n\n두\n줄 **굵게** [표](https://a.example)\n\n"
            "- 하나\n- 둘\n\n| a | b |\n|-|-|\n| 1 | 2 |\n\n```python\nx = 1\n```\n\n![그림](a.png)\n"
        )
        assert plain_text(markdown).splitlines() == [
            "제목",
            "두 줄 굵게 표",
            "하나",
            "둘",
            "a b",
            "1 2",
            "x = 1",
            "그림",
        ]

    def test_of_nothing_is_nothing(self) -> None:
        assert not plain_text(" \n\n")
