"""What two rulebooks differ in."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from kis.estimator.rulebook import (
    ChangeKind,
    FieldChange,
    Rulebook,
    RuleChange,
    diff_rulebooks,
    load_rulebook,
)

Changed = Callable[..., Path]


class TestDiffRulebooks:
    def test_equal_rulebooks_have_no_difference(self, rulebook: Rulebook) -> None:
        assert diff_rulebooks(rulebook, rulebook) == ()

    def test_a_comment_alone_is_no_difference(self, rulebook: Rulebook, changed: Changed) -> None:
        commented = load_rulebook(changed(("selection:\n", "# the shop's own\nselection:\n")))

        assert commented.digest != rulebook.digest
        assert diff_rulebooks(rulebook, commented) == ()

    def test_a_new_value_is_named_typed_before_and_after(self, rulebook: Rulebook, changed: Changed) -> None:
        after = load_rulebook(changed(("value: 9/10", "value: 0.93")))

        assert diff_rulebooks(rulebook, after) == (
            RuleChange(
                "enclosure.fit_limit",
                ChangeKind.CHANGED,
                (FieldChange("value", Fraction(9, 10), Fraction(93, 100)),),
            ),
        )

    def test_a_new_value_decides_and_new_words_do_not(self, rulebook: Rulebook, changed: Changed) -> None:
        reworded = load_rulebook(changed(("ko: 자립형 베이스의 높이이다.", "ko: 자립 베이스 높이이다.")))
        revalued = load_rulebook(changed(("{up_to: 125, value: 170}", "{up_to: 125, value: 180}")))

        (words,), (value,) = diff_rulebooks(rulebook, reworded), diff_rulebooks(rulebook, revalued)
        assert (words.rule_id, [field.field for field in words.fields], words.decides) == (
            "enclosure.base_height",
            ["text.ko"],
            False,
        )
        assert (value.rule_id, [field.field for field in value.fields], value.decides) == (
            "enclosure.wiring_above_main",
            ["value"],
            True,
        )

    def test_the_head_comes_first(self, rulebook: Rulebook, changed: Changed) -> None:
        after = load_rulebook(
            changed(('version: "2026.11"', 'version: "2026.12"'), ("value: 9/10", "value: 8/10"))
        )

        changes = diff_rulebooks(rulebook, after)

        assert [change.rule_id for change in changes] == ["rulebook", "enclosure.fit_limit"]
        assert changes[0].fields == (FieldChange("version", "2026.11", "2026.12"),)
        assert not changes[0].decides

    def test_a_gate_can_come_and_go(self, rulebook: Rulebook, changed: Changed) -> None:
        after = load_rulebook(
            changed(
                ("  format.formula_loss:\n", "  format.formula_count:\n"),
                ("limit_rule: enclosure.door_clearance\n", "limit_rule: null\n"),
            )
        )

        changes = diff_rulebooks(rulebook, after)

        assert [(change.rule_id, change.kind, change.decides) for change in changes] == [
            ("gates.enclosure.door_clearance", ChangeKind.CHANGED, True),
            ("gates.format.formula_loss", ChangeKind.REMOVED, True),
            ("gates.format.formula_count", ChangeKind.ADDED, True),
        ]
        assert changes[0].fields == (FieldChange("limit_rule", "enclosure.door_clearance", None),)
        assert FieldChange("operator", None, "=") in changes[2].fields
