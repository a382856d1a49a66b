"""The section of the search."""

from typing import Literal

from pydantic import Field, SecretStr

from kis.platform.configuration.sections import Section


class SearchSettings(Section):
    """How texts are found. Without any of these the search works by terms alone, and needs no model and no network."""

    embeddings: Literal["none", "local", "openai"] = Field(
        "none",
        validation_alias="SEARCH_EMBEDDINGS",
        description="What compares texts by their meaning, beside the terms. none: nothing. local: a sentence-transformers model in a folder of "
        "this machine (an extra: `pip install sentence-transformers`). openai: any endpoint that speaks OpenAI's /embeddings (also Ollama, vLLM, "
        "Gemini's); texts are sent there.",
    )
    embeddings_model: str = Field(
        "",
        validation_alias="SEARCH_EMBEDDINGS_MODEL",
        description="Folder of the model (local) or its name at the endpoint (openai). Another model makes all vectors anew, in the background.",
    )
    embeddings_url: str = Field(
        "",
        validation_alias="SEARCH_EMBEDDINGS_URL",
        description="Address of the endpoint up to and without /embeddings, such as https://api.openai.com/v1.",
    )
    embeddings_api_key: SecretStr = Field(
        SecretStr(""),
        validation_alias="SEARCH_EMBEDDINGS_API_KEY",
        description="Key of the endpoint; empty: none is sent.",
    )
    embeddings_timeout_seconds: float = Field(
        10.0,
        gt=0,
        le=600,
        validation_alias="SEARCH_EMBEDDINGS_TIMEOUT_SECONDS",
        description="Longest time one call of the endpoint may take. A query waits for all its tries together no longer than that and never longer than 2 s, and is "
        "then answered by terms alone.",
    )
    embeddings_query_prefix: str = Field(
        "",
        validation_alias="SEARCH_EMBEDDINGS_QUERY_PREFIX",
        description="What a model wants to stand before a question, such as `query: ` for the E5 models.",
    )
    embeddings_document_prefix: str = Field(
        "",
        validation_alias="SEARCH_EMBEDDINGS_DOCUMENT_PREFIX",
        description="What a model wants to stand before a text, such as `passage: ` for the E5 models.",
    )
    morphemes: Literal["auto", "own", "shared", "off"] = Field(
        "auto",
        validation_alias="SEARCH_MORPHEMES",
        description="Who takes Korean words apart, which needs some 0.4 GB of memory. shared: the one process that `kis up` keeps for all "
        "others. own: each process starts one for itself when it first searches or opens a Korean manual. off: nobody; pairs of characters "
        "serve alone. auto: shared in `kis up` and wherever that is running, else own.",
    )
    cache_entries: int = Field(
        2000,
        ge=0,
        le=100_000,
        validation_alias="SEARCH_CACHE_ENTRIES",
        description="Answers each process keeps until something they could show is changed; 0: none.",
    )
    log: Literal["on", "off"] = Field(
        "on",
        validation_alias="SEARCH_LOG",
        description="Whether searches are noted for the analytics: text, hits, clicks, and who asked as a number that changes daily.",
    )
