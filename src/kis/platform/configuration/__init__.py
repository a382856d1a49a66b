"""What an installation can be set to: one section per concern, read from the environment, every field described.

The names of the environment variables are the ones operators already know (``DATABASE_URL``, ``REDIS_URL``, ``SIGNED_URL_TTL_SEC``…). The reference
page is made from these classes and compared with them in the tests.
"""

from kis.platform.configuration.assistant import AssistantSettings
from kis.platform.configuration.checks import Finding, Severity, check_settings, refuse_unsafe
from kis.platform.configuration.reference import settings_page
from kis.platform.configuration.search import SearchSettings
from kis.platform.configuration.sections import (
    ApplicationSettings,
    DatabaseSettings,
    EngineSettings,
    Environment,
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
from kis.platform.configuration.translation import TranslationSettings
from kis.platform.configuration.values import shown_values, variables

__all__ = [
    "SECTIONS",
    "ApplicationSettings",
    "AssistantSettings",
    "DatabaseSettings",
    "EngineSettings",
    "Environment",
    "EvidenceSettings",
    "Finding",
    "GatewaySettings",
    "IdentitySettings",
    "JobSettings",
    "LimitSettings",
    "MailSettings",
    "SearchSettings",
    "Settings",
    "Severity",
    "StorageSettings",
    "SupabaseSettings",
    "TelemetrySettings",
    "TranslationSettings",
    "check_settings",
    "load_settings",
    "refuse_unsafe",
    "settings_page",
    "shown_values",
    "variables",
]
