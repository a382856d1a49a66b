"""All sections together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import ValidationError

from kis.platform.configuration.assistant import AssistantSettings
from kis.platform.configuration.search import SearchSettings
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
    Section,
    StorageSettings,
    SupabaseSettings,
    TelemetrySettings,
)
from kis.platform.configuration.translation import TranslationSettings
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message
from kis.platform.validation import sentence

SECTIONS: Final[Mapping[str, type[Section]]] = {
    "application": ApplicationSettings,
    "database": DatabaseSettings,
    "storage": StorageSettings,
    "evidence": EvidenceSettings,
    "jobs": JobSettings,
    "identity": IdentitySettings,
    "limits": LimitSettings,
    "mail": MailSettings,
    "engine": EngineSettings,
    "search": SearchSettings,
    "translation": TranslationSettings,
    "assistant": AssistantSettings,
    "telemetry": TelemetrySettings,
    "gateway": GatewaySettings,
    "supabase": SupabaseSettings,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of an installation, section by section."""

    application: ApplicationSettings = field(default_factory=ApplicationSettings)
    database: DatabaseSettings = field(default_factory=DatabaseSettings)
    storage: StorageSettings = field(default_factory=StorageSettings)
    evidence: EvidenceSettings = field(default_factory=EvidenceSettings)
    jobs: JobSettings = field(default_factory=JobSettings)
    identity: IdentitySettings = field(default_factory=IdentitySettings)
    limits: LimitSettings = field(default_factory=LimitSettings)
    mail: MailSettings = field(default_factory=MailSettings)
    engine: EngineSettings = field(default_factory=EngineSettings)
    search: SearchSettings = field(default_factory=SearchSettings)
    translation: TranslationSettings = field(default_factory=TranslationSettings)
    assistant: AssistantSettings = field(default_factory=AssistantSettings)
    telemetry: TelemetrySettings = field(default_factory=TelemetrySettings)
    gateway: GatewaySettings = field(default_factory=GatewaySettings)
    supabase: SupabaseSettings = field(default_factory=SupabaseSettings)


def load_settings(**given: Any) -> Settings:
    """Return the settings of the environment, sections named in ``given`` as they are there.

    Raises BadInput naming every variable that cannot be used, without its value: it may be a secret.
    """
    problems: list[Problem] = []
    sections: dict[str, Any] = {}
    for name, section in SECTIONS.items():
        if name in given:
            sections[name] = given[name]
            continue
        try:
            sections[name] = section()
        except ValidationError as error:
            problems.extend(
                Problem(
                    str(fault["loc"][0]) if fault["loc"] else name,
                    Message("configuration.unusable", {"reason": sentence(fault)}),
                )
                for fault in error.errors(include_input=False, include_url=False)
            )
    if problems:
        raise BadInput("environment", problems)
    return Settings(**sections)
