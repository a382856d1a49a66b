"""A conversation as Markdown: what a person reads, and that nobody else's words become anything but words."""

from datetime import UTC, datetime
from time import monotonic
from typing import Any, Final
from uuid import UUID

import pytest
from markdown_it import MarkdownIt

from kis.assistant.threads import Conversation, Judgement, KeptMessage, Role, Thread
from kis.assistant.threads.export import as_markdown, locale_of

ID: Final = UUID("00000000-0000-4000-8000-000000000001")
AT: Final = datetime(2026, 11, 21, 8, 41, tzinfo=UTC)
HOSTILE: Final = (
    "# Not a heading",
    "1. not a list",
    "- not a list",
    "[7]: https://evil.example",
    "![x](https://evil.example/a.png) [here](https://evil.example)",
    "<script>alert(1)</script> <https://evil.example> &lt;b&gt;",
    "`code` *loud* _loud_ **loud** ~~gone~~ | a | b |",
    "\x1b]0;owned\x07 \u202eback \\* end",
    "```",
    "---",
    "===",
)


def citation(number: int, **more: Any) -> dict[str, Any]:
    told = {
        "number": number,
        "document": "ab" * 32,
        "title": "TD-17 Manual",
        "url": "https://maker.example/td17.pdf",
        "media_type": "application/pdf",
        "page": 6 + number,
        "excerpt": f"Words {number}.",
        "passage": number,
        "boxes": [],
    }
    return {**told, **more}


def conversation(*said: tuple[str, str, tuple[dict[str, Any], ...]], title: str = "Title") -> Conversation:
    """Return a conversation of questions, each with its answer and what that cites."""
    messages: list[KeptMessage] = []
    for question, answer, citations in said:
        for role, content, cited in ((Role.QUESTION, question, ()), (Role.ANSWER, answer, citations)):
            messages.append(
                KeptMessage(
                    id=ID,
                    number=len(messages) + 1,
                    role=role,
                    content=content,
                    product_id="td17",
                    mode="extractive" if role is Role.ANSWER else "",
                    refusal="",
                    citations=cited,
                    judgement=None,
                    created_at=AT,
                )
            )
    thread = Thread(
        id=ID, title=title, product_id="td17", messages=len(messages), created_at=AT, updated_at=AT
    )
    return Conversation(thread, tuple(messages))


