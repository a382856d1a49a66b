"""The section of the assistant."""

from typing import Literal

from pydantic import Field, SecretStr

from kis.platform.configuration.sections import Section


class AssistantSettings(Section):
    """How products are predicted, manuals fetched and questions answered. Without a model answers are the manual's own sentences, and no text leaves the installation."""

    anonymous: Literal["on", "off"] = Field(
        "off",
        validation_alias="ASSISTANT_ANONYMOUS",
        description="Whether who is not logged in may type and ask about what everybody may see. Nothing of such conversations is stored.",
    )
    connections: int = Field(
        2000,
        gt=0,
        le=100_000,
        validation_alias="ASSISTANT_CONNECTIONS",
        description="Open WebSockets of one API process at most; the next one is told to come back.",
    )
    connections_per_address: int = Field(
        1000,
        gt=0,
        le=100_000,
        validation_alias="ASSISTANT_CONNECTIONS_PER_ADDRESS",
        description="Open WebSockets from one address at most; whole companies come from one.",
    )
    prefetch_confidence: float = Field(
        0.8,
        gt=0,
        le=1,
        validation_alias="ASSISTANT_PREFETCH_CONFIDENCE",
        description="How sure a prediction must be before its manual is fetched while the user still types.",
    )
    manual_hosts: str = Field(
        "",
        validation_alias="ASSISTANT_MANUAL_HOSTS",
        description="Hosts that manuals may be fetched from, separated by commas; `*.example.com` stands for all below. Empty: any public host.",
    )
    private_hosts: str = Field(
        "",
        validation_alias="ASSISTANT_PRIVATE_HOSTS",
        description="Hosts, with their port, that manuals may be fetched from though their address is private, such as "
        "`manuals.intranet:8080`, separated by commas.",
    )
    manual_bytes: int = Field(
        80_000_000,
        gt=0,
        le=1_000_000_000,
        validation_alias="ASSISTANT_MANUAL_BYTES",
        description="Largest manual that is fetched, unpacked.",
    )
    manual_pages: int = Field(
        3000,
        gt=0,
        le=20_000,
        validation_alias="ASSISTANT_MANUAL_PAGES",
        description="Most pages a manual may have; one with more is not read.",
    )
    manual_timeout_seconds: float = Field(
        30.0,
        gt=0,
        le=600,
        validation_alias="ASSISTANT_MANUAL_TIMEOUT_SECONDS",
        description="Longest time a download may take, all tries together.",
    )
    reading_timeout_seconds: float = Field(
        60.0,
        gt=0,
        le=600,
        validation_alias="ASSISTANT_READING_TIMEOUT_SECONDS",
        description="Longest time a document may be read; then the process that reads it is ended.",
    )
    reading_processes: int = Field(
        2,
        gt=0,
        le=64,
        validation_alias="ASSISTANT_READING_PROCESSES",
        description="Processes that read documents; they start with the API.",
    )
    disk_bytes: int = Field(
        5_000_000_000,
        gt=0,
        validation_alias="ASSISTANT_DISK_BYTES",
        description="What fetched manuals may take on disk; what was not used for longest goes first.",
    )
    memory_bytes: int = Field(
        300_000_000,
        gt=0,
        validation_alias="ASSISTANT_MEMORY_BYTES",
        description="What read manuals may take in the memory of one process; what was not used for longest goes first.",
    )
    model_url: str = Field(
        "",
        validation_alias="ASSISTANT_MODEL_URL",
        description="Address of an endpoint that speaks OpenAI's /chat/completions (also Ollama, vLLM, Gemini's), up to and without "
        "/chat/completions. Empty: answers are sentences of the manual. Questions and passages are sent there.",
    )
    model: str = Field(
        "", validation_alias="ASSISTANT_MODEL", description="Name of the model at the endpoint."
    )
    model_api_key: SecretStr = Field(
        SecretStr(""),
        validation_alias="ASSISTANT_MODEL_API_KEY",
        description="Key of the endpoint; empty: none is sent.",
    )
    model_timeout_seconds: float = Field(
        60.0,
        gt=0,
        le=600,
        validation_alias="ASSISTANT_MODEL_TIMEOUT_SECONDS",
        description="Longest time an answer may take. A third of it at most is waited for the first word; then the manual's own sentences answer.",
    )
    model_tokens: int = Field(
        6000,
        ge=500,
        le=200_000,
        validation_alias="ASSISTANT_MODEL_TOKENS",
        description="Tokens that a question with its passages may have at most, counted as a quarter of the letters, of Korean one each.",
    )
    model_images: Literal["on", "off"] = Field(
        "off",
        validation_alias="ASSISTANT_MODEL_IMAGES",
        description="Whether the model can look at images; else they are left out and the user is told.",
    )
    unsupported: Literal["drop", "mark"] = Field(
        "drop",
        validation_alias="ASSISTANT_UNSUPPORTED",
        description="What becomes of a model's sentence that no passage supports.",
    )
    thread_days: int = Field(
        365,
        gt=0,
        le=3650,
        validation_alias="ASSISTANT_THREAD_DAYS",
        description="Days after which a conversation that nobody continued is deleted.",
    )
