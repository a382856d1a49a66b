from kis.assistant.answering.extractive import ExtractiveAnswerer
from kis.assistant.answering.model import ModelAnswerer
from kis.assistant.answering.opening import answerer_of
from kis.platform.configuration.assistant import AssistantSettings


def test_without_a_model_the_documents_answer() -> None:
    assert isinstance(answerer_of(AssistantSettings()), ExtractiveAnswerer)


def test_a_model_answers_where_one_is_configured() -> None:
    settings = AssistantSettings(ASSISTANT_MODEL_URL="http://127.0.0.1:1/v1", ASSISTANT_MODEL="m")

    assert isinstance(answerer_of(settings), ModelAnswerer)
