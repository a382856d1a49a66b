"""What an installation can be set to: one section per concern, read from the environment, every field described.

The names of the environment variables are the ones operators already know (``DATABASE_URL``, ``REDIS_URL``, ``SIGNED_URL_TTL_SEC``…). The reference
page is made from these classes and compared with them in the tests.
"""

from kis.platform.configuration.sections import (
    ApplicationSettings,
    DatabaseSettings,
    EngineSettings,
    EvidenceSettings,
    GatewaySettings,
    IdentitySettings,
    JobSettings,
    LimitSettings,
    MailSettings,
    StorageSettings,
    SupabaseSettings,
    TelemetrySettings,
)
from kis.platform.configuration.settings import SECTIONS, Settings, load_settings

__all__ = [
    "SECTIONS",
    "ApplicationSettings",
    "DatabaseSettings",
    "EngineSettings",
    "EvidenceSettings",
    "GatewaySettings",
    "IdentitySettings",
    "JobSettings",
    "LimitSettings",
    "MailSettings",
    "Settings",
    "StorageSettings",
    "SupabaseSettings",
    "TelemetrySettings",
    "load_settings",
]
