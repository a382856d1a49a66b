"""The requests of the demo are examples of the repository."""

import pytest

from kis.cli.serving.demonstration import REQUESTS, demo_request
from tools.repository import ROOT


@pytest.mark.parametrize("name", REQUESTS)
def test_demo_requests_are_the_examples_of_the_same_name(name: str) -> None:
    assert demo_request(name) == (ROOT / "examples" / name).read_bytes()
