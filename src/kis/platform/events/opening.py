"""The hub an installation's settings ask for."""

from kis.platform.configuration import JobSettings
from kis.platform.database import Database
from kis.platform.events.hub import EventHub
from kis.platform.events.listening import PostgresEventHub


def open_hub(database: Database, settings: JobSettings) -> EventHub:
    """Return a hub, not started: through Redis where one is set, else through PostgreSQL."""
    redis_url = settings.redis_url.get_secret_value()
    if not redis_url:
        return PostgresEventHub(database.url)
    from kis.platform.events.redis import RedisEventHub

    return RedisEventHub(redis_url)
