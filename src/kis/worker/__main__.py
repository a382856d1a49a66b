"""``python -m kis.worker``: the worker process that ``kis up`` starts beside the API. It ends when its standard input closes."""

from kis.platform.configuration import load_settings
from kis.platform.telemetry import start_telemetry
from kis.worker.process import leave, run
from kis.worker.registry import installation_work


def main() -> int:
    """Work until whoever started this process is gone or asks it to stop."""
    start_telemetry(load_settings(), service="kis-worker")
    return run(installation_work, is_served=True)


if __name__ == "__main__":
    leave(main())
