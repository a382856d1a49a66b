"""Making the documents of a pack again: the recorded request under the recorded library and brand, compared byte for byte."""

from dataclasses import dataclass
from pathlib import Path

from kis.estimator.replay import read_record, rerun
from kis.evidence import sha256_hex
from kis.platform import durable
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message
from kis.platform.spread import Spread, here


@dataclass(frozen=True, slots=True, kw_only=True)
class RebuiltDocument:
    """A document made again. ``agrees`` tells whether it is the recorded one to the byte."""

    path: str
    data: bytes
    agrees: bool

    @property
    def sha256(self) -> str:
        """Return the digest of the new bytes."""
        return sha256_hex(self.data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """All documents of a pack, made again."""

    documents: tuple[RebuiltDocument, ...]

    @property
    def agrees(self) -> bool:
        """Tell whether every document is the recorded one."""
        return all(document.agrees for document in self.documents)

    def write(self, folder: Path) -> None:
        """Write the documents below ``folder``. Raises BadInput naming every file that is there already, and then writes nothing."""
        targets = [(folder / document.path, document) for document in self.documents]
        taken = [path for path, _ in targets if path.exists()]
        if taken:
            raise BadInput(
                str(folder), [Problem(str(path), Message("documents_cli.exists")) for path in taken]
            )
        for path, document in targets:
            durable.make_directory(path.parent)
            durable.write_new(path, document.data)


def rebuild_documents(pack: Path, spread: Spread = here) -> Rebuilt:
    """Return the documents of ``pack`` made again. Raises NotFound for a folder that is no pack, BadInput for damaged recordings."""
    recorded = read_record(pack, "output.json")
    product = rerun(pack, recorded, spread)
    kept = {str(document["path"]): str(document["sha256"]) for document in recorded["documents"]}
    made = [str(document["path"]) for document in product.output["documents"]]
    return Rebuilt(
        documents=tuple(
            RebuiltDocument(
                path=path,
                data=product.files[path],
                agrees=kept.get(path) == sha256_hex(product.files[path]),
            )
            for path in made
        )
    )
