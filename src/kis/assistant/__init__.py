"""The assistant: products are found while one types, manuals read just in time, questions answered with the page."""

from kis.assistant.conversing.answers import Answer
from kis.assistant.conversing.connection import Connection
from kis.assistant.conversing.means import Means, Predicted
from kis.assistant.service import Assistant

__all__ = ["Answer", "Assistant", "Connection", "Means", "Predicted"]
