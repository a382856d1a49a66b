"""Every operation of the analytics: who may do it, and a request that does it to a thing of ours. Written by hand, as the others."""

from typing import Final

from tests.factories.security_operations import Operation, to


def figures(path: str) -> Operation:
    """Return what those who write, those who review and administrators may look at."""
    return Operation(
        "GET",
        f"/v1/analytics/{path}",
        "analytics.read",
        200,
        to(f"/v1/analytics/{path}", params={"size": 100}),
    )


ANALYTICS: Final[tuple[Operation, ...]] = (
    Operation("GET", "/v1/analytics/overview", "analytics.read", 200, to("/v1/analytics/overview")),
    Operation("GET", "/v1/analytics/usage", "analytics.read", 200, to("/v1/analytics/usage")),
    figures("queries"),
    figures("queries/failing"),
    figures("articles"),
    figures("helpfulness"),
    figures("content"),
    figures("authors"),
    Operation(
        "GET", "/v1/analytics/charts/{chart}.svg", "analytics.read", 200, to("/v1/analytics/charts/content.svg")
    ),
    Operation(
        "GET", "/v1/analytics/charts/{chart}.png", "analytics.read", 200, to("/v1/analytics/charts/usage.png")
    ),
)  # fmt: skip
"""One entry for each operation."""
