"""Packages whose public names are imported when they are first asked for, so that who needs one of them does not load what all of them need.

A package that is read by processes of their own says where its names are::

    if TYPE_CHECKING:
        from kis.search.things import Language
    else:
        __getattr__ = deferred(__name__, {"things": ("Language",)})
"""

import sys
from collections.abc import Callable, Mapping
from importlib import import_module


def deferred(package: str, places: Mapping[str, tuple[str, ...]]) -> Callable[[str], object]:
    """Return the ``__getattr__`` of a package whose names are in these modules of it."""
    modules = {name: f"{package}.{module}" for module, names in places.items() for name in names}

    def found(name: str) -> object:
        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value: object = getattr(import_module(modules[name]), name)
        setattr(sys.modules[package], name, value)
        return value

    return found
