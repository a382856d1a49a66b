"""The Celery application of the installation: what ``celery --app kis.worker.app worker`` runs."""

from kis.platform.configuration import load_settings
from kis.platform.telemetry import start_telemetry
from kis.worker.broker import create_celery
from kis.worker.registry import installation_work
from kis.worker.tasks import add_tasks

_settings = load_settings()
start_telemetry(_settings, service="kis-worker")
app = create_celery(_settings.jobs)
add_tasks(app, installation_work, timeout_seconds=_settings.jobs.timeout_seconds)
