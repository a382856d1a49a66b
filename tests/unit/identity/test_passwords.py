import asyncio
import unicodedata

import pytest
from pwdlib.hashers.argon2 import Argon2Hasher

from kis.identity import passwords as module
from kis.identity.password_rules import check_password, common_words
from kis.identity.passwords import Passwords
from kis.platform.errors import BadInput, Unavailable

CHEAP = Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1)
EMAIL = "gildong.hong@seyeong.example.test"


def faults(password: str, *, name: str = "홍길동") -> set[str]:
    try:
        check_password(password, shortest=12, email=EMAIL, name=name)
    except BadInput as refused:
        return {problem.message.key.rpartition(".")[2] for problem in refused.problems}
    return set()


class TestRules:
    @pytest.mark.parametrize(
        "password",
        [
            "seven maples by the river",
            "correct horse battery staple",
            "단풍나무 일곱 그루 강가",
            "x7!kd92mQz_p",
            "분전반공장 3호기 옆 단풍나무",
        ],
    )
    def test_good_ones_pass(self, password: str) -> None:
        assert faults(password) == set()

    @pytest.mark.parametrize(
        ("password", "fault"),
        [
            ("short one", "too_short"),
            ("a" * 201, "too_long"),
            ("aaaaaaaaaaaaa", "too_simple"),
            ("abababababab", "too_simple"),
            ("123456789012", "too_simple"),
            ("987654321098", "too_simple"),
            ("abcdefghijklm", "too_simple"),
            ("password2026!", "common"),
            ("P@ssw0rd1234", "common"),
            ("!!Welcome2026!!", "common"),
            ("qwertyuiop12", "common"),
            ("qwerqwerqwer", "too_simple"),
            ("letmeinletmein", "common"),
            ("administrator", "common"),
            ("tkfkdgo1234!", "common"),
            ("비밀번호12345678", "common"),
            ("gildong-is-here", "personal"),
            ("the man from Seyeong", "personal"),
        ],
    )
    def test_bad_ones_are_told_why(self, password: str, fault: str) -> None:
        assert fault in faults(password)

    def test_a_name_in_it_is_found_however_it_is_composed(self) -> None:
        name = "남궁길동이"
        assert faults(unicodedata.normalize("NFD", "우리 남궁길동이 최고야"), name=name) == {"personal"}

    def test_the_list_is_of_words_without_what_people_put_around_them(self) -> None:
        assert len(common_words()) > 400
        assert {"password", "qwerty", "dkssudgktpdy", "비밀번호"} <= common_words()
        assert [word for word in common_words() if word != word.casefold()] == []


class TestHashing:
    async def test_takes_the_recommended_parameters(self) -> None:
        passwords = Passwords()
        hashed = await passwords.hash("seven maples by the river")
        assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
        assert await passwords.verify("seven maples by the river", hashed) == (True, None)
        assert await passwords.verify("seven maples by the rivers", hashed) == (False, None)

    async def test_renews_a_hash_of_weaker_parameters(self) -> None:
        weak = await Passwords(CHEAP).hash("seven maples")
        right, renewed = await Passwords().verify("seven maples", weak)
        assert right
        assert renewed
        assert "m=19456" in renewed

    async def test_knows_a_password_however_a_keyboard_sends_it(self) -> None:
        passwords = Passwords(CHEAP)
        hashed = await passwords.hash(unicodedata.normalize("NFC", "강가의 단풍나무"))
        assert (await passwords.verify(unicodedata.normalize("NFD", "강가의 단풍나무"), hashed))[0]

    async def test_of_nobody_is_never_right(self) -> None:
        passwords = Passwords(CHEAP)
        assert await passwords.verify("anything", None) == (False, None)

    async def test_with_a_hash_that_is_none_is_wrong_and_no_error(self) -> None:
        assert await Passwords(CHEAP).verify("anything", "!") == (False, None)

    async def test_leaves_the_loop_free(self) -> None:
        passwords = Passwords()
        hashing = asyncio.gather(*(passwords.hash("seven maples") for _ in range(6)))
        turns = 0
        while not hashing.done():
            turns += 1
            await asyncio.sleep(0)
        await hashing
        assert turns > 100, "the loop stood still while hashes were made"

    async def test_refuses_more_than_it_can_do_soon(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "LONGEST_QUEUE", 3)
        passwords = Passwords(CHEAP)
        answers = await asyncio.gather(*(passwords.hash("x") for _ in range(5)), return_exceptions=True)
        assert [isinstance(answer, Unavailable) for answer in answers] == [False] * 3 + [True] * 2
        assert await passwords.hash("x")
