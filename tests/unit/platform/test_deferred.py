"""Names that are imported when they are asked for: all of them come, and nothing else comes with them."""

import subprocess
import sys
from importlib import import_module

import pytest

DEFERRED = ("kis.assistant", "kis.assistant.manuals", "kis.search")
HEAVY = ("fastapi", "httpx2", "jwt", "kis.identity", "pydantic", "redis", "sqlalchemy")


@pytest.mark.parametrize("package", DEFERRED)
def test_every_public_name_comes(package: str) -> None:
    program = f"import {package} as it; missing = [each for each in it.__all__ if not hasattr(it, each)]; assert not missing, missing"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("package", DEFERRED)
def test_a_name_that_is_none_is_none(package: str) -> None:
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        import_module(package).Nothing  # noqa: B018 - asking for it is what is tested


def test_the_process_that_reads_documents_loads_what_it_reads_with_and_no_more() -> None:
    """It is started in the middle of somebody's question, and there are several."""
    program = (
        "import sys, kis.assistant.manuals.reading_process, kis.assistant.reading; "
        f"loaded = [each for each in {HEAVY} if each in sys.modules]; assert not loaded, loaded"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
