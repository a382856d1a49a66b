"""What a terminal knows of a conversation, without a terminal and without a server."""

from typing import Any

import pytest

from kis.cli.assistant_chat.conversation import Conversation, Product, Stage

SWITCH = Product("kx-250", "KX-250 Switch", "Kistest")


def prediction(seq: int, *ids: str) -> dict[str, Any]:
    data = [{"id": each, "name": each.upper(), "brand": "Kistest", "confidence": 0.5} for each in ids]
    return {"type": "prediction", "seq": seq, "data": data}


def asked() -> Conversation:
    """Return a conversation in which a question was asked."""
    talk = Conversation()
    talk.take(SWITCH)
    assert talk.ask("how tight?") is not None
    return talk


def citation(number: int, **more: Any) -> dict[str, Any]:
    told = {
        "document": "ab" * 32,
        "title": "Manual",
        "url": "https://x.test/m.pdf",
        "page": 3,
        "excerpt": "12 N·m",
    }
    return {"type": "citation", "number": number, **told, "boxes": [], **more}


class TestTyping:
    def test_every_key_press_has_a_number_of_its_own(self) -> None:
        talk = Conversation()
        assert talk.type("k") == {"type": "typing", "content": "k", "seq": 1}
        assert talk.type("kx") == {"type": "typing", "content": "kx", "seq": 2}

    def test_a_command_is_not_told_to_the_server(self) -> None:
        assert Conversation().type("/help") is None

    def test_what_is_longer_than_the_server_reads_is_cut(self) -> None:
        message = Conversation().type("k" * 300)
        assert message is not None
        assert len(message["content"]) == 200

    def test_a_question_is_not_typed_at_the_server(self) -> None:
        talk = Conversation()
        talk.take(SWITCH)
        assert talk.type("how") is None

    def test_what_is_no_text_of_the_terminals_encoding_can_be_said_all_the_same(self) -> None:
        talk = Conversation()
        message = talk.type("kx\udcff")
        assert message is not None
        assert message["content"] == "kx?"
        talk.take(SWITCH)
        message = talk.ask("how\udcff")
        assert message is not None
        assert message["query"] == "how?"
        assert talk.answer is not None
        assert talk.answer.question == "how?"

    def test_a_notice_is_gone_at_the_next_key_press(self) -> None:
        talk = Conversation()
        for _ in range(2):
            talk.notice = "Ctrl-D quits."
            talk.type("h")
            assert talk.notice == ""
            talk.take(SWITCH)


class TestPredictions:
    def test_one_that_comes_late_does_not_take_the_place_of_a_newer_one(self) -> None:
        talk = Conversation()
        for text in ("k", "kx", "kx-"):
            talk.type(text)
        talk.hear(prediction(2, "kx-250"))
        talk.hear(prediction(1, "ka-1", "ka-2"))
        assert [each.id for each in talk.products] == ["kx-250"]

    def test_they_are_those_of_what_stands_in_the_box_only_with_its_number(self) -> None:
        talk = Conversation()
        talk.type("k")
        talk.type("kx")
        talk.hear(prediction(1, "ka-1"))
        assert not talk.is_current
        talk.hear(prediction(2, "kx-250"))
        assert talk.is_current

    def test_who_was_chosen_stays_chosen_while_it_is_there(self) -> None:
        talk = Conversation()
        talk.type("k")
        talk.hear(prediction(1, "a", "b", "c"))
        talk.move(2)
        talk.type("kx")
        talk.hear(prediction(2, "c", "d"))
        assert talk.pick() == Product("c", "C", "Kistest", 0.5)

    def test_without_a_choice_the_likeliest_is_picked(self) -> None:
        talk = Conversation()
        talk.type("k")
        talk.hear(prediction(1, "a", "b"))
        talk.type("kx")
        talk.hear(prediction(2, "b", "a"))
        picked = talk.pick()
        assert picked is not None
        assert (picked.id, talk.stage) == ("b", Stage.QUESTIONS)

    def test_the_choice_goes_round(self) -> None:
        talk = Conversation()
        talk.type("k")
        talk.hear(prediction(1, "a", "b", "c"))
        talk.move(-1)
        assert talk.chosen == 2
        talk.move(1)
        assert talk.chosen == 0

    def test_after_going_back_what_was_predicted_before_is_not_shown(self) -> None:
        talk = Conversation()
        talk.take(SWITCH)
        talk.name_again()
        talk.back()
        talk.hear(prediction(1, "kx-250"))
        assert talk.products == ()


