"""Prompts: how an agent goes about a request."""

from typing import Annotated

from fastmcp import FastMCP
from pydantic import Field

from kis.mcp.calling import House
from kis.platform.messages import Message


def add_prompts(server: FastMCP, house: House) -> None:
    """Offer the prompts on ``server``."""

    @server.prompt(name="quote-this-request", title="Quote this request")
    async def quote_this_request(
        request: Annotated[
            str, Field(max_length=100_000, description="What the customer wrote, in any form.")
        ],
    ) -> str:
        """Make a checked quotation from what a customer wrote."""
        return Message("mcp.prompt.quote", {"request": request}).text(house.callers.locale())
