"""The processes that do the work: jobs, what waits in the outbox, housekeeping.

``python -m kis.worker`` is the worker process that stands beside the API, or alone with ``kis worker``. With ``kis worker --celery`` the jobs
come through RabbitMQ: a carrier process hands their ids to the broker and Celery's processes run them. Both run the same code of
``kis.platform.jobs``; what they do is said by one :class:`~kis.worker.work.Work`.
"""
