"""Reading a brand: its file, and the pictures, fonts and template beside it. The bytes are kept, so that a pack can hold them."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from kis.estimator.documents.brand.schema import (
    COLOUR_FORM,
    FILE_NAME_FORM,
    ORGANISATION_FORM,
    REGISTRATION_FORM,
    BrandFile,
)
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message

BRAND_FILE: Final = "brand.yaml"
LARGEST_FILE_BYTES: Final = 8 * 2**20
LARGEST_YAML_BYTES: Final = 256 * 2**10
MOST_PROBLEMS: Final = 100
PICTURE_TYPES: Final = {"svg": b"<", "png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff"}


_FAULTS: Final = {
    "missing": "missing",
    "extra_forbidden": "unknown",
    "string_pattern_mismatch": "form",
    "literal_error": "choice",
    "string_too_short": "empty",
    "string_too_long": "long",
    "too_long": "many",
    "value_error": "check_digit",
    "model_type": "block",
    "model_attributes_type": "block",
    "tuple_type": "list",
    "string_type": "text",
    "bool_type": "truth",
    "bool_parsing": "truth",
    "greater_than_equal": "least",
    "less_than_equal": "most",
}
"""The faults of a field that the message catalogue words; any other is shown as the reader of the file names it."""


_EXAMPLES: Final = {
    COLOUR_FORM: "#1f3a5f",
    REGISTRATION_FORM: "123-45-67891",
    FILE_NAME_FORM: "logo.svg",
    ORGANISATION_FORM: "HB",
}
"""Forms are told by an example."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """A brand with everything it needs: the file's content, and the bytes of all its files by name (``brand.yaml`` among them)."""

    file: BrandFile
    files: Mapping[str, bytes]

    @property
    def logo(self) -> bytes | None:
        """Return the logo's bytes (SVG, PNG or JPEG), None where there is none."""
        return None if self.file.logo is None else self.files[self.file.logo]

    @property
    def seal(self) -> bytes | None:
        """Return the seal's bytes, None where there is none."""
        return None if self.file.seal is None else self.files[self.file.seal]

    @property
    def template(self) -> bytes | None:
        """Return the company's own workbook template, None where it uses that of KIS."""
        return None if self.file.template is None else self.files[self.file.template]


def load_brand(path: Path | None = None) -> Brand:
    """Return the brand in the file or folder at ``path`` (a folder holds ``brand.yaml``), without a path the illustrative one that comes with KIS.

    Raises BadInput with every fault at once: fields, missing or oversized files, pictures that are none.
    """
    if path is None:
        shipped = files("kis.estimator.documents.brand") / "data"
        found = {entry.name: entry.read_bytes() for entry in shipped.iterdir() if entry.is_file()}
        return read_brand(found, BRAND_FILE)
    folder, name = (path, BRAND_FILE) if path.is_dir() else (path.parent, path.name)
    beside = _Folder(folder)
    return read_brand(beside, name)


def read_brand(found: Mapping[str, bytes], name: str = BRAND_FILE) -> Brand:
    """Return the brand whose files are ``found`` by name. Raises BadInput as :func:`load_brand`."""
    import yaml

    if name not in found:
        raise BadInput(name, [Problem("", Message("brand.not_found", {"file": name}))])
    if len(found[name]) > LARGEST_YAML_BYTES:
        too_large = Message("brand.yaml_large", {"file": name, "limit": LARGEST_YAML_BYTES // 2**10})
        raise BadInput(name, [Problem("", too_large)])
    try:
        given = yaml.safe_load(io.BytesIO(found[name]))
    except (
        yaml.YAMLError,
        ValueError,
        RecursionError,
    ) as error:  # also dates that are none, and endless nesting
        raise BadInput(name, [Problem("", Message("brand.no_yaml", {"reason": str(error)}))]) from error
    try:
        brand = BrandFile.model_validate(given)
    except ValidationError as error:
        raise BadInput(name, [_problem(fault) for fault in error.errors()[:MOST_PROBLEMS]]) from error
    wanted = (("logo", brand.logo), ("seal", brand.seal), ("template", brand.template))
    named = [(field, file) for field, file in wanted if file is not None]
    named += [(f"fonts.files[{index}]", file) for index, file in enumerate(brand.fonts.files)]
    problems = [problem for field, file in named for problem in _file_problems(field, file, found)]
    if problems:
        raise BadInput(name, problems)
    kept = {BRAND_FILE: found[name]} | {file: found[file] for _, file in named}
    return Brand(file=brand, files=kept)


def _problem(fault: Any) -> Problem:
    where = ".".join(str(step) for step in fault["loc"])
    kind = str(fault["type"])
    key = _FAULTS.get(kind, "other")
    context = {**fault.get("ctx", {}), "reason": fault["msg"]}
    context["expected"] = str(context.get("expected", "")).replace(" or ", ", ")
    context["example"] = _EXAMPLES.get(str(context.get("pattern", "")), "")
    context["bound"] = context.get("ge", context.get("le"))
    return Problem(where, Message(f"brand.fault.{key}", context))


def _file_problems(field: str, file: str, found: Mapping[str, bytes]) -> list[Problem]:
    if file not in found:
        return [Problem(field, Message("brand.file_missing", {"file": file}))]
    data = found[file]
    if len(data) > LARGEST_FILE_BYTES:
        return [
            Problem(field, Message("brand.file_large", {"file": file, "limit": LARGEST_FILE_BYTES // 2**20}))
        ]
    if field in ("logo", "seal"):
        start = PICTURE_TYPES.get(file.rpartition(".")[2].lower())
        if start is None or not data.lstrip().startswith(start):
            return [Problem(field, Message("brand.no_picture", {"file": file}))]
    return []


class _Folder(Mapping[str, bytes]):
    """The files of a folder by name, read when they are asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __getitem__(self, name: str) -> bytes:
        path = self._folder / name
        if not path.is_file():
            raise KeyError(name)
        with path.open("rb") as file:
            return file.read(LARGEST_FILE_BYTES + 1)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and (self._folder / name).is_file()

    def __iter__(self) -> Any:
        return (entry.name for entry in sorted(self._folder.iterdir()) if entry.is_file())

    def __len__(self) -> int:
        return sum(1 for _ in self)
