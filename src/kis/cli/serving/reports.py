"""What the API's process tells the supervisor: one JSON object a line, through a pipe that holds nothing else."""

import json
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from kis.platform.errors import KisError
from kis.platform.messages import DEFAULT_LOCALE, LOCALES, Locale, Message

PROGRESS: Final = "progress"
LINK: Final = "link"
DEMO: Final = "demo"
READY: Final = "ready"
FAILED: Final = "failed"


@dataclass(frozen=True, slots=True)
class _Said(Message):
    """A sentence another process has rendered in every language."""

    texts: Mapping[str, str] = field(default_factory=dict)

    def text(self, locale: Locale = DEFAULT_LOCALE) -> str:
        """Return it."""
        return self.texts[locale]


class StartFailed(KisError):
    """The API could not start; its own words say why."""

    code = "start_failed"
    status_code = 503

    def __init__(self, code: str, texts: Mapping[str, str]) -> None:
        super().__init__(Message("up_cli.failed", {"reason": _Said(code, texts=texts)}), reason=code)


@dataclass(frozen=True, slots=True)
class Report:
    """One line: its kind, and its facts."""

    kind: str
    facts: Mapping[str, Any]


class Reporter:
    """The writing end."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def progress(self, key: str) -> None:
        """Tell what is being done now: a message without values."""
        self.tell(PROGRESS, key=key)

    def failed(self, error: Exception) -> None:
        """Tell why there will be nothing to serve."""
        if isinstance(error, KisError):
            self.tell(FAILED, code=error.code, texts={locale: error.text(locale) for locale in LOCALES})
            return
        name = type(error).__name__
        self.tell(FAILED, code="broken", texts=dict.fromkeys(LOCALES, f"{name}: {error}"))

    def tell(self, kind: str, **facts: Any) -> None:
        """Write one line; a supervisor that is gone hears nothing."""
        line = json.dumps({"kind": kind, **facts}, ensure_ascii=False).encode() + b"\n"
        try:
            os.write(self._descriptor, line)
        except BrokenPipeError:
            return


def read_reports(descriptor: int, act: Callable[[Report], None]) -> threading.Thread:
    """Call ``act`` with each report, in a thread, until the writing end is closed."""

    def read() -> None:
        with os.fdopen(descriptor, encoding="utf-8") as lines:
            for line in lines:
                facts = json.loads(line)
                act(Report(facts.pop("kind"), facts))

    thread = threading.Thread(target=read, name="up.reports", daemon=True)
    thread.start()
    return thread
