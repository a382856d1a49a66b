"""What somebody decides about an import as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from kis.search import Language


class Conflict(StrEnum):
    """What becomes of an article or a category that is there already."""

    UPDATE = "update"
    """What is different is a new version."""
    SKIP = "skip"
    """It stays as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """How an upload is imported."""

    publish: bool = False
    """Publish also what does not ask for it."""
    category: str | None = None
    """Slug of the category on which new articles hang whose files name none."""
    language: Language | None = None
    """Of texts that do not say theirs; None: as their letters look."""
    conflict: Conflict = Conflict.UPDATE
    is_dry: bool = False
    """Say what would become of each row and write nothing."""
    owner: str | None = None
    """Of new articles; None: whoever imports."""

    def kept(self) -> dict[str, Any]:
        """Return them as their run keeps them."""
        return {
            "publish": self.publish,
            "category": self.category,
            "language": None if self.language is None else self.language.value,
            "conflict": self.conflict.value,
            "dry_run": self.is_dry,
            "owner": self.owner,
        }


AS_IT_COMES: Final = ImportOptions()


def options_of(kept: Mapping[str, Any]) -> ImportOptions:
    """Return the options that a run keeps."""
    language = kept["language"]
    return ImportOptions(
        publish=kept["publish"],
        category=kept["category"],
        language=None if language is None else Language(language),
        conflict=Conflict(kept["conflict"]),
        is_dry=kept["dry_run"],
        owner=kept["owner"],
    )
