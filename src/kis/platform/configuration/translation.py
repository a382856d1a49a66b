"""The section of translations."""

from pydantic import Field, SecretStr

from kis.platform.configuration.sections import Section


class TranslationSettings(Section):
    """Who translates articles. Without an address nobody does, and no text leaves the installation; with one they are sent there when somebody asks."""

    url: str = Field(
        "",
        validation_alias="TRANSLATION_URL",
        description="Address of an endpoint that speaks OpenAI's /chat/completions (also Ollama, vLLM, Gemini's), up to and without "
        "/chat/completions, such as https://api.openai.com/v1. Empty: there is no translator.",
    )
    model: str = Field(
        "", validation_alias="TRANSLATION_MODEL", description="Name of the model at the endpoint."
    )
    api_key: SecretStr = Field(
        SecretStr(""),
        validation_alias="TRANSLATION_API_KEY",
        description="Key of the endpoint; empty: none is sent.",
    )
    timeout_seconds: float = Field(
        60.0,
        gt=0,
        le=600,
        validation_alias="TRANSLATION_TIMEOUT_SECONDS",
        description="Longest time a translation may take; who asked for it is waiting.",
    )
