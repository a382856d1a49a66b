"""How wide texts are taken to be, and how they are made to fit."""

import pytest

from kis.estimator.documents.drawings.text_fit import fitted, shortened, text_width, wrapped


class TestTextWidth:
    def test_takes_a_korean_letter_as_one_text_size(self) -> None:
        assert text_width("전등", 2.0) == pytest.approx(4.0)

    def test_takes_the_full_width_forms_of_korean_fonts_as_full(self) -> None:
        # × and … are "ambiguous" in Unicode and one em wide in Noto Sans KR.
        assert text_width("×…", 1.0) == pytest.approx(2.0)

    def test_is_at_least_the_widest_digit_of_the_family(self) -> None:
        # DejaVu Sans, the usual stand-in, has 0.636 em digits.
        assert text_width("0123456789", 1.0) >= 6.36

    def test_makes_bold_wider(self) -> None:
        assert text_width("SIE-32", 1.0, bold=True) > text_width("SIE-32", 1.0)

    def test_gives_a_combining_mark_no_width(self) -> None:
        assert text_width("e\u0301", 1.0) == text_width("e", 1.0)


class TestShortened:
    def test_leaves_alone_what_fits(self) -> None:
        assert shortened("전등", 4.0, 2.0) == "전등"

    def test_cuts_with_an_ellipsis_that_fits_too(self) -> None:
        # Three letters of 2 mm and the ellipsis take 8 mm.
        assert shortened("가나다라마바", 8.0, 2.0) == "가나다…"

    def test_leaves_no_space_before_the_ellipsis(self) -> None:
        assert shortened("가나 다라마바사", 6.7, 2.0) == "가나…"

    def test_is_empty_where_not_one_letter_is_left(self) -> None:
        assert shortened("가나다", 2.0, 2.0) == ""


class TestFitted:
    def test_takes_the_largest_size_that_fits(self) -> None:
        assert fitted("가나다라", 9.0, (3.0, 2.2, 1.8)) == ("가나다라", 2.2)

    def test_cuts_at_the_smallest_size_where_none_fits(self) -> None:
        # At 1.8 mm four letters and the ellipsis take 9 mm.
        assert fitted("가나다라마바사", 9.0, (3.0, 1.8)) == ("가나다라…", 1.8)


class TestWrapped:
    def test_breaks_at_spaces(self) -> None:
        assert wrapped("가나 다라 마바", 9.5, 2.0) == ("가나 다라", "마바")

    def test_breaks_a_word_wider_than_a_line(self) -> None:
        assert wrapped("가나다라마", 4.0, 2.0) == ("가나", "다라", "마")

    def test_keeps_every_letter(self) -> None:
        text = "외형 미확인 SIE-32 가나다라마바사아자차카타파하 10"
        lines = wrapped(text, 12.0, 2.0)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        assert all(text_width(line, 2.0) <= 12.0 for line in lines)

    def test_is_empty_for_nothing(self) -> None:
        assert wrapped("  ", 10.0, 2.0) == ()
