"""Where the parts of a quotation are found."""

from uuid import UUID


def links_of(quote_id: UUID | str, trace_id: str) -> dict[str, str]:
    """Return the addresses of a quotation and what belongs to it."""
    return {
        "self": f"/v1/estimate/{quote_id}",
        "stream": f"/v1/estimate/stream?quoteId={quote_id}",
        "documents": f"/v1/documents?quoteId={quote_id}",
        "evidence": f"/v1/evidence/{trace_id}",
    }
