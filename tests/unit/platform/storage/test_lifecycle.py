import httpx2
import pytest

from kis.platform.storage.lifecycle import establish, merged, rules

THEIRS = (
    b'<LifecycleConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Rule><ID>archive</ID>'
    b"<Filter><Prefix>quote/</Prefix></Filter><Status>Enabled</Status>"
    b"<Transition><Days>90</Days><StorageClass>GLACIER_IR</StorageClass></Transition></Rule></LifecycleConfiguration>"
)


class TestMerged:
    def test_gives_an_empty_bucket_our_rules(self) -> None:
        wanted = merged(b"", rules("")) or b""
        assert wanted.count(b"<Rule") == 3
        assert (
            b"<Prefix>readyz/</Prefix></Filter><Status>Enabled</Status><Expiration><Days>1</Days>" in wanted
        )
        assert (
            b"<Prefix>exports/</Prefix></Filter><Status>Enabled</Status><Expiration><Days>7</Days>" in wanted
        )
        assert b"<DaysAfterInitiation>1</DaysAfterInitiation>" in wanted

    def test_keeps_the_rules_of_the_operator(self) -> None:
        wanted = merged(THEIRS, rules("")) or b""
        assert wanted.count(b"<Rule") == 4
        assert b"<ID>archive</ID>" in wanted
        assert b"<StorageClass>GLACIER_IR</StorageClass>" in wanted

    def test_asks_for_nothing_when_all_is_said(self) -> None:
        assert merged(merged(THEIRS, rules("p")) or b"", rules("p")) is None

    def test_puts_a_changed_rule_of_ours_right(self) -> None:
        said = merged(b"", rules("")) or b""
        assert merged(said.replace(b"<Days>7</Days>", b"<Days>700</Days>"), rules("")) is not None
        again = merged(said.replace(b"<Days>7</Days>", b"<Days>700</Days>"), rules("")) or b""
        assert again.count(b"<Rule") == 3
        assert b"<Days>700</Days>" not in again

    def test_stays_below_the_prefix_of_the_store(self) -> None:
        wanted = merged(b"", rules("kis/prod")) or b""
        assert b"<Prefix>kis/prod/readyz/</Prefix>" in wanted
        assert b"<Prefix>kis/prod/</Prefix>" in wanted


class TestEstablish:
    @pytest.mark.parametrize(
        ("status", "content"),
        [
            (
                200,
                b'<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name></ListBucketResult>',
            ),
            (200, b"not XML"),
            (501, b""),
            (403, b""),
        ],
    )
    def test_changes_nothing_where_there_are_no_rules(self, status: int, content: bytes) -> None:
        asked: list[str] = []

        def request(method: str, *, query: dict[str, str], body: bytes = b"") -> httpx2.Response:
            assert (query, body) == ({"lifecycle": ""}, b"")
            asked.append(method)
            return httpx2.Response(status, content=content)

        establish(request, prefix="")
        assert asked == ["GET"]
