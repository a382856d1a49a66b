"""Live events: a wake-up for whoever waits on a topic, in any process.

``await hub.announce(session, "quote:1")`` belongs to the caller's transaction: listeners are woken when it commits, never before and never
for one that is rolled back. A wake-up carries nothing but its topic and is a hint, not the fact: what happened is in the rows, and a listener
reads them after each wake-up and also when none comes for a while. So nothing is lost when a process was away while others spoke.

    async with hub.subscribe("quote:1") as subscription:
        while not finished:
            ...read the rows that are new...
            await subscription.wait(15.0)

PostgreSQL's LISTEN is one way to hear (one connection per process); Redis the other, for many API processes or a pooler that cannot LISTEN
(``kis.platform.events.redis``, loaded where one is set).
"""

from kis.platform.events.hub import CHANNEL, EventHub, Subscription, announce
from kis.platform.events.listening import PostgresEventHub
from kis.platform.events.opening import open_hub

__all__ = [
    "CHANNEL",
    "EventHub",
    "PostgresEventHub",
    "Subscription",
    "announce",
    "open_hub",
]
