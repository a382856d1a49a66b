"""Logs: one JSON line an event on standard error, readable lines where a person watches.

    log = structlog.get_logger()
    log.info("job.claimed", job_id=str(job.id), attempt=2)

The event is a static English name, its data are keywords. Every line has the trace id of what was being done; secrets are masked. Lines of the
libraries (uvicorn, SQLAlchemy, Celery) go the same way.
"""

import io
import logging
import sys
from typing import Any, Final, TextIO, cast

import orjson
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from kis.platform.telemetry.masking import masked_item, masked_text
from kis.platform.telemetry.trace import current_trace_id

QUIETER: Final = {
    "alembic": logging.WARNING,
    "asyncio": logging.WARNING,
    "celery.app.trace": logging.WARNING,
    "ezdxf": logging.WARNING,
    "httpcore2": logging.WARNING,
    "httpx2": logging.WARNING,
    "kombu": logging.WARNING,
    "mcp": logging.WARNING,
    "opentelemetry": logging.ERROR,
    "sqlalchemy.engine": logging.WARNING,
    "urllib3": logging.WARNING,
    "uvicorn.access": logging.CRITICAL,  # our own line says more
}
"""Libraries that tell too much at the level of the program."""


class _StandardError(io.TextIOBase):
    """What is standard error at the time of writing: who exchanges it for a while and closes it silences nobody afterwards."""

    def write(self, text: str, /) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()

    def isatty(self) -> bool:
        return sys.stderr.isatty()


STANDARD_ERROR: Final = cast("TextIO", _StandardError())


def configure_little() -> None:
    """Until a face says how to log: warnings and worse, on standard error, where they mix with no result."""
    if not structlog.is_configured():
        structlog.configure(
            processors=[
                structlog.contextvars.merge_contextvars,
                *_shared(),
                *_rendering(structured=True),
                _renderer(),
            ],
            wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
            logger_factory=structlog.WriteLoggerFactory(STANDARD_ERROR),
            cache_logger_on_first_use=False,
        )


def configure_logs(level: str = "INFO", *, stream: TextIO | None = None, as_json: bool | None = None) -> None:
    """Send every log line of this process to ``stream`` (standard error), as JSON unless a terminal reads it. May be called again."""
    target = stream or STANDARD_ERROR
    structured = not target.isatty() if as_json is None else as_json
    render: Processor = _renderer() if structured else _for_people(target)
    number = logging.getLevelNamesMapping()[level]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            *_shared(),
            *_rendering(structured=structured),
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(target),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(target)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, structlog.stdlib.ExtraAdder(), *_shared()],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_rendering(structured=structured),
                render,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(number)
    for name, least in QUIETER.items():
        logging.getLogger(name).setLevel(max(least, number))
    for name in ("uvicorn", "uvicorn.error", "celery"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True


def _shared() -> list[Processor]:
    return [
        structlog.processors.add_log_level,
        _add_trace_id,
        structlog.processors.TimeStamper("iso", key="ts"),
    ]


def _rendering(*, structured: bool) -> list[Processor]:
    return [structlog.processors.format_exc_info, _mask] if structured else [_mask]


def _add_trace_id(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    trace_id = current_trace_id()
    if trace_id:
        event.setdefault("trace_id", trace_id)
    return event


def _mask(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    for name, value in event.items():
        if name != "exc_info":
            event[name] = masked_item(name, value)
    return event


def _renderer() -> Processor:
    return structlog.processors.JSONRenderer(_json)


def _json(value: Any, **_options: Any) -> str:
    line = orjson.dumps(value, default=lambda other: masked_text(str(other)), option=orjson.OPT_NON_STR_KEYS)
    return line.decode("utf-8", "backslashreplace")


def _for_people(target: TextIO) -> Processor:
    return structlog.dev.ConsoleRenderer(
        colors=target.isatty(),
        timestamp_key="ts",
        exception_formatter=structlog.dev.plain_traceback,  # others show local variables, and with them secrets
    )
