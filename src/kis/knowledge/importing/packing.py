"""A file or folder of this machine as an upload. The same folder is the same bytes."""

import os
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from kis.knowledge.importing.uploads import MOST_FILES, MOST_UNPACKED_BYTES, refused

_DATE = (1980, 1, 1, 0, 0, 0)


def packed(path: Path) -> tuple[str, bytes]:
    """Return the name and the bytes to be imported: a file as it is, a folder as a ZIP. Links are not followed. Raises BadInput."""
    try:
        if path.is_file():
            return path.name, path.read_bytes()
        if not path.is_dir():
            raise refused(str(path), "not_there", path=path)
        output = BytesIO()
        size = 0
        with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for number, file in enumerate(sorted(_files(path)), start=1):
                size += file.stat().st_size
                if number > MOST_FILES:
                    raise refused(str(path), "files", most=MOST_FILES)
                if size > MOST_UNPACKED_BYTES:
                    raise refused(str(path), "bomb", most=MOST_UNPACKED_BYTES // 2**20)
                info = zipfile.ZipInfo(file.relative_to(path).as_posix(), _DATE)
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, file.read_bytes())
    except OSError as error:
        raise refused(str(path), "not_there", path=error.filename or path) from error
    return f"{path.resolve().name}.zip", output.getvalue()


def _files(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            file = Path(parent, name)
            if not name.startswith(".") and not file.is_symlink():
                yield file
