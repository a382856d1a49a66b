"""The assistant's tables."""

from typing import Final

SCHEMA: Final = "assistant"
