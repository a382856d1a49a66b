"""Where this installation keeps its own things, and which language it speaks; read from the environment when asked."""

import os
import re
from pathlib import Path

from kis.platform.messages import DEFAULT_LOCALE, Locale

_ENGLISH = re.compile(r"en(?![a-z])", re.IGNORECASE)
"""``en``, ``en_US.UTF-8``, ``en-GB``; not ``enm`` or another language whose code begins alike."""


def home() -> Path:
    """Return the folder of the installation's keys and chain heads: ``KIS_HOME``, else the user's data folder.

    The folder need not exist yet; whoever writes there makes it.
    """
    chosen = os.environ.get("KIS_HOME")
    if chosen:
        return Path(chosen).expanduser().absolute()
    from platformdirs import user_data_dir

    return Path(user_data_dir("kis"))


def locale() -> Locale:
    """Return the language to speak: ``KIS_LANG``, else ``LANG``; Korean unless it is clearly English."""
    wanted = os.environ.get("KIS_LANG") or os.environ.get("LANG") or DEFAULT_LOCALE
    return "en" if _ENGLISH.match(wanted) else DEFAULT_LOCALE
