from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kis.estimator.numbering import NumberRegister, QuotationNumber, RegisterUnreadable
from kis.platform.errors import NotFound


class TestQuotationNumber:
    def test_is_written_and_read_alike(self) -> None:
        number = QuotationNumber(organisation="HB", year=2026, running=42, revision=1)
        assert str(number) == "HB-2026-0042-R1"
        assert QuotationNumber.read("HB-2026-0042-R1") == number

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "HB-2026-42-R0",
            "hb-2026-0042-R0",
            "HB-2026-0042",
            "HB-1999-0001-R0\n",
            "HB-2026-000\N{ARABIC-INDIC DIGIT ONE}-R0",
        ],
    )
    def test_another_form_is_refused_with_an_example(self, text: str) -> None:
        with pytest.raises(NotFound, match="HB-2026-0042-R0"):
            QuotationNumber.read(text)


class TestNumberRegister:
    def test_counts_each_year_from_one(self, tmp_path: Path) -> None:
        register = NumberRegister(tmp_path)
        given = [
            register.next_number("HB", 2026),
            register.next_number("HB", 2026),
            register.next_number("HB", 2027),
        ]
        assert [str(number) for number in given] == ["HB-2026-0001-R0", "HB-2026-0002-R0", "HB-2027-0001-R0"]

    def test_organisations_do_not_share_numbers(self, tmp_path: Path) -> None:
        register = NumberRegister(tmp_path)
        register.next_number("HB", 2026)
        assert register.next_number("DS", 2026).running == 1

    def test_revisions_of_one_quotation_follow_each_other_whatever_is_revised(self, tmp_path: Path) -> None:
        register = NumberRegister(tmp_path)
        first = register.next_number("HB", 2026)
        second = register.next_revision(first)
        again = register.next_revision(first)  # two people revise the same first quotation
        assert (second.revision, again.revision) == (1, 2)
        assert register.next_revision(QuotationNumber.read("HB-2025-0007-R4")).revision == 5  # from elsewhere

    def test_a_number_given_by_hand_is_not_given_again(self, tmp_path: Path) -> None:
        register = NumberRegister(tmp_path)
        register.keep(QuotationNumber.read("HB-2026-0041-R2"))
        assert str(register.next_number("HB", 2026)) == "HB-2026-0042-R0"
        assert register.next_revision(QuotationNumber.read("HB-2026-0041-R0")).revision == 3

    def test_many_at_once_get_different_numbers(self, tmp_path: Path) -> None:
        with ThreadPoolExecutor(8) as pool:
            given = list(
                pool.map(lambda _: NumberRegister(tmp_path).next_number("HB", 2026).running, range(24))
            )
        assert sorted(given) == list(range(1, 25))

    def test_a_damaged_register_is_refused_and_kept(self, tmp_path: Path) -> None:
        NumberRegister(tmp_path).next_number("HB", 2026)
        path = tmp_path / "numbers" / "HB.json"
        path.write_text('{"running": {"2026":')
        with pytest.raises(RegisterUnreadable, match=r"HB\.json"):
            NumberRegister(tmp_path).next_number("HB", 2026)
        assert path.read_text() == '{"running": {"2026":'
