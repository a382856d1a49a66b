import pytest

from kis.platform.storage import LONGEST_PATH, PathRefused, checked_path


class TestCheckedPath:
    @pytest.mark.parametrize(
        "path",
        [
            "",
            "/",
            "/etc/passwd",
            "a//b",
            "a/",
            "..",
            "../a",
            "a/../b",
            "a/./b",
            ".hidden",
            "a/.hidden",
            "a b",
            "a\\b",
            "a\nb",
            "a%2e",
            "a#1",
            "견적.pdf",
            "a" * 201,
            "/".join(["a" * 100] * 6),
        ],
    )
    def test_refuses_what_could_mean_something_else_elsewhere(self, path: str) -> None:
        with pytest.raises(PathRefused):
            checked_path(path)

    @pytest.mark.parametrize("path", ["a", "quote/0b1e/documents/ab12.pdf", "exports/x_y-z.zip", "a" * 200])
    def test_takes_plain_relative_paths(self, path: str) -> None:
        assert checked_path(path) == path

    def test_takes_the_longest_path_it_promises(self) -> None:
        path = "/".join(["a" * 127] * 4) + "a"
        assert len(path) == LONGEST_PATH
        assert checked_path(path) == path
