"""The installation watched from inside: figures from its tables for the metrics, and samples of its answers for its operators' queries."""

from kis.platform.monitoring.figures import Figures
from kis.platform.monitoring.samples import AnswerSamples

__all__ = ["AnswerSamples", "Figures"]
