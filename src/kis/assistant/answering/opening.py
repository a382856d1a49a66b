"""The answerer that the settings describe."""

from kis.assistant.answering.asking import Answerer
from kis.assistant.answering.extractive import ExtractiveAnswerer
from kis.assistant.answering.model import ModelAnswerer
from kis.assistant.answering.model_endpoint import model_of
from kis.platform.configuration.assistant import AssistantSettings


def answerer_of(settings: AssistantSettings) -> Answerer:
    """Return what answers: the model where one is configured, else the documents' own sentences."""
    model = model_of(settings)
    if model is None:
        return ExtractiveAnswerer()
    return ModelAnswerer(model, most_tokens=settings.model_tokens, unsupported=settings.unsupported)
