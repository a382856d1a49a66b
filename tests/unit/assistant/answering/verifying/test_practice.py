"""What the verification makes of the claims written to practise it: passages of many trades, sentences reworded freely, alterations of every kind.

Passages below page 60 were written first. Of these the even pages were only ever counted, never read when a rule was made; the rules were made on all others.
"""

import json
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

from kis.assistant.answering.verifying import verify
from kis.assistant.things import Passage
from tests.factories.manuals_written import DATA, Claim

PRACTICE: Final = DATA / "practice" / "claims.jsonl"
UNSEEN: Final = DATA / "practice" / "unseen.jsonl"
"""Written after the rules, and only ever counted."""
LATER: Final = 60
"""From this page on passages were written to find out what the rules miss."""
CHANGES: Final = {"comparison": 60, "model": 60, "negation": 40, "cause": 20}
"""How many altered claims there are at least of each kind."""


@cache
def practice() -> tuple[Claim, ...]:
    return read(PRACTICE)


def read(path: Path) -> tuple[Claim, ...]:
    return tuple(Claim(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines())


def is_unread(claim: Claim) -> bool:
    return claim.page < LATER and claim.page % 2 == 0


def outcomes(claims: Iterable[Claim]) -> Counter[tuple[bool, bool]]:
    """Count claims by whether they are true and whether they are supported."""
    return Counter(
        (
            claim.is_true,
            verify(
                claim.sentence, [Passage(number=0, title_path=(), text=claim.passage, page=claim.page)]
            ).supported,
        )
        for claim in claims
    )


class TestMaterial:
    def test_there_is_enough_of_each_kind_in_both_languages(self) -> None:
        altered: Counter[str] = Counter(claim.change for claim in practice() if not claim.is_true)
        assert {change: min(altered[change], least) for change, least in CHANGES.items()} == CHANGES
        passages = {claim.passage: claim.language for claim in practice()}
        assert min(Counter(passages.values()).values()) >= 20

    def test_no_claim_is_made_twice(self) -> None:
        assert len({claim.cid for claim in practice()}) == len(practice())
        assert len({(claim.passage, claim.sentence) for claim in practice()}) == len(practice())


class TestMeasured:
    """The floors of what is reached."""

    def test_on_passages_that_were_read(self) -> None:
        counts = outcomes(claim for claim in practice() if not is_unread(claim))

        assert counts[False, False] >= 0.895 * (counts[False, False] + counts[False, True])
        assert counts[True, True] >= 0.91 * (counts[True, False] + counts[True, True])

    def test_on_passages_that_were_not(self) -> None:
        counts = outcomes(claim for claim in practice() if is_unread(claim))

        assert counts[False, False] >= 0.77 * (counts[False, False] + counts[False, True])
        assert counts[True, True] >= 0.87 * (counts[True, False] + counts[True, True])

    def test_on_claims_written_after_the_rules(self) -> None:
        counts = outcomes(read(UNSEEN))

        assert counts[False, False] >= 0.75 * (counts[False, False] + counts[False, True])
        assert counts[True, True] >= 0.88 * (counts[True, False] + counts[True, True])
