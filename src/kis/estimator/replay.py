"""Making a quotation again from its pack: the recorded request under the recorded catalogue, price book and rulebook."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kis import __version__
from kis.estimator.documents.brand import load_brand
from kis.estimator.findings import Acceptance
from kis.estimator.intake import parse_request
from kis.estimator.issuing.issue import ALL_FORMS, BRAND_FOLDER, EarlierIssue, Issue, forms_of
from kis.estimator.library import CATALOG_FOLDER, PRICE_BOOK_FILE, RULEBOOK_FILE, Library, open_library
from kis.estimator.numbering import QuotationNumber
from kis.estimator.packing import Product, produce
from kis.estimator.request import EstimateRequest
from kis.estimator.service import estimate
from kis.evidence import Difference, differences
from kis.platform.errors import NotFound
from kis.platform.messages import Message
from kis.platform.spread import Spread, here


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What a replay found: no ``differences`` means that every byte agrees. ``same_engine`` tells whether this version of KIS made the pack."""

    differences: tuple[Difference, ...]
    files: int
    recorded_engine: str
    same_engine: bool

    @property
    def agrees(self) -> bool:
        """Tell whether every byte agrees."""
        return not self.differences


def replay(pack: Path, spread: Spread = here) -> Replay:
    """Run the request of ``pack`` again and compare every file. Raises NotFound for a folder that is no pack, BadInput for damaged recordings."""
    recorded = read_record(pack, "output.json")
    product = rerun(pack, recorded, spread)
    engine = str(recorded.get("engine", {}).get("version", ""))
    found = differences(pack, product.files)
    return Replay(
        differences=found, files=len(product.files), recorded_engine=engine, same_engine=engine == __version__
    )


def rerun(pack: Path, recorded: dict[str, Any], spread: Spread = here) -> Product:
    """Return the product that this version of KIS makes from the recordings of ``pack``."""
    given = read_record(pack, "input.json")
    parsed = parse_request(given["source"])
    day = date.fromisoformat(given["quotation_date"])
    library = recorded_library(pack, parsed.request, day)
    made = estimate(parsed, library=library, on=day, acceptances=recorded_acceptances(given), spread=spread)
    return produce(
        made,
        trace_id=str(recorded["traceId"]),
        created_at=str(recorded["created_at"]),
        issue=recorded_issue(pack, given),
        spread=spread,
    )


def recorded_acceptances(given: Mapping[str, Any]) -> tuple[Acceptance, ...]:
    """Return the gates that persons took on themselves; ``given`` is the input.json of the pack."""
    return tuple(
        Acceptance(
            gate=str(one["gate"]),
            panel=str(one["panel"]),
            accepted_by=str(one["accepted_by"]),
            accepted_on=date.fromisoformat(one["accepted_on"]),
            reason=str(one["reason"]),
        )
        for one in given.get("acceptances", ())
    )


def recorded_issue(pack: Path, given: Mapping[str, Any]) -> Issue:
    """Return how the quotation of ``pack`` was issued; ``given`` is its input.json."""
    issue = given.get("issue", {})
    return Issue(
        number=str(issue.get("number", "")),
        brand=load_brand(pack / BRAND_FOLDER),
        forms=forms_of(issue.get("documents", [form.value for form in ALL_FORMS])),
        earlier=tuple(
            EarlierIssue(str(one["mark"]), date.fromisoformat(one["date"]))
            for one in issue.get("earlier", ())
        ),
    )


def issued_before(given: Mapping[str, Any]) -> tuple[EarlierIssue, ...]:
    """Return the revisions that a revision of a recorded quotation comes after; ``given`` is the input.json of its pack."""
    issue = given.get("issue", {})
    earlier = [(str(one["mark"]), str(one["date"])) for one in issue.get("earlier", ())]
    if issue.get("number"):
        earlier.append(
            (f"R{QuotationNumber.read(str(issue['number'])).revision}", str(given["quotation_date"]))
        )
    return tuple(EarlierIssue(mark, date.fromisoformat(day)) for mark, day in earlier)


def recorded_library(pack: Path, request: EstimateRequest, on: date) -> Library:
    """Return the library kept in ``pack``."""
    return open_library(
        request,
        on=on,
        catalog=pack / CATALOG_FOLDER,
        price_book=pack / PRICE_BOOK_FILE,
        rulebook=pack / RULEBOOK_FILE,
    )


def read_record(pack: Path, name: str) -> dict[str, Any]:
    """Return a JSON file of a pack. Raises NotFound where there is none or it is no JSON object."""
    try:
        value = json.loads((pack / name).read_bytes())
    except (OSError, ValueError) as error:
        raise NotFound(Message("explain.no_pack", {"path": str(pack), "file": name})) from error
    if not isinstance(value, dict):
        raise NotFound(Message("explain.no_pack", {"path": str(pack), "file": name}))
    return value
