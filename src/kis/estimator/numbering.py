"""Numbers of quotations: organisation, year, running number, revision (``HB-2026-0042-R1``).

A register in the installation's folder (``<home>/numbers/<organisation>.json``) gives each number once, also to several processes at a time. A
number given out is not taken back: a quotation that was never finished leaves a gap, two quotations never share a number.
"""

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Self

from kis.platform import durable
from kis.platform.errors import KisError, NotFound
from kis.platform.messages import Message

NUMBERS_FOLDER: Final = "numbers"
_FORM: Final = re.compile(
    r"(?P<organisation>[A-Z0-9]{1,8})-(?P<year>20[0-9]{2})-(?P<running>[0-9]{4,7})-R(?P<revision>[0-9]{1,3})"
)


class RegisterUnreadable(KisError):
    """The register of numbers is damaged; a guess could give a number twice."""

    code = "number_register_unreadable"

    def __init__(self, path: Path) -> None:
        super().__init__(Message("numbering.unreadable", {"path": path}))


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotationNumber:
    """A number by its parts. Revision 0 is the first quotation."""

    organisation: str
    year: int
    running: int
    revision: int = 0

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the number written as ``text``. Raises NotFound where it has another form."""
        found = _FORM.fullmatch(text)
        if found is None:
            raise NotFound(Message("numbering.form", {"number": text}))
        return cls(
            organisation=found["organisation"],
            year=int(found["year"]),
            running=int(found["running"]),
            revision=int(found["revision"]),
        )

    @property
    def base(self) -> str:
        """Return what all revisions share."""
        return f"{self.organisation}-{self.year}-{self.running:04d}"

    def __str__(self) -> str:
        return f"{self.base}-R{self.revision}"


class NumberRegister:
    """The numbers an installation has given out."""

    def __init__(self, home: Path) -> None:
        self._folder = home / NUMBERS_FOLDER

    def next_number(self, organisation: str, year: int) -> QuotationNumber:
        """Return the next number of ``year``, and keep that it was given."""
        with self._opened(organisation) as register:
            running = register.running.get(str(year), 0) + 1
            register.running[str(year)] = running
        return QuotationNumber(organisation=organisation, year=year, running=running)

    def next_revision(self, number: QuotationNumber) -> QuotationNumber:
        """Return ``number`` with its next revision, and keep that it was given."""
        with self._opened(number.organisation) as register:
            revision = max(register.revisions.get(number.base, 0), number.revision) + 1
            register.revisions[number.base] = revision
        return replace(number, revision=revision)

    def keep(self, number: QuotationNumber) -> None:
        """Keep that ``number`` was given out by hand, so that it is not given again."""
        with self._opened(number.organisation) as register:
            year = str(number.year)
            register.running[year] = max(register.running.get(year, 0), number.running)
            register.revisions[number.base] = max(register.revisions.get(number.base, 0), number.revision)

    def _opened(self, organisation: str) -> "_Opened":
        durable.make_directory(self._folder)
        return _Opened(self._folder / f"{organisation}.json")


class _Opened:
    """A register under its lock; what was changed is kept when no error came between."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = durable.locked(path.with_suffix(".lock"))
        self.running: dict[str, int] = {}
        self.revisions: dict[str, int] = {}

    def __enter__(self) -> Self:
        self._lock.__enter__()
        try:
            self._read()
        except BaseException:
            self._lock.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        try:
            if kind is None:
                kept = {"running": self.running, "revisions": self.revisions}
                durable.replace(self._path, json.dumps(kept, sort_keys=True).encode())
        finally:
            self._lock.__exit__(None, None, None)

    def _read(self) -> None:
        try:
            kept = json.loads(self._path.read_bytes())
            self.running = {str(year): int(number) for year, number in kept["running"].items()}
            self.revisions = {str(base): int(number) for base, number in kept["revisions"].items()}
        except FileNotFoundError:
            return
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
            raise RegisterUnreadable(self._path) from error
