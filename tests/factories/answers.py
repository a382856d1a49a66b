"""Questions with found passages, and answers gathered, for the tests of answers."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from kis.assistant.answering.asking import Question
from kis.assistant.things import (
    AnswerEvent,
    Chunk,
    Citation,
    Finished,
    FoundPassage,
    Passage,
    Source,
    UnitKind,
)
from kis.search import Language

COVER = Passage(
    number=0,
    title_path=("Safety", "Before opening"),
    text="Switch off the main breaker. Wait at least 5 minutes before you remove the cover. Never touch the busbars with bare hands.",
    page=7,
)
TORQUE = Passage(
    number=1,
    title_path=("Installation", "Terminals"),
    text="Tighten the terminal screws of the QX-100 to 2.5 N·m. Check the torque once a year.",
    page=12,
)
FUSES = Passage(
    number=2,
    title_path=("Maintenance", "Replacing the fuse"),
    text="Replace a blown fuse as follows.\n1. Switch off the supply.\n2. Pull out the fuse holder.\n3. Insert a fuse of 10 A.",
    page=20,
    kind=UnitKind.LIST,
)
SIZES = Passage(
    number=3,
    title_path=("Technical data", "Dimensions"),
    text="Model | Width | Weight\nQX-100 | 120 mm | 1.4 kg\nQX-200 | 180 mm | 2.6 kg",
    page=31,
    kind=UnitKind.TABLE,
)
PASSAGES = (COVER, TORQUE, FUSES, SIZES)
SOURCE = Source(sha256="ab" * 32, title="QX manual", url="https://maker.example/qx.pdf")


def question(
    text: str,
    passages: Sequence[Passage] = PASSAGES,
    *,
    language: Language = Language.EN,
    image: bytes | None = None,
) -> Question:
    """Return a question for which these passages were found, the first best."""
    found = tuple(FoundPassage(each, 10.0 - place) for place, each in enumerate(passages))
    return Question(
        text=text,
        language=language,
        found=found,
        source=SOURCE,
        searched="QX manual, pages 1-40",
        image=image,
    )


@dataclass(frozen=True)
class Gathered:
    """A whole answer."""

    events: tuple[AnswerEvent, ...]

    @property
    def text(self) -> str:
        """Return all that is shown."""
        return "".join(event.text for event in self.events if isinstance(event, Chunk))

    @property
    def citations(self) -> dict[int, Citation]:
        """Return the citations by their numbers."""
        return {event.number: event for event in self.events if isinstance(event, Citation)}

    @property
    def finished(self) -> Finished:
        """Return how it ended: the last event, and the only one of its kind."""
        last = self.events[-1]
        assert isinstance(last, Finished)
        assert sum(isinstance(event, Finished) for event in self.events) == 1
        return last

    @property
    def sentences(self) -> list[str]:
        """Return the sentences without their citations."""
        return [sentence.text for sentence in self.finished.sentences]


async def gathered(events: AsyncIterator[AnswerEvent]) -> Gathered:
    """Return an answer when it is whole. Every citation stands before it is first named."""
    whole = Gathered(tuple([event async for event in events]))
    known: set[int] = set()
    for event in whole.events:
        if isinstance(event, Citation):
            known.add(event.number)
    for sentence in whole.finished.sentences:
        assert set(sentence.citations) <= known
    return whole
