"""What finds the morphemes of Korean text, wherever it runs: in this process, in another of this machine, or nowhere."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol


class Morpheme(NamedTuple):
    """A morpheme, with its part of speech as the Sejong tag set calls it (NNG, JKS …), and where it stands in the text."""

    form: str
    tag: str
    start: int
    length: int


class Analyzer(Protocol):
    """Finds morphemes. Loading takes seconds and a third of a gigabyte, so there is one a machine, and nobody waits for it."""

    @property
    def is_ready(self) -> bool:
        """Whether :meth:`analyze` would answer now."""
        ...

    async def analyze(
        self, texts: Sequence[str], *, waits: bool = False
    ) -> Sequence[Sequence[Morpheme]] | None:
        """Return the morphemes of each text; None while there is no analyzer: the caller does without. ``waits``: for minutes, and after all others."""
        ...

    async def close(self) -> None:
        """Let go of it."""
        ...


class NoAnalyzer:
    """Where kiwipiepy is not installed, or not wanted."""

    @property
    def is_ready(self) -> bool:
        """Return False."""
        return False

    async def analyze(self, texts: Sequence[str], *, waits: bool = False) -> None:  # noqa: ARG002 - the interface
        """Return None."""
        return

    async def close(self) -> None:
        """Do nothing."""
