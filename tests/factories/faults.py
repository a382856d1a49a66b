"""Deaths in the life of a quotation, at named points (``kis.platform.crossing``) and at random moments, and what was lost by each.

Each death has a quotation of its own. Afterwards the database is asked: made once, one pack, its events without a gap.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from kis.platform.crossing import POINTS
from tests.factories.installation import MAILED, Installation, Mails, installation

VICTIMS: Final = {"worker": 4, "api": 3, "database": 2, "everything": 1}
"""Who is killed, and how often in ten."""
ARMED_LATER: Final = frozenset({"event.written"})
"""Passed by the API too: armed after the acceptance, so that the worker dies there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One death and what became of the quotation that was on its way."""

    victim: str
    moment: str
    tries: int
    seconds: float
    """From the acceptance being asked for to the finished quotation."""
    findings: tuple[str, ...]

    @property
    def lost(self) -> str:
        """What was lost, in words."""
        return "; ".join(self.findings) or "nothing"


def undisturbed(installed: Installation) -> Row:
    """Make one quotation with nobody dying: how long its life is."""
    begun = time.monotonic()
    quote_id = installed.accept(str(uuid4()))
    installed.finished(quote_id)
    return _row(installed, quote_id, "nobody", "", time.monotonic() - begun)


def named_deaths(installed: Installation) -> Iterator[Row]:
    """Let a process die at each named point of a quotation's life, one quotation for each."""
    for point in POINTS:
        if point == MAILED and not installed.broker_url:
            continue  # without a broker this is where a mail leaves: see below
        installed.settled()
        begun = time.monotonic()
        if point in ARMED_LATER:
            last = installed.accept(str(uuid4()))
            installed.arm(point)
        else:
            installed.arm(point)
            last = installed.accept(str(uuid4()))
        installed.died(point)
        installed.finished(last)
        yield _row(installed, last, installed.who(point), point, time.monotonic() - begun)


def death_while_mailing(installed: Installation) -> str:
    """Let the worker die between giving a mail to the server and noting that it did; return the quotation that was sent."""
    quote_id = installed.accept(str(uuid4()))
    installed.finished(quote_id)
    installed.settled()
    installed.arm(MAILED)
    installed.send(quote_id)
    installed.died(MAILED)
    return quote_id


def mailed_again(installed: Installation, quote_id: str, mails: Mails, begun: float) -> Row:
    """Wait until the mail whose sender died has come again, saying that it is the same."""
    mails.wait_for(2)
    row = _row(installed, quote_id, "worker", MAILED, time.monotonic() - begun)
    same = len(set(mails.ids)) == 1
    return row if same else replace(row, findings=(*row.findings, f"mails of different ids: {mails.ids}"))


def random_deaths(installed: Installation, *, seed: int, moments: int, life_seconds: float) -> Iterator[Row]:
    """Kill somebody at ``moments`` random moments, each in the life of a quotation of its own."""
    chance = random.Random(seed)  # noqa: S311 - a seed makes the run the same again
    for _ in range(moments):
        victim = chance.choices(list(VICTIMS), list(VICTIMS.values()))[0]
        yield _random_death(installed, victim, chance.uniform(0.0, 1.2 * life_seconds))


def _random_death(installed: Installation, victim: str, delay_seconds: float) -> Row:
    installed.settled()
    key = str(uuid4())
    begun = time.monotonic()
    asking = threading.Thread(target=installed.accept, args=(key,))
    asking.start()
    time.sleep(delay_seconds)
    phase = _phase(installed, key)
    installed.kill(victim)
    asking.join()
    quote_id = installed.accepted[key]
    installed.finished(quote_id)
    return _row(
        installed,
        quote_id,
        victim,
        f"{delay_seconds * 1000:.0f} ms, {phase}",
        time.monotonic() - begun,
    )


def _phase(installed: Installation, key: str) -> str:
    """Tell how far the quotation is just before the death."""
    quote_id = installed.accepted.get(key)
    return "being accepted" if quote_id is None else str(installed.examined(quote_id)["status"])


def _row(installed: Installation, quote_id: str, victim: str, moment: str, seconds: float) -> Row:
    return Row(
        victim=victim,
        moment=moment,
        tries=installed.examined(quote_id)["attempts"],
        seconds=seconds,
        findings=installed.findings(quote_id),
    )


TABLE_HEAD: Final = "| killed | when | tries | done after | lost |\n| --- | --- | --- | --- | --- |"


def line_of(row: Row) -> str:
    """Return a row as a line of a table of Markdown."""
    return f"| {row.victim} | {row.moment} | {row.tries} | {row.seconds:.1f} s | {row.lost} |"


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a table of Markdown."""
    return "\n".join([TABLE_HEAD, *map(line_of, rows)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All deaths of a run and what the installation holds at the end."""

    life_seconds: float
    rows: tuple[Row, ...]
    accepted: int
    quotes: int
    packs: int
    unfinished: int
    audit: Mapping[str, Any]


def run(
    folder: Path,
    *,
    seed: int,
    moments: int,
    broker_url: str = "",
    tell: Callable[[Row], object] = lambda _: None,
) -> Report:
    """Let processes die at every named point and at ``moments`` random ones; ``tell`` hears of each."""
    with Mails() as mails, installation(folder, broker_url, **mails.environment) as installed:
        rows: list[Row] = []

        def take(row: Row) -> None:
            rows.append(row)
            tell(row)

        for _ in range(2):
            take(undisturbed(installed))
        life_seconds = rows[-1].seconds  # the first one also warms up
        for row in named_deaths(installed):
            take(row)
        begun = time.monotonic()
        mailed = "" if broker_url else death_while_mailing(installed)
        for row in random_deaths(installed, seed=seed, moments=moments, life_seconds=life_seconds):
            take(row)
        if mailed:
            take(mailed_again(installed, mailed, mails, begun))
        quotes, packs, unfinished = installed.totals()
        return Report(
            life_seconds=life_seconds,
            rows=tuple(rows),
            accepted=len(set(installed.accepted.values())),
            quotes=quotes,
            packs=packs,
            unfinished=unfinished,
            audit=installed.audit(),
        )
