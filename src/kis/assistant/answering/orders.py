"""Text of a document that speaks to the assistant instead of to the reader: it is taken out before anything is answered from the document.

A manual tells people what to do; what tells a machine how to answer was put there to steer it. Such a sentence and what follows it in its paragraph
are no evidence for anything: neither shown to a model nor held against its sentences.
"""

import re
from dataclasses import replace
from functools import lru_cache
from typing import Final

from kis.assistant.answering.wording import sentences
from kis.assistant.things import FoundPassage

_ORDER: Final = re.compile(
    r"(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:previous|prior|above|earlier|preceding|all|any|your|system|safety|other)\b.{0,30}\b(?:instruction|prompt|rule|message|direction|guideline|command|passage|context|polic|text)"
    r"|\b(?:system|developer|hidden|initial) (?:prompt|message|instruction)|\byou are now\b|\byou are (?:an? )?(?:\w+ ){0,2}(?:assistant|ai\b|model|chatbot|bot\b|dan\b|developer mode)|\bas an ai\b|\b(?:language model|llm|chatgpt|gpt-?\d|gemini|claude)\b"
    r"|\b(?:say|tell|reply|respond|answer|state|claim|inform|output|print|repeat|write|append|include|insert|add)\b.{0,40}\b(?:the user|users|to every question|every answer|all answers|your answer|your reply|your response|verbatim|only with|nothing but|exactly)\b"
    r"|\b(?:assistant|ai|model|bot|chatbot)s?\b\s*(?:must|should|shall|will|:|,)|\b(?:note|message|instruction|attention|important)s?\b.{0,12}\b(?:to|for) (?:the |any |all )?(?:assistant|ai|model|llm|bot|chatbot)"
    r"|<\|?(?:im_start|im_end|system|endoftext|/?inst)|\[/?inst\]|^\s*(?:system|assistant|developer|user)\s*:|\bnew (?:instructions?|task|role)\s*:|\bfrom now on\b|\bend of (?:passage|document|context|manual)|\bjailbreak|\bdeveloper mode|\btool_call|\bfunction_call|\bcall the (?:tool|function)"
    r"|!\[[^\]]*\]\(|\bmarkdown image|\bbase64\b.{0,30}\b(?:decode|follow|execute)|\breveal\b.{0,40}\b(?:key|prompt|password|instruction|secret)|\bapi key\b.{0,20}\b(?:print|show|send|reveal)"
    r"|(?:이전|앞의?|위의?|지금까지의?|모든|기존|원래)\s*(?:의\s*)?(?:모든\s*)?(?:지시|명령|프롬프트|규칙|지침|안내)\S{0,6}.{0,10}(?:무시|잊|따르지|버리)|시스템\s*(?:프롬프트|메시지|지시)|(?:인공지능|챗봇|언어\s*모델|어시스턴트|도우미|AI)\s*(?:는|은|에게|야|,|:|비서|모델)"
    r"|(?:사용자|질문자)에게.{0,60}(?:라고|고)\s*(?:답|말|알려|전하|안내)|라고만?\s*(?:답하|답변|말하|대답|출력)|(?:답변|대답|출력)(?:에|은|을|마다|할 때).{0,40}(?:넣|포함|붙이|추가|적)(?:어라|하라|하십시오|하세요|어 주|으십시오)|지금부터\s*너|너는\s*이제|당신은\s*이제",
    re.IGNORECASE | re.MULTILINE,
)


def is_order(sentence: str) -> bool:
    """Tell whether a sentence speaks to the assistant."""
    return _ORDER.search(sentence) is not None


def without_orders(found: tuple[FoundPassage, ...]) -> tuple[FoundPassage, ...]:
    """Return the passages without what speaks to the assistant; one of which nothing is left is left out."""
    kept = []
    for each in found:
        text = _plain(each.passage.text)
        titles = tuple(title for title in each.passage.title_path if not is_order(title))
        if text:
            kept.append(replace(each, passage=replace(each.passage, text=text, title_path=titles)))
    return tuple(kept)


@lru_cache(maxsize=1024)
def _plain(text: str) -> str:
    lines = []
    for line in text.split("\n"):
        before: list[str] = []
        for sentence in sentences(line):
            if is_order(sentence):
                break
            before.append(sentence)
        if before:
            lines.append(" ".join(before))
    return "\n".join(lines)