class TestAnswers:
    def test_grows_by_its_pieces_and_ends(self) -> None:
        talk = asked()
        assert talk.answer is not None
        for event in (
            {"type": "status", "msg": "opening"},
            citation(1),
            {"type": "answer_chunk", "content": "12 N·m. [1] "},
            {"type": "answer_chunk", "content": "Not more."},
        ):
            talk.hear(event)
        assert (talk.answer.text, talk.answer.status, talk.is_answering) == (
            "12 N·m. [1] Not more.",
            "opening",
            True,
        )
        talk.hear(
            {"type": "final_answer", "mode": "extractive", "refusal": None, "dropped": 2, "sure": False}
        )
        assert (talk.answer.mode, talk.answer.refusal, talk.answer.dropped) == ("extractive", "", 2)
        assert (talk.answer.thread_id, talk.answer.message_id) == ("", "")
        assert not talk.answer.is_sure
        assert not talk.is_answering

    def test_knows_where_it_is_kept(self) -> None:
        talk = asked()
        talk.hear({"type": "final_answer", "mode": "extractive", "thread_id": "t", "message_id": "m"})
        assert talk.answer is not None
        assert (talk.answer.thread_id, talk.answer.message_id) == ("t", "m")

    def test_one_that_is_begun_anew_forgets_its_text_and_citations(self) -> None:
        talk = asked()
        talk.hear(citation(1))
        talk.hear({"type": "answer_chunk", "content": "old"})
        talk.hear({"type": "answer_restart"})
        talk.hear({"type": "answer_chunk", "content": "new"})
        assert talk.answer is not None
        assert (talk.answer.text, talk.answer.citations) == ("new", {})

    def test_a_question_about_none_leaves_the_products_as_they_are(self) -> None:
        talk = Conversation()
        talk.type("k")
        talk.hear(prediction(1, "a", "b"))
        assert talk.ask("함 사이즈?", about_product=False) == {
            "type": "query",
            "query": "함 사이즈?",
            "seq": 2,
        }
        assert (talk.is_current, [each.id for each in talk.products]) == (True, ["a", "b"])

    def test_a_question_about_a_product_needs_one(self) -> None:
        assert Conversation().ask("how?") is None

    def test_only_one_question_at_a_time(self) -> None:
        assert asked().ask("another?") is None

    def test_a_cancelled_one_is_over_at_once_and_hears_nothing_more(self) -> None:
        talk = asked()
        assert talk.cancel()
        talk.hear({"type": "answer_chunk", "content": "late"})
        assert talk.answer is not None
        assert (talk.answer.text, talk.answer.is_cancelled, talk.cancel()) == ("", True, False)

    @pytest.mark.parametrize(
        "event",
        [
            {"code": "manual_unavailable", "token": "t" * 24, "reason": "no_manual"},
            {"code": "answer_not_found"},
            {"code": "too_many_questions", "seq": 1},
        ],
    )
    def test_an_error_of_the_answer_ends_it(self, event: dict[str, Any]) -> None:
        talk = asked()
        talk.hear({"type": "error", "message": "no", **event})
        assert talk.answer is not None
        assert (talk.answer.error, talk.answer.error_code) == ("no", event["code"])
        assert not talk.is_answering

    def test_another_error_is_a_notice_beside_it(self) -> None:
        talk = asked()
        talk.hear({"type": "error", "code": "rate_limited", "message": "slower"})
        assert (talk.notice, talk.is_answering) == ("slower", True)


class TestWhatOthersWrote:
    def test_cannot_steer_the_terminal(self) -> None:
        talk = asked()
        talk.hear(citation(1, title="\x1b]0;owned\x07 Manual\u202e", excerpt="a\x9b2Jb\r\nc"))
        talk.hear({"type": "answer_chunk", "content": "one\x1b[2J\ntwo\x00"})
        assert talk.answer is not None
        assert talk.answer.citations[1].title == "]0;owned Manual"
        assert talk.answer.citations[1].excerpt == "a2Jb c"
        assert talk.answer.text == "one[2J\ntwo"

    def test_boxes_become_what_the_address_of_an_image_takes(self) -> None:
        talk = asked()
        boxes = [
            {"left": 60.004, "top": 10, "right": 80.5, "bottom": 22.123456},
            {"left": -0.2, "top": 1, "right": 2, "bottom": 3},
        ]
        talk.hear(citation(1, boxes=boxes))
        assert talk.answer is not None
        assert talk.answer.citations[1].highlight == "60,10,80.5,22.12;0,1,2,3"

    def test_what_goes_with_a_product_is_the_same_from_both_faces(self) -> None:
        talk = Conversation()
        talk.take(SWITCH)
        talk.surround({"name": "Kistest"}, [{"name": "Lever", "type": "accessory", "label": "handle"}])
        over_socket = talk.related
        talk.surround({}, [{"kind": "accessory", "label": "handle", "product": {"name": "Lever"}}])
        assert talk.related == over_socket
