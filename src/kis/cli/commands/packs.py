"""Evidence packs as people name them on the command line, and what a pack may print.

A pack can be anybody's: nothing of it reaches the terminal unless it is printable.
"""

from pathlib import Path
from typing import Any, Final

from kis.cli.commands.quote import DEFAULT_OUT, EVIDENCE_FOLDER
from kis.cli.help import wrap
from kis.cli.output import console
from kis.platform.errors import BadInput, NotFound, Problem
from kis.platform.messages import Message

EVIDENCE_ROOT: Final = Path(DEFAULT_OUT) / EVIDENCE_FOLDER
"""Where ``kis quote`` leaves its packs unless told otherwise."""

SUMS: Final = "SHA256SUMS"
PACK_FILES: Final = (SUMS, "attestation.dsse.json", "chain.json", "output.json")
"""A folder that holds none of these is no pack, damaged or not."""
RULEBOOK: Final = "library/rulebook.yaml"

SHAPE_FAULT: Final = "pack_checks.shape."
"""How the messages begin that say a file of a pack cannot be read as what it should be."""


def find_pack(given: str) -> Path:
    """Return the folder of the pack named by its path, or by its trace id below :data:`EVIDENCE_ROOT`. Raises NotFound."""
    for folder in (Path(given), EVIDENCE_ROOT / given):
        if folder.is_dir():
            if any((folder / name).exists() for name in PACK_FILES):
                return folder
            raise NotFound(Message("evidence_cli.not_a_pack", {"path": printable(folder)}))
    raise NotFound(Message("evidence_cli.no_pack", {"given": printable(given), "root": EVIDENCE_ROOT}))


def read_result(pack: Path) -> dict[str, Any]:
    """Return output.json of a pack whose records can be read; whether its figures hold is for ``verify`` to say. Raises NotFound, BadInput."""
    from kis.estimator import check_pack, read_record

    output = read_record(pack, "output.json")
    findings = [finding for finding in check_pack(pack) if finding.message.key.startswith(SHAPE_FAULT)]
    if findings:
        raise BadInput(str(pack), [Problem(finding.path, finding.message) for finding in findings])
    return output


def printable(value: object) -> str:
    """Return ``value`` as text in which every control character is a replacement character."""
    return "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in str(value)
    )


def indented(text: str, columns: int) -> str:
    """Return ``text`` broken into lines for the terminal, each set in by ``columns``."""
    return "\n".join(" " * columns + line for line in wrap(text, console().width - columns))
