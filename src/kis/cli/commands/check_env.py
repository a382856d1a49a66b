"""``kis check-env``: what is missing or unsafe in the settings, before anything is started with them."""

import os
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from kis.cli.declare import command, json_option, option
from kis.cli.exit_codes import BAD_REQUEST, DONE
from kis.cli.output import console, print_json, say, table
from kis.cli.session import current_session
from kis.platform.errors import BadInput
from kis.platform.messages import Message

if TYPE_CHECKING:
    from kis.platform.configuration import Finding, Settings

ENVIRONMENTS = ("development", "staging", "production")


@command("check-env", help_key="check_env_cli.help")
@option("--environment", type=click.Choice(ENVIRONMENTS), help_key="check_env_cli.environment")
@json_option
def check_env(*, environment: str | None, as_json: bool) -> int:
    """List what is missing or unsafe; 2 when something must be mended first."""
    from kis.platform.configuration import Finding, Severity, check_settings

    settings, environment_name = None, environment or os.environ.get("APP_ENV", ENVIRONMENTS[0])
    try:
        settings = _settings(environment)
        environment_name = settings.application.environment.value
        findings = check_settings(settings, os.environ)
    except BadInput as refused:
        findings = [Finding(Severity.ERROR, each.path, each.message) for each in refused.problems]
    if as_json:
        _print(environment_name, settings, findings)
    else:
        _show(environment_name, findings)
    return BAD_REQUEST if any(finding.severity is Severity.ERROR for finding in findings) else DONE


def _settings(environment: str | None) -> "Settings":
    from kis.platform.configuration import Environment, load_settings

    settings = load_settings()
    if environment is None:
        return settings
    named = settings.application.model_copy(update={"environment": Environment(environment)})
    return replace(settings, application=named)


def _print(environment: str, settings: "Settings | None", findings: "Sequence[Finding]") -> None:
    from kis.platform.configuration import Severity, shown_values

    session = current_session()
    print_json(
        {
            "environment": environment,
            "ok": not any(finding.severity is Severity.ERROR for finding in findings),
            "findings": [
                {
                    "severity": finding.severity.value,
                    "variable": finding.variable,
                    "message": session.text(finding.message),
                }
                for finding in findings
            ],
            "settings": shown_values(settings) if settings is not None else None,
        }
    )


def _show(environment: str, findings: "Sequence[Finding]") -> None:
    if not findings:
        say(Message("check_env_cli.good", {"environment": environment}))
        return
    session = current_session()
    rows = table(*(Message(f"check_env_cli.column.{name}") for name in ("severity", "variable", "message")))
    for finding in findings:
        kind = session.text(Message(f"check_env_cli.severity.{finding.severity.value}"))
        rows.add_row(kind, finding.variable, session.text(finding.message))
    console().print(rows)
    errors = sum(finding.severity.value == "error" for finding in findings)
    counts = {"environment": environment, "errors": errors, "warnings": len(findings) - errors}
    say(Message("check_env_cli.found", counts))
