"""``kis mcp``: the gateway for agents on standard input and output."""

import asyncio
from pathlib import Path

import click

from kis.cli.declare import command, option
from kis.cli.exit_codes import DONE
from kis.cli.session import current_session


@command("mcp", help_key="mcp_cli.help")
@option("--organization", metavar="CODE", help_key="mcp_cli.organization")
@option(
    "--policies",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help_key="mcp_cli.policies",
)
def mcp(*, organization: str | None, policies: Path | None) -> int:
    """Answer an agent until it goes."""
    from kis.mcp import serve_stdio
    from kis.platform.configuration import load_settings
    from kis.platform.telemetry import configure_logs

    settings = load_settings()
    configure_logs(settings.telemetry.log_level)
    locale = current_session().locale
    asyncio.run(serve_stdio(settings, locale, organization=organization, policies=policies))
    return DONE
