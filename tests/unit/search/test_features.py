"""What an organisation has switched off is taken from its queries, and nothing else."""

import pytest

from kis.platform.messages import LOCALES
from kis.search import SEARCH_FEATURES, Query
from kis.search.features import CORRECTIONS, VECTORS, Feature, Switches, as_switched

NOTHING = Switches({})


@pytest.mark.parametrize(("feature", "field"), [(CORRECTIONS, "corrects"), (VECTORS, "by_meaning")], ids=str)
class TestQueries:
    def test_are_as_they_were_asked_where_nothing_is_decided(self, feature: Feature, field: str) -> None:
        assert getattr(as_switched(Query(text="차단기"), NOTHING), field) is True
        assert as_switched(Query(text="차단기"), Switches({feature.name: True})) == Query(text="차단기")

    def test_lose_what_is_switched_off_alone(self, feature: Feature, field: str) -> None:
        switched = as_switched(Query(text="차단기"), Switches({feature.name: False}))
        assert getattr(switched, field) is False
        assert switched.corrects != switched.by_meaning

    def test_do_not_get_what_their_asker_did_not_want(self, feature: Feature, field: str) -> None:
        asked = Query(text="차단기", corrects=False, by_meaning=False)
        assert getattr(as_switched(asked, Switches({feature.name: True})), field) is False


@pytest.mark.parametrize("feature", SEARCH_FEATURES, ids=lambda feature: feature.name)
def test_every_feature_says_what_it_does(feature: Feature) -> None:
    assert all(feature.description.text(locale) for locale in LOCALES)
