from pathlib import Path

from kis.evidence import differences
from tests.integration.evidence.conftest import FILES, Quote


class TestDifferencesOfFolders:
    def test_are_none_between_two_runs_of_the_same_request(self, quote: Quote) -> None:
        again = {**FILES, "output.json": FILES["output.json"].replace(b'"t1"', b'"t2"')}
        assert differences(quote("t1").path, quote("t2", files=again).path) == ()

    def test_are_none_between_a_pack_and_the_bytes_it_was_made_of(self, quote: Quote) -> None:
        assert differences(quote().path, FILES) == ()

    def test_name_each_file_that_differs(self, quote: Quote, root: Path) -> None:
        first, second = quote("t1").path, quote("t2").path
        (second / "visual.svg").unlink()
        (second / "input.json").write_bytes(b'{"project":"LP-4F"}')
        (second / "pipeline" / "enclosure.json").unlink()
        (second / "pipeline" / "enclosure.json").symlink_to(first / "pipeline" / "enclosure.json")
        assert [difference.text("en") for difference in differences(root / "t1", root / "t2")] == [
            "input.json: differs, first at /project",
            "pipeline/enclosure.json: cannot be read, so it was not compared",
            "visual.svg: is in the first pack alone",
        ]

    def test_show_a_pack_that_is_not_there(self, quote: Quote, root: Path) -> None:
        quote()
        assert {difference.path for difference in differences(root / "t1", root / "nowhere")} == {".", *FILES}
