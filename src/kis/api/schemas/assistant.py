"""Shapes of the assistant over HTTP. What a question's stream tells are the messages of the WebSocket."""

from pydantic import Field

from kis.api.schemas.common import TraceIdText, WireModel


class PredictionRequest(WireModel):
    """What stands in the box now."""

    content: str = Field(max_length=200, examples=["td17"])
    limit: int = Field(5, ge=1, le=20, description="Most products.")


class PredictedProductBody(WireModel):
    """A product that may be meant."""

    id: str
    name: str
    brand: str
    thumbnail: str | None
    confidence: float = Field(ge=0, le=1)
    match_text: str


class PredictionBody(WireModel):
    """What it may become, the likeliest first."""

    data: list[PredictedProductBody]
    trace_id: TraceIdText


class AssistantQuestion(WireModel):
    """A question about a product, or about none."""

    product_id: str | None = Field(
        None,
        min_length=1,
        max_length=200,
        description="Without it the question is about no product: the estimator and the knowledge base are asked alone.",
    )
    query: str = Field(min_length=1, max_length=2000)
    image: str | None = Field(
        None,
        max_length=700_000,
        description="A PNG, JPEG, WebP or GIF: base64 or a data URL. Larger ones go over the WebSocket.",
    )
    seq: int | None = Field(
        None,
        ge=0,
        le=2**53 - 1,
        description="The client's own number of this question; comes back as `question_seq` with the answer.",
    )
