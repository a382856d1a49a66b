"""How an enclosure that was worked out is told: what it is, or that there is none; why; what was read; and what is not certain."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from kis.assistant.things import AnswerEvent, AnswerMode, Chunk, Citation, Finished, Sentence, Source
from kis.assistant.tools.accessories import Fitted
from kis.assistant.tools.entries import Breakers
from kis.assistant.tools.listing import Listing
from kis.assistant.tools.requesting import Requested
from kis.assistant.tools.telling import told
from kis.estimator import Estimate, Gate, Rulebook, Severity, Verdict, rules
from kis.platform.messages import Message
from kis.search import Language

LONGEST_EXCERPT: Final = 2000
"""Of the rules behind one side of a box."""
_SIDES: Final = ("height_mm", "width_mm", "depth_mm")
_MAKE_ASSUMED: Final = "selection.make_assumed"
_TOLD: Final = frozenset(
    {
        _MAKE_ASSUMED,
        "selection.contactor_assumed",
        "selection.accessory_unverified",
        "selection.push_button_alone",
        "selection.spare_without_branch",
    }
)
"""What selection took for granted, left out or could not prove, and the box depends on."""


def told_box(
    made: Estimate, listing: Listing, asked: Requested, assumed: Breakers | None, language: Language
) -> Iterator[AnswerEvent]:
    """Yield the box of an estimate. What fails is said first: the box is then that of a design that does not pass, or there is none."""
    state = made.panels[0].state
    failing = [gate for gate in made.panels[0].gates if gate.verdict is Verdict.FAIL]
    if state.design is None:
        yield from _told_none(made, failing, listing, language)
        return
    box = state.design.enclosure
    key = "enclosure.failing" if failing else "enclosure"
    size = _say("enclosure.size", language, height=box.height_mm, width=box.width_mm, depth=box.depth_mm)
    citations = list(_citations(made, language))
    yield from citations
    named = "custom" if box.custom else "standard"
    first = _say(
        f"{key}.{named}", language, count=len(failing), model=box.model, series=box.series, size=size
    )
    needed = _say(
        f"{key}.needed",
        language,
        height=box.needed_height_mm,
        width=box.needed_width_mm,
        depth=box.needed_depth_mm,
        boxes=box.candidates,
    )
    numbers = tuple(citation.number for citation in citations)
    yield Chunk(f"{first} [{numbers[0]}] ")
    if failing:
        yield Chunk(_say("enclosure.failing.reasons", language, reasons=_explained(failing, language)) + "\n")
    yield Chunk(f"{needed} {''.join(f'[{number}]' for number in numbers[1:])}")
    yield Chunk("\n" + _read(listing, state.design.problem, language))
    if assumed is not None:
        yield Chunk(" " + _say("enclosure.main_assumed", language, breaker=_entry(assumed, language)))
    yield Chunk("\n" + _conditions(made, language))
    if listing.ip is not None:
        yield Chunk(" " + _say("enclosure.protection", language, ip=listing.ip))
    if listing.breaking_ka is not None:
        yield Chunk(" " + _say("enclosure.breaking", language, ka=listing.breaking_ka))
    for note in _notes(made, asked, language):
        yield Chunk(" " + note)
    yield Finished(
        mode=AnswerMode.CALCULATED,
        sentences=(Sentence(first, numbers[:1]), Sentence(needed, numbers[1:])),
    )


def _told_none(
    made: Estimate, failing: Sequence[Gate], listing: Listing, language: Language
) -> Iterator[AnswerEvent]:
    """Yield that there is no box, and why: an answer, as it was worked out."""
    selection = made.panels[0].state.selection
    found = () if selection is None else selection.findings
    behind = [each.rule for each in found if each.severity is Severity.VIOLATION]
    behind += [gate.rule for gate in failing]
    first = _say("enclosure.none", language)
    excerpt = _rules_text(made.library.rules, behind, language)
    yield Citation(number=1, source=_rulebook(made, language), page=1, excerpt=excerpt, passage=1)
    yield Chunk(f"{first} [1] {_explained(failing, language)}")
    yield Chunk("\n" + _say("enclosure.listed", language, parts=_parts(listing, language)))
    yield Finished(mode=AnswerMode.CALCULATED, sentences=(Sentence(first, (1,)),))


def _explained(gates: Sequence[Gate], language: Language) -> str:
    return " ".join(gate.explanation.text(language.value) for gate in gates)


def _read(listing: Listing, problem: Any, language: Language) -> str:
    models = Counter([each.breaker.model for each in (*problem.mains, *problem.devices)])
    chosen = ", ".join(model if count == 1 else f"{model} × {count}" for model, count in models.items())
    return _say("enclosure.read", language, parts=_parts(listing, language), models=chosen)


def _parts(listing: Listing, language: Language) -> str:
    """Return all that was read, in the order of breakers, accessories and spare ways."""
    parts = [_entry(each, language) for each in listing.breakers]
    parts += [_fitted(each, language) for each in listing.accessories]
    if listing.spare_ways:
        parts.append(_say("enclosure.spare_ways", language, count=listing.spare_ways))
    return ", ".join(parts)


def _entry(each: Breakers, language: Language) -> str:
    words = [
        each.maker,
        each.model,
        None if each.grade is None else _say(f"grade.{each.grade}", language),
        each.kind,
        f"{each.poles}P",
        f"{each.amperes}A" if each.frame_af is None else f"{each.frame_af}AF/{each.amperes}A",
        None if each.sensitivity_ma is None else f"{each.sensitivity_ma}mA",
        None if each.breaking_ka is None else f"{each.breaking_ka}kA",
    ]
    key = "main_entry" if each.is_main else "spare_entry" if each.is_spare else "entry"
    breaker = " ".join(word for word in words if word)
    return _say(f"enclosure.{key}", language, breaker=breaker, count=each.count)


def _fitted(each: Fitted, language: Language) -> str:
    name = Message(f"lines.{each.kind}").text(language.value)
    named = name if each.model is None else f"{name.removesuffix(' MC')} {each.model}"
    return _say("enclosure.entry", language, breaker=named, count=each.count)


def _notes(made: Estimate, asked: Requested, language: Language) -> Iterator[str]:
    """Yield what the answer rests on without proof."""
    state = made.panels[0].state
    found = () if state.selection is None else state.selection.findings
    panel = asked.request["panels"][0]
    have_makes = all("make" in each or "model" in each for each in (*panel["mains"], *panel["branches"]))
    texts = [
        each.message.text(language.value)
        for each in found
        if each.code in _TOLD and not (each.code == _MAKE_ASSUMED and have_makes)
    ]
    yield from dict.fromkeys(texts)
    if asked.uncertain:
        yield _say("enclosure.breaking_unverified", language, models=", ".join(asked.uncertain))
    if state.design is not None and not state.design.enclosure.depth_verified:
        yield _say("enclosure.depth_unverified", language)


def _conditions(made: Estimate, language: Language) -> str:
    job = made.panels[0].state.job.panel
    return _say(
        "enclosure.conditions",
        language,
        supply=job.supply.value,
        mounting=Message(f"assistant_tools.mounting.{job.mounting.value}"),
        material=Message(f"assistant_tools.material.{job.material.value}"),
        ambient=job.ambient_c,
    )


def _citations(made: Estimate, language: Language) -> Iterator[Citation]:
    """Yield what the answer stands on: the row of the catalogue, then the rules behind height, width and depth."""
    design = made.panels[0].state.design
    if design is None:
        return
    box, library = design.enclosure, made.library
    number = 1
    if not box.custom:
        catalog = Source(
            sha256=library.catalog.digest,
            title=_say("source.catalog", language, version=library.catalog.version),
            url=f"/v1/catalog?q={box.model.replace(' ', '+')}",
            media_type="application/json",
        )
        excerpt = f"{box.model}: {box.width_mm} × {box.height_mm} × {box.depth_mm} mm"
        yield Citation(number=number, source=catalog, page=1, excerpt=excerpt, passage=0)
        number += 1
    rulebook = _rulebook(made, language)
    for side in _SIDES:
        excerpt = _rules_text(library.rules, [because.rule for because in box.because[side]], language)
        yield Citation(number=number, source=rulebook, page=1, excerpt=excerpt, passage=number)
        number += 1


def _rulebook(made: Estimate, language: Language) -> Source:
    rulebook = made.library.rules
    return Source(
        sha256=rulebook.digest,
        title=_say("source.rulebook", language, name=rulebook.id, version=rulebook.version),
        url=f"/v1/rulebooks/{rulebook.id}",
        media_type="application/json",
    )


def _rules_text(rulebook: Rulebook, wanted: Sequence[str], language: Language) -> str:
    """Return rules with their texts and sources, as many as an excerpt holds."""
    known = dict(rules(rulebook))
    text = ""
    for name in dict.fromkeys(wanted):
        if name in known:
            line = f"{name}: {getattr(known[name].text, language.value)} ({known[name].source})"
            text = f"{text}\n{line}" if text and len(text) + len(line) < LONGEST_EXCERPT else text or line
    return text


def _say(key: str, language: Language, **values: object) -> str:
    return told(f"assistant_tools.{key}", language, **values)
