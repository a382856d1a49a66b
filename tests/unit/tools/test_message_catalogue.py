import pytest

from tools.message_catalogue import Uses, _leaves, catalogue_problems, placeholders, read_uses, use_problems

CATALOGUE = {
    "area.plain": {"ko": "설계", "en": "design"},
    "area.width": {"ko": "폭 {width_mm} mm", "en": "{width_mm} mm wide"},
}


def problems_of(code: str) -> list[str]:
    uses = Uses()
    read_uses(code, "module.py", uses)
    return use_problems(CATALOGUE, uses)


class TestEntries:
    def test_may_be_nested_beside_the_languages_of_another(self) -> None:
        area = {"sum": {"ko": "합계", "en": "sum", "none": {"ko": "없음", "en": "none"}}, "odd": "text"}
        assert dict(_leaves("area", area)) == {
            "area.sum": {"ko": "합계", "en": "sum"},
            "area.sum.none": {"ko": "없음", "en": "none"},
            "area.odd": {"": "text"},
        }


class TestCatalogueProblems:
    def test_are_none_in_a_good_catalogue(self) -> None:
        assert catalogue_problems(CATALOGUE) == []

    @pytest.mark.parametrize(
        ("entry", "problem"),
        [
            ({"ko": "설계"}, "has ko instead of ko, en"),
            ({"ko": "설계", "en": " "}, "says nothing in en"),
            ({"ko": "폭 {width_mm}", "en": "width {width}"}, "takes ['width_mm'] in ko, ['width'] in en"),
        ],
    )
    def test_name_the_entry(self, entry: dict[str, str], problem: str) -> None:
        assert catalogue_problems({"area.key": entry}) == [f"message area.key: {problem}"]


class TestPlaceholders:
    @pytest.mark.parametrize(
        ("text", "names"),
        [("plain", set()), ("{a} {b:.1f}", {"a", "b"}), ("{{not}} {a.b} {c[0]}", {"a", "c"})],
    )
    def test_are_the_names_of_the_values(self, text: str, names: set[str]) -> None:
        assert placeholders(text) == names


class TestUseProblems:
    def test_are_none_where_every_key_is_used_and_known(self) -> None:
        assert problems_of("Message('area.plain')\nMessage('area.width', {'width_mm': 1})") == []

    @pytest.mark.parametrize("key", ["f'area.{name}'", "'area.' + name"])
    def test_accept_a_key_that_a_text_put_together_can_become(self, key: str) -> None:
        assert problems_of(f"Message({key}, values)") == []

    def test_name_a_key_that_nothing_shows(self) -> None:
        assert problems_of("Message('area.plain')") == ["message area.width: nothing shows it"]

    def test_name_a_call_with_an_unknown_key(self) -> None:
        code = "keys = ['area.plain', 'area.width']\nMessage('area.plian')"
        assert problems_of(code) == ["module.py:2: the catalogue has no message area.plian"]

    def test_name_an_f_string_that_fits_no_key(self) -> None:
        code = "keys = ['area.plain', 'area.width']\nMessage(f'area.missing.{name}')"
        assert problems_of(code) == ["module.py:2: no message of the catalogue fits f'area.missing.{name}'"]

    @pytest.mark.parametrize("call", ["Message('area.width')", "Message('area.width', {'depth_mm': 1})"])
    def test_name_a_call_that_lacks_a_value(self, call: str) -> None:
        assert problems_of(f"keys = ['area.plain']\n{call}") == [
            "module.py:2: message area.width also takes width_mm"
        ]

    def test_leave_computed_values_to_the_running_program(self) -> None:
        assert problems_of("keys = ['area.plain']\nMessage('area.width', {**values})") == []
