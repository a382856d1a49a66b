"""The assistant: products are found while one types, manuals read just in time, questions answered with the page."""

from kis.assistant.conversing.answers import Answer
from kis.assistant.conversing.connection import Connection
from kis.assistant.conversing.means import Means, Predicted
from kis.assistant.predicting import Prediction, Predictor
from kis.assistant.products import PastImport, ProductDetails, Products
from kis.assistant.service import Assistant
from kis.assistant.things import Box
from kis.assistant.threads import Judgement, KeptMessage, Threads, thread_chores
from kis.assistant.wiring import open_assistant

__all__ = [
    "Answer",
    "Assistant",
    "Box",
    "Connection",
    "Judgement",
    "KeptMessage",
    "Means",
    "PastImport",
    "Predicted",
    "Prediction",
    "Predictor",
    "ProductDetails",
    "Products",
    "Threads",
    "open_assistant",
    "thread_chores",
]
