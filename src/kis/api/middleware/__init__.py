"""What every request passes, outermost first. Pure ASGI: a request pays for a function call, not for a task of its own.

:class:`Proxies` (uvicorn's) who is really calling · :class:`Observe` trace id, access log, metrics, security headers, errors ·
:class:`Alive` ``/healthz`` · :class:`Hosts` which host names are answered · :class:`Origins` which pages of other origins may call · :class:`Bodies` how much, how deep, how fast
"""

from kis.api.middleware.alive import Alive
from kis.api.middleware.bodies import Bodies
from kis.api.middleware.hosts import Hosts
from kis.api.middleware.observe import Observe
from kis.api.middleware.origins import Origins

__all__ = ["Alive", "Bodies", "Hosts", "Observe", "Origins"]
