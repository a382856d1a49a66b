"""``kis up``: one process that keeps the others running.

The supervisor (this package, in the process of the command) holds the data folder, runs the embedded database, and starts the API and the workers as
processes of their own. It knows neither the API nor the database's tables, so it stays small; the API's process prepares the
installation (schema, storage, catalogue, first administrator) before it serves, and tells how far it is.

    supervisor ── embedded PostgreSQL
        ├─ python -m kis.cli.serving.api_process      the listening socket is the supervisor's: a restart refuses no connection
        ├─ python -m kis.worker  × N                  at low priority
        └─ python -m kis.search.tokens.process        Korean words for all of them, once they serve: nobody waits for it to load

A child that ends is started again, after a pause that grows while it keeps ending. Each child's standard input is held open by the supervisor and ends
with it, however that goes; a child whose standard input ends stops in good order.
"""

from kis.cli.serving.options import ServingOptions, serving_settings
from kis.cli.serving.supervisor import Started, Supervisor

__all__ = ["ServingOptions", "Started", "Supervisor", "serving_settings"]
