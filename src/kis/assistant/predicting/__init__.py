"""Predicting: which products are meant by what is being typed.

Pure and deterministic: names are laid out once (``rows``, ``tables``), a typed text becomes key presses (``texts``), what it may mean is looked up the cheap
ways first (``matching``, ``slips``), ordered by a tuple that can be shown (``ranks``) and told with how sure it is (``confidence``).
"""

from kis.assistant.predicting.predictor import Named, Prediction, Predictor
from kis.assistant.predicting.ranks import Rank

__all__ = ["Named", "Prediction", "Predictor", "Rank"]
