"""The documentation says what the program does. The same checks run as ``./kis docs``."""

import pytest

from tools.check_docs import CHECKS


class TestDocumentation:
    @pytest.mark.parametrize("name", CHECKS)
    def test_passes_its_checks(self, name: str) -> None:
        assert CHECKS[name]() == []
