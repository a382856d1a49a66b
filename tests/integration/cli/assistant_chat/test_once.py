"""One question from a script: the answer on standard output, and an exit code that tells what became of it."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable

import pytest

from kis.cli import main
from kis.cli.exit_codes import BAD_REQUEST, BROKEN, DONE, GATE_FAILS
from kis.identity import Principal, Role
from tests.factories.servers import held_port
from tests.integration.cli.assistant_chat.conftest import Running
from tests.integration.cli.conftest import Shown

Ask = Callable[..., Awaitable[Shown]]


@pytest.fixture
async def ask(
    running: Running,
    principal: Principal,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Ask:
    """Run the program against the served KIS, as a program with a key of its own."""
    key = await running.application.identity.api_keys.create(principal, "chat", Role.ADMIN)
    monkeypatch.setenv("KIS_API_KEY", key.key)
    monkeypatch.setenv("COLUMNS", "60")

    async def asked(*words: str, server: str = "") -> Shown:
        arguments = ["assistant", "chat", "--server", server or running.url, *words]
        code = await asyncio.to_thread(main, arguments)
        shown = capsys.readouterr()
        return Shown(code, shown.out, shown.err)

    return asked


ANSWERED = [
    ("en", "kx-250", "how tight are the auxiliary terminals?", "page 1"),
    ("ko", "kx-400", "보조 단자는 얼마로 조입니까?", "1쪽"),
]


@pytest.mark.parametrize(("locale", "product", "question", "page"), ANSWERED)
async def test_an_answer_is_printed_with_what_it_stands_on(
    ask: Ask, locale: str, product: str, question: str, page: str
) -> None:
    shown = await ask("--product", product, "--question", question, "--lang", locale)
    assert shown.code == DONE, shown.err
    answer, _, cited = shown.out.partition("\n\n")
    assert "0.8 N·m" in answer
    assert "[1]" in answer
    assert re.match(rf"\[1\] .+, {page}\n +“", cited)
    assert question not in shown.out
    assert "\x1b" not in shown.out


async def test_a_program_reads_it_as_json_with_the_address_of_each_page(running: Running, ask: Ask) -> None:
    shown = await ask("--product", "kx-250", "--question", "how tight are the auxiliary terminals?", "--json")
    told = shown.data
    assert (shown.code, told["status"], told["refusal"]) == (DONE, "answered", None)
    assert told["sure"] is True
    assert told["product"] == {"id": "kx-250", "name": "KX-250 Switch", "brand": "Kistest"}
    (citation, *_) = told["citations"]
    assert (citation["number"], citation["page"]) == (1, 1)
    assert citation["url"] == f"{running.site.url}/en.pdf"
    start = f"/v1/assistant/pages/{citation['document']}/1.png?product=kx-250&highlight="
    assert citation["image"].startswith(start)


async def test_what_the_manual_does_not_treat_is_refused_with_a_code_of_its_own(ask: Ask) -> None:
    shown = await ask("--product", "kx-250", "--question", "Wer gewann 1954 das Endspiel in Bern?", "--json")
    assert (shown.code, shown.data["status"]) == (GATE_FAILS, "refused")
    assert shown.data["refusal"]
    assert shown.data["answer"]


async def test_a_question_about_no_product_goes_to_the_estimator(ask: Ask) -> None:
    shown = await ask("--question", "함 사이즈 얼마? ELB 2P 20A 12개, MCCB 3P 100A 메인", "--json")
    told = shown.data
    assert (shown.code, told["status"], told["product"]) == (DONE, "answered", None)
    assert "mm" in told["answer"]
    assert {each["image"] for each in told["citations"]} == {None}


async def test_a_product_without_a_manual_is_no_answer(ask: Ask) -> None:
    shown = await ask("--product", "kx-lever", "--question", "how long is it?", "--lang", "en")
    assert shown.code == BROKEN
    assert "Rotary lever" in shown.err


NAMED = [
    ("en", "kx 250 switch", "■ KX-250 Switch · Kistest", "how tight are the auxiliary terminals?"),
    ("ko", "Kistest KX-400", "■ KX-400 Switch · Kistest", "보조 단자는 얼마로 조입니까?"),
]


class TestNaming:
    @pytest.mark.parametrize(("locale", "named", "told", "question"), NAMED)
    async def test_the_product_is_found_by_its_name_and_said_before_the_answer(
        self, ask: Ask, locale: str, named: str, told: str, question: str
    ) -> None:
        shown = await ask("--product", named, "--question", question, "--lang", locale)
        assert shown.code == DONE, shown.err
        product, answer, *_ = shown.out.split("\n\n")
        assert product == told
        assert "0.8 N·m" in answer

    async def test_a_program_reads_which_one_it_is(self, ask: Ask) -> None:
        shown = await ask("--product", "kx-400 switch", "--question", "how tight?", "--json")
        assert shown.data["product"] == {"id": "kx-400", "name": "KX-400 Switch", "brand": "Kistest"}

    async def test_where_it_is_not_sure_those_that_come_near_are_named(self, ask: Ask) -> None:
        asked = ("--product", "kx switch", "--question", "how?", "--lang", "en")
        shown = await ask(*asked)
        assert (shown.code, shown.out) == (BAD_REQUEST, "")
        heading, *lines = shown.err.splitlines()
        assert "“kx switch”" in heading
        assert {"  kx-250  KX-250 Switch · Kistest", "  kx-400  KX-400 Switch · Kistest"} <= set(lines)
        told = (await ask(*asked, "--json")).data
        assert (told["code"], told["message"], told["problems"]) == ("not_found", heading, [])
        assert {"id": "kx-400", "name": "KX-400 Switch", "brand": "Kistest"} in told["meta"]["products"]

    @pytest.mark.parametrize("named", ["nothing", "kx-250/related", ".", "x" * 400])
    async def test_what_no_product_has_for_id_or_name_is_a_wrong_argument(self, ask: Ask, named: str) -> None:
        shown = await ask("--product", named, "--question", "how?", "--json")
        assert (shown.code, shown.data["code"]) == (BAD_REQUEST, "not_found")

    async def test_another_figure_is_no_slip(self, ask: Ask) -> None:
        shown = await ask("--product", "kx-260", "--question", "how?", "--json")
        assert shown.code == BAD_REQUEST
        assert shown.data["meta"]["products"][0]["id"] == "kx-250"


async def test_nobody_there_is_a_failure(ask: Ask) -> None:
    with held_port() as port:
        nowhere = f"http://127.0.0.1:{port}"
        shown = await ask("--product", "kx-250", "--question", "how?", "--json", server=nowhere)
    assert (shown.code, shown.data["code"]) == (BROKEN, "unreachable")
    assert nowhere in shown.data["message"]


async def test_a_key_that_is_not_good_is_told(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIS_API_KEY", "kis_wrong")
    shown = await ask("--product", "kx-250", "--question", "how?", "--json")
    assert (shown.code, shown.data["code"]) == (BROKEN, "not_let_in")


class TestArguments:
    def wrong(self, capsys: pytest.CaptureFixture[str], *words: str) -> set[str]:
        assert main(["assistant", "chat", *words, "--json"]) == BAD_REQUEST
        problems = json.loads(capsys.readouterr().out)["problems"]
        return {problem["path"] for problem in problems}

    @pytest.mark.parametrize("words", [(), ("--product", "x"), ("--question", " ")])
    def test_without_a_terminal_a_question_is_needed(
        self, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
    ) -> None:
        assert self.wrong(capsys, *words) == {"--question"}

    def test_a_question_is_not_cut(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.wrong(capsys, "--question", "가" * 2001) == {"--question"}

    def test_a_product_has_a_name(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.wrong(capsys, "--product", " ", "--question", "how?") == {"--product"}

    @pytest.mark.parametrize(
        "address", ["ftp://x", "http://", "http://u:p@x", "http://x:port", "http://x/?a=b"]
    )
    def test_an_address_is_one_of_http(self, capsys: pytest.CaptureFixture[str], address: str) -> None:
        asked = ("--product", "x", "--question", "y", "--server", address)
        assert self.wrong(capsys, *asked) == {"--server"}

    def test_there_is_nobody_to_ask_for_a_password(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("KIS_API_KEY", raising=False)
        asked = ("--product", "x", "--question", "y", "--server", "http://x", "--as", "a@b.c")
        assert self.wrong(capsys, *asked) == {"--as"}

    @pytest.mark.parametrize("server", [(), ("--server", "http://127.0.0.1:1")])
    def test_a_key_and_a_person_are_not_both_taken(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, server: tuple[str, ...]
    ) -> None:
        monkeypatch.setenv("KIS_API_KEY", "kis_some_key")
        asked = ("--product", "x", "--question", "y", "--as", "a@b.c")
        assert self.wrong(capsys, *asked, *server) == {"--as"}

    def test_no_kis_on_this_machine_is_told_with_what_starts_one(
        self, capsys: pytest.CaptureFixture[str], tmp_path: object
    ) -> None:
        code = main(
            ["assistant", "chat", "--product", "x", "--question", "y", "--data", str(tmp_path), "--json"]
        )
        told = json.loads(capsys.readouterr().out)
        assert (code, told["code"]) == (BROKEN, "not_running")
        assert "./kis up" in told["message"]
