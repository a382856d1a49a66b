"""Whether a sentence stands in the passages it cites. ``checks`` is where it is asked: each check in its order, and what is wrong where one fails.

The other modules each answer one part of it. What a text says is told by ``polarity`` (which way it points: denials, opposites, choices), ``placing`` (its clauses,
with the place of each noun), ``synonyms`` (which words mean the same) and ``aligning`` (the smallest statements of a passage). What a sentence says otherwise is
told by ``aligning`` too (a fact put in the place of another of its kind), ``cells`` (one of another row), ``binding`` (two opposites or colours changed over),
``substituting`` (a word in the place of another), ``denying`` (a denial, a bound, all or some), ``ordering`` (the order of steps), ``causing`` (cause and effect),
``comparing`` (which is more, by names and figures; ``weighing`` where it is told by two figures only) and ``verbatim`` (the very sentence but for one word).
"""

from kis.assistant.answering.verifying.checks import nearest_part, verify

__all__ = ["nearest_part", "verify"]
