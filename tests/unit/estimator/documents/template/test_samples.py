from pathlib import Path

from tests.factories.templates import SAMPLE_NAMES, SAMPLES
from tools import sample_templates


class TestSamples:
    def test_are_what_their_tool_writes(self, tmp_path: Path) -> None:
        sample_templates.main(tmp_path)
        assert sorted(path.name for path in tmp_path.iterdir()) == sorted(SAMPLE_NAMES)
        for name in SAMPLE_NAMES:
            assert (tmp_path / name).read_bytes() == (SAMPLES / name).read_bytes(), name
