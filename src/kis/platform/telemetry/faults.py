"""Unexpected errors: always in the log with their trace id, and at Sentry where an address is set."""

from typing import Any, Final

import structlog

from kis.platform.telemetry.masking import masked

_LOG: Final = structlog.get_logger()
_LEFT_OUT: Final = ("request", "user", "server_name", "breadcrumbs", "modules")


class Sentry:
    """Whether this process sends errors there."""

    is_on: bool = False


def configure_sentry(dsn: str, *, environment: str, release: str) -> None:
    """Send unexpected errors to ``dsn``, without local variables, bodies or persons; nothing where it is empty."""
    if not dsn:
        return
    import sentry_sdk

    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        release=release,
        default_integrations=False,
        auto_enabling_integrations=False,
        include_local_variables=False,
        max_request_body_size="never",
        send_default_pii=False,
        traces_sample_rate=0.0,
        before_send=scrubbed,
    )
    Sentry.is_on = True


def tell_fault(event: str, error: BaseException, **facts: Any) -> None:
    """Log an unexpected error with its traceback, and send it where faults are collected."""
    _LOG.error(event, exc_info=error, **facts)
    if Sentry.is_on:
        import sentry_sdk

        with sentry_sdk.new_scope() as scope:
            for name, value in facts.items():
                scope.set_tag(name, str(value)[:200])
            scope.capture_exception(error)


def scrubbed(event: Any, _hint: Any) -> Any:
    """Return the event of Sentry without persons and secrets."""
    kept = {name: value for name, value in event.items() if name not in _LEFT_OUT}
    return masked(kept, depth=-6)
