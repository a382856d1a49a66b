"""Is the program alive, and can it work? Alive asks nobody; ready asks everything it needs, each within a deadline."""

from kis.api.health.readiness import Readiness

__all__ = ["Readiness"]
