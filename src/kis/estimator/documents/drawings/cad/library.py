"""ezdxf as this program uses it: its work depends on the drawing, not on the machine."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

NO_FONTS: Final = {"version": 2, "font-faces": []}
"""ezdxf's list of the fonts of a machine (fonts/font_manager.py), empty: a drawing names its fonts, and nothing here measures them."""


@cache
def load() -> None:
    """Import ezdxf and have it write the same dates and marks every time.

    Left alone, the import opens every font of the machine, keeps a list of them in the user's home, and fails where there is none.
    """
    if "ezdxf" not in sys.modules:
        with _empty_home():
            import_module("ezdxf")
    from ezdxf._options import options

    options.write_fixed_meta_data_for_testing = True


@contextmanager
def _empty_home() -> Iterator[None]:
    """Let ezdxf find its folder in an empty place; only what is imported meanwhile sees it."""
    names = ("XDG_CACHE_HOME", "XDG_CONFIG_HOME")
    before = {name: os.environ.get(name) for name in names}
    with TemporaryDirectory() as home:
        own = Path(home, "ezdxf")
        own.mkdir()
        (own / "font_manager_cache.json").write_text(json.dumps(NO_FONTS), encoding="utf-8")
        os.environ.update(dict.fromkeys(names, home))
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value
