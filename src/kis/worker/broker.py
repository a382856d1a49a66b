"""The Celery application: which queues there are at RabbitMQ and how messages are treated.

A message carries the id of a job and nothing else; the truth is the job's row. So whatever the broker does (deliver twice, late, not at all)
costs time and never a result:

- quorum queues: a message survives the loss of a node; publisher confirms: the dispatcher marks a job only after the broker keeps its message;
- acknowledged late, one at a time (prefetch 1), returned to the queue when a process is lost;
- what cannot be understood, or was delivered ``DELIVERY_LIMIT`` times, goes to the dead-letter queue ``kis.jobs.dead``, for people;
- no results at the broker and no retries by Celery: both are in the row.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from amqp import Channel
from amqp.exceptions import AMQPError
from celery import Celery
from kombu import Connection, Exchange, Queue
from kombu.exceptions import KombuError

from kis.platform.configuration import JobSettings
from kis.platform.telemetry.metrics import BROKER_MESSAGES

QUEUE: Final = "kis.jobs"
DEAD_QUEUE: Final = "kis.jobs.dead"
TASK: Final = "kis.run_job"
DELIVERY_LIMIT: Final = 20
"""Far more often than a job is tried: only a message that kills its process before the job is even claimed gets there."""
CONFIRM_SECONDS: Final = 10.0

EXCHANGE: Final = Exchange(QUEUE, type="topic", durable=True)
DEAD_EXCHANGE: Final = Exchange(DEAD_QUEUE, type="direct", durable=True)
JOBS: Final = Queue(
    QUEUE,
    EXCHANGE,
    routing_key=QUEUE,
    queue_arguments={
        "x-queue-type": "quorum",
        "x-delivery-limit": DELIVERY_LIMIT,
        "x-dead-letter-exchange": DEAD_QUEUE,
        "x-dead-letter-routing-key": DEAD_QUEUE,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    },
)
DEAD: Final = Queue(
    DEAD_QUEUE, DEAD_EXCHANGE, routing_key=DEAD_QUEUE, queue_arguments={"x-queue-type": "quorum"}
)


def create_celery(settings: JobSettings) -> Celery:
    """Return the Celery application of an installation, without tasks."""
    celery = Celery("kis", set_as_current=False)
    celery.conf.update(_configuration(settings))
    return celery


def _configuration(settings: JobSettings) -> dict[str, Any]:
    return {
        "broker_url": settings.broker_url.get_secret_value(),
        "broker_transport_options": {"confirm_publish": True},
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        # Celery declares queues for delayed messages whether they are used or not; here a job waits for its time in its row.
        "broker_native_delayed_delivery_queue_type": "classic",
        "task_queues": [JOBS],
        "task_default_queue": QUEUE,
        "task_default_queue_type": "quorum",
        "task_default_exchange": QUEUE,
        "task_default_exchange_type": "topic",
        "task_default_routing_key": QUEUE,
        "task_create_missing_queues": False,
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_acks_on_failure_or_timeout": True,
        "task_ignore_result": True,
        "result_backend": None,
        "worker_prefetch_multiplier": 1,
        "worker_detect_quorum_queues": True,
        "worker_enable_remote_control": False,
        "worker_send_task_events": False,
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
        "worker_cancel_long_running_tasks_on_connection_loss": False,
    }


class Broker:
    """The dispatcher's side of the broker. Its calls block (use it from a thread) and raise ConnectionError when the broker is away."""

    def __init__(self, celery: Celery) -> None:
        self._celery = celery

    def declare(self) -> None:
        """Make sure that the queues are there."""
        with self._connected() as connection:
            for queue in (DEAD, JOBS):
                queue(connection.default_channel).declare()

    def publish(self, job_id: str) -> None:
        """Hand over the id of a job; returns once the broker keeps it. The id is also the message's, for whoever wants to match them."""
        with _broken_means_away():
            self._celery.send_task(
                TASK,
                args=(job_id,),
                task_id=job_id,
                queue=QUEUE,
                retry=False,
                confirm_timeout=CONFIRM_SECONDS,
            )

    def depth(self) -> int:
        """Return how many messages wait to be worked on; what both queues hold is told to the metrics."""
        with self._connected() as connection:
            channel = connection.default_channel
            assert isinstance(channel, Channel), "the broker speaks AMQP"
            counts = {queue: _messages(channel, queue) for queue in (QUEUE, DEAD_QUEUE)}
        for queue, count in counts.items():
            BROKER_MESSAGES.labels(queue).set(count)
        return counts[QUEUE]

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        with _broken_means_away(), self._celery.connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, interval_start=0)
            yield connection


def _messages(channel: Channel, queue: str) -> int:
    declared = channel.queue_declare(queue, passive=True)
    assert declared is not None, "the broker was asked to answer"
    return declared[1]


@contextmanager
def _broken_means_away() -> Iterator[None]:
    try:
        yield
    except (KombuError, AMQPError) as error:
        raise ConnectionError(type(error).__name__) from error
