"""What must be there before the first request: the schema, the storage, what is shipped, somebody who may log in. All of it may be done again."""

from typing import Final

from kis.application import Application
from kis.cli.serving.reports import DEMO, LINK, Reporter
from kis.platform.configuration import Settings
from kis.platform.embedded import installation
from kis.platform.errors import Conflict
from kis.platform.messages import Message

BACKUPS: Final = "backups"
FIRST_ORGANIZATION: Final = Message("up_cli.first_organization")
FIRST_CODE: Final = "KIS"


class SchemaBehind(Conflict):
    """The database has an older schema, and this start may not change it."""

    code = "schema_behind"


def prepare_schema(settings: Settings, reporter: Reporter) -> None:
    """Bring the schema to this release. A database of others is given only what the release before can work with."""
    from kis.migrations import Kind, pending, push_with_backup

    with installation(settings, may_make=True) as urls:
        waiting = pending(urls.owner)
        if not urls.is_embedded:
            waiting = [revision for revision in waiting if revision.kind is Kind.PRE]
        if not waiting:
            return
        if settings.database.skip_push:
            raise SchemaBehind(Message("up_cli.schema_behind", {"count": len(waiting)}))
        reporter.progress("up_cli.progress.migrating")
        only = None if urls.is_embedded else Kind.PRE
        push_with_backup(urls.owner, settings.application.data / BACKUPS, only)


async def prepare_contents(
    application: Application, reporter: Reporter, *, administrator: str, demo: bool
) -> None:
    """Have storage, catalogue, price books and rulebooks, and a first administrator."""
    reporter.progress("up_cli.progress.storage")
    await application.storage.ensure()
    reporter.progress("up_cli.progress.catalog")
    await application.catalogs.install()
    await application.rulebooks.install()
    link = await application.identity.first_start(FIRST_ORGANIZATION.text(), FIRST_CODE, administrator)
    if link is not None:
        reporter.tell(LINK, email=link.email, url=link.url, token=link.token)
    if demo:
        from kis.cli.serving.demonstration import prepare_demonstration

        reporter.progress("up_cli.progress.demo")
        shown = await prepare_demonstration(application)
        reporter.tell(DEMO, password=shown.password, people=list(shown.people))
