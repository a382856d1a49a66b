"""What must leave the program (a mail, a call to another system) once, and only if the transaction that asked for it is kept.

``post(session, topic=…, payload=…)`` writes a row with the rest of the transaction; a :class:`Relay` gives it to the handler of its topic
afterwards, again and later each time when that fails. *At least* once: a process may die between the sending and the note that it was sent.
A receiver that must not hear twice looks at ``Delivery.message_id``, which stays the same.
"""

from kis.platform.outbox.posting import TOPIC, post
from kis.platform.outbox.relay import Delivery, Relay, TopicHandler

__all__ = ["TOPIC", "Delivery", "Relay", "TopicHandler", "post"]
