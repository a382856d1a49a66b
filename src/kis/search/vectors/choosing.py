"""The model that the settings name."""

from pathlib import Path

from kis.platform.configuration import SearchSettings
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message
from kis.search.vectors.embedders import Embedder, NoEmbedder, Prefixes


def embedder_of(settings: SearchSettings) -> Embedder:
    """Return the chosen model. Raises BadInput naming every setting it lacks; loads and asks nothing yet."""
    if settings.embeddings == "none":
        return NoEmbedder()
    needed = {"SEARCH_EMBEDDINGS_MODEL": settings.embeddings_model}
    if settings.embeddings == "openai":
        needed["SEARCH_EMBEDDINGS_URL"] = settings.embeddings_url
    missing = Message("configuration.embeddings_need", {"kind": settings.embeddings})
    problems = [Problem(variable, missing) for variable, value in needed.items() if not value.strip()]
    if problems:
        raise BadInput("environment", problems)
    prefixes = Prefixes(query=settings.embeddings_query_prefix, document=settings.embeddings_document_prefix)
    if settings.embeddings == "local":
        from kis.search.vectors.local import LocalEmbedder

        return LocalEmbedder(Path(settings.embeddings_model).expanduser().absolute(), prefixes)
    from kis.search.vectors.endpoint import Endpoint, EndpointEmbedder

    endpoint = Endpoint(
        url=settings.embeddings_url.strip(),
        model=settings.embeddings_model,
        api_key=settings.embeddings_api_key,
        timeout_seconds=settings.embeddings_timeout_seconds,
    )
    return EndpointEmbedder(endpoint, prefixes)