def shown(markdown: str) -> str:
    """Return what a reader of Markdown makes of it, as HTML."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return str(parser.render(markdown))


class TestReading:
    def test_each_sentence_has_document_page_and_words_below_it(self) -> None:
        said = "According to TD-17 Manual:\nTurn it on. [1]\nWait. [2] Let go [1][2].\n"
        told = as_markdown(conversation(("How do I start it?", said, (citation(1), citation(2)))))
        first = "\\[1\\] TD-17 Manual, page 7: “Words 1.” <https://maker.example/td17.pdf>"
        second = "\\[2\\] TD-17 Manual, page 8: “Words 2.” <https://maker.example/td17.pdf>"
        assert told == "\n".join(
            (
                "# Title",
                "",
                "- Product: td17",
                "- Begun: 2026-11-21 08:41 UTC",
                "- Last continued: 2026-11-21 08:41 UTC",
                "",
                "## Question 1",
                "",
                "> How do I start it?",
                "",
                "2026-11-21 08:41 UTC",
                "",
                "### Answer",
                "",
                "According to TD-17 Manual:",
                "",
                "- Turn it on.",
                f"  - {first}",
                "",
                "- Wait.",
                f"  - {second}",
                "",
                "- Let go.",
                f"  - {first}",
                f"  - {second}",
                "",
                "In the document's own sentences",
                "",
            )
        )

    @pytest.mark.parametrize(
        ("question", "locale", "words"),
        [
            ("TD-17은 어떻게 켭니까?", "ko", ("## 질문 1", "### 답변", "7쪽", "- 제품: td17")),
            ("how is TD-17 turned on?", "en", ("## Question 1", "### Answer", "page 7", "- Product: td17")),
        ],
    )
    def test_its_words_are_of_the_language_of_the_questions(
        self, question: str, locale: str, words: tuple[str, ...]
    ) -> None:
        talk = conversation((question, "켜십시오. Turn on. [1]", (citation(1),)))
        assert locale_of(talk) == locale
        told = as_markdown(talk)
        assert [word for word in words if word not in told] == []

    def test_an_empty_one_is_in_the_language_of_its_title(self) -> None:
        assert "- 시작:" in as_markdown(conversation(title="차단기"))

    def test_a_number_of_nothing_is_a_word_of_the_sentence(self) -> None:
        told = as_markdown(conversation(("How?", "See table [9] there. [1]", (citation(1),))))
        assert "- See table \\[9\\] there.\n  - \\[1\\] " in told

    def test_what_no_sentence_names_is_told_behind_the_answer(self) -> None:
        told = as_markdown(conversation(("How?", "So. [1]\nAnd so", (citation(1), citation(2)))))
        assert "\n\nAnd so\n\n- \\[2\\] TD-17 Manual, page 8: “Words 2.”" in told

    def test_a_place_of_the_installation_has_no_page(self) -> None:
        cited = citation(1, url="/v1/price-books/list", title="Prices")
        told = as_markdown(conversation(("How much?", "100. [1]", (cited,))))
        assert "  - \\[1\\] Prices: “Words 1.” /v1/price-books/list\n" in told

    def test_what_was_thought_of_an_answer_is_told(self) -> None:
        talk = conversation(("How?", "No.", ()))
        question, answer = talk.messages
        judged = KeptMessage(
            **{name: getattr(answer, name) for name in answer.__slots__ if name != "judgement"},
            judgement=Judgement(is_helpful=False, comment="wrong page"),
        )
        told = as_markdown(Conversation(talk.thread, (question, judged)))
        assert told.endswith("\nIn the document's own sentences · Not helpful: “wrong page”\n")


class TestWhatOthersWrote:
    @pytest.mark.parametrize("text", HOSTILE)
    def test_is_shown_as_it_is_and_does_nothing(self, text: str) -> None:
        cited = citation(1, title=text, excerpt=text)
        talk = conversation((f"how?\n{text}", f"{text}\nSaid {text} so [1]", (cited,)), title=text)
        plain = shown(as_markdown(conversation(("how?\nx", "x\nSaid x so [1]", (citation(1),)), title="x")))

        html = shown(as_markdown(talk))

        def tags(page: str) -> list[str]:
            return [piece.partition(">")[0].split()[0] for piece in page.split("<")[1:]]

        # A line of text more than the plain one has is no tag more, but for the breaks of lines.
        assert tags(html) == tags(plain)
        assert html.count("href=") == plain.count("href=")
        assert not any(mark in html for mark in "\x1b\x07\u202e")

    @pytest.mark.parametrize("piece", [" ", "[1] ", "[1", "[", "&a", "\t", "*", "1."])
    def test_a_long_answer_of_anything_is_told_in_time(self, piece: str) -> None:
        begun = monotonic()
        told = as_markdown(conversation(("how?", piece * (100_000 // len(piece)), (citation(1),))))
        assert monotonic() - begun < 5
        assert "### Answer" in told

    @pytest.mark.parametrize(
        "url", ["javascript:alert(1)", "https://a.example/ <b>", "https://a.example/>x", "http://a\\b", ""]
    )
    def test_an_address_is_a_link_only_where_it_is_one(self, url: str) -> None:
        html = shown(as_markdown(conversation(("how?", "So. [1]", (citation(1, url=url),)))))
        assert "<a " not in html
        assert "<b>" not in html

    def test_the_words_themselves_are_kept(self) -> None:
        html = shown(as_markdown(conversation(("how?", "A_1 <2 & 3> 5*6 [x] 1. #7 &amp; C:\\temp", ()))))
        assert "A_1 &lt;2 &amp; 3&gt; 5*6 [x] 1. #7 &amp;amp; C:\\temp" in html
