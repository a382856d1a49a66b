"""Question sets, and how well an engine answers them: the figures behind ``kis knowledge evaluate``."""

from kis.search.evaluation.baselines import TextSearchRank, WhitespaceBm25
from kis.search.evaluation.contestants import Contestant, SearchContestant
from kis.search.evaluation.kinds import SEED, Asked, Kind, asked
from kis.search.evaluation.report import Figures, Reason, Weakness, figures, place_of, weaknesses
from kis.search.evaluation.runner import Answer, answers, indexed, piece_count
from kis.search.evaluation.sets import SHIPPED, Passage, Question, QuestionSet, load_set, shipped_set
from kis.search.evaluation.tally import counted

__all__ = [
    "SEED",
    "SHIPPED",
    "Answer",
    "Asked",
    "Contestant",
    "Figures",
    "Kind",
    "Passage",
    "Question",
    "QuestionSet",
    "Reason",
    "SearchContestant",
    "TextSearchRank",
    "Weakness",
    "WhitespaceBm25",
    "answers",
    "asked",
    "counted",
    "figures",
    "indexed",
    "load_set",
    "piece_count",
    "place_of",
    "shipped_set",
    "weaknesses",
]
