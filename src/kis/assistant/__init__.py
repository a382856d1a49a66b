"""The assistant: products are found while one types, manuals read just in time, questions answered with the page."""

from typing import TYPE_CHECKING

from kis.platform.deferred import deferred

if TYPE_CHECKING:
    from kis.assistant.conversing.answers import Answer
    from kis.assistant.conversing.connection import Connection
    from kis.assistant.conversing.means import Means, Predicted
    from kis.assistant.predicting import Prediction, Predictor
    from kis.assistant.products import (
        CatalogReport,
        PastImport,
        ProductDetails,
        ProductFinding,
        Products,
        catalog_content,
        lint_files,
    )
    from kis.assistant.service import Assistant
    from kis.assistant.things import Box
    from kis.assistant.threads import Conversation, Judgement, KeptMessage, Threads, thread_chores
    from kis.assistant.tools.quoting import Addition, add_to_quotation
    from kis.assistant.wiring import open_assistant
else:
    __getattr__ = deferred(
        __name__,
        {
            "conversing.answers": ("Answer",),
            "conversing.connection": ("Connection",),
            "conversing.means": ("Means", "Predicted"),
            "predicting": ("Prediction", "Predictor"),
            "products": (
                "CatalogReport",
                "PastImport",
                "ProductDetails",
                "ProductFinding",
                "Products",
                "catalog_content",
                "lint_files",
            ),
            "service": ("Assistant",),
            "things": ("Box",),
            "threads": ("Conversation", "Judgement", "KeptMessage", "Threads", "thread_chores"),
            "tools.quoting": ("Addition", "add_to_quotation"),
            "wiring": ("open_assistant",),
        },
    )

__all__ = [
    "Addition",
    "Answer",
    "Assistant",
    "Box",
    "CatalogReport",
    "Connection",
    "Conversation",
    "Judgement",
    "KeptMessage",
    "Means",
    "PastImport",
    "Predicted",
    "Prediction",
    "Predictor",
    "ProductDetails",
    "ProductFinding",
    "Products",
    "Threads",
    "add_to_quotation",
    "catalog_content",
    "lint_files",
    "open_assistant",
    "thread_chores",
]
