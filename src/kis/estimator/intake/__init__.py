"""How requests come in: files and mappings of the present shape or the predecessor's, in the words of the trade, become an :class:`EstimateRequest`.

Either everything is understood, with notes on what was taken for what, or :class:`~kis.platform.errors.BadInput` names every problem at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from kis.estimator.intake.defaults import default_notes
from kis.estimator.intake.drafts import draft_of
from kis.estimator.intake.files import Form, read_content, read_file
from kis.estimator.intake.predecessor import Conversion, convert, is_predecessor
from kis.estimator.intake.problems import MOST_PROBLEMS, faults_of, problems_from, shown
from kis.estimator.intake.reference import request_page, request_reference
from kis.estimator.intake.rules import faults_between
from kis.estimator.intake.synonyms import Reading
from kis.estimator.request import EstimateRequest
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message

__all__ = [
    "ParsedRequest",
    "load_request",
    "parse_content",
    "parse_request",
    "problems_of",
    "request_page",
    "request_reference",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedRequest:
    """A request that was understood. ``notes`` tell what was read as what, and which defaults stand in; ``source`` is the input as it came."""

    request: EstimateRequest
    notes: tuple[Message, ...]
    source: dict[str, object]


def load_request(path: Path | str) -> ParsedRequest:
    """Read a request file, YAML or JSON. Raises BadInput with every problem found."""
    return parse_request(read_file(Path(path)), str(path))


def parse_content(content: bytes, form: Form, source: str = "request") -> ParsedRequest:
    """Read the bytes of a request file. Raises BadInput with every problem found."""
    return parse_request(read_content(content, form, source), source)


def parse_request(given: object, source: str = "request") -> ParsedRequest:
    """Read a request from plain values (what YAML or JSON hold). Raises BadInput with every problem found."""
    if not isinstance(given, Mapping) or not given:
        message = (
            Message("request.file.empty")
            if given in (None, {})
            else Message("request.file.not_a_mapping", {"value": shown(given)})
        )
        raise BadInput(source, [Problem("", message)])
    conversion = convert(given) if is_predecessor(given) else Conversion(dict(given))
    reading = Reading()
    plain = reading.request(conversion.request)
    faults = list(conversion.faults)
    try:
        request = EstimateRequest.model_validate(plain)
    except ValidationError as error:
        faults += faults_of(error, plain)
        if len(faults) < MOST_PROBLEMS:
            faults += faults_between(draft_of(plain))
    else:
        faults += faults_between(request)
    if faults:
        raise BadInput(source, problems_from(faults, given, conversion.origin_of))
    return ParsedRequest(
        request=request, notes=(*conversion.notes, *reading.notes, *default_notes(request)), source={**given}
    )
