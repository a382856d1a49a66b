"""Every operation of the assistant (threads): who may do it, and a request that does it to a thing of ours. Written by hand, as the others."""

from typing import Final

from tests.factories.security_operations import Operation

ASSISTANT_THREADS: Final[tuple[Operation, ...]] = ()
