"""Rulebooks: the rules quotations are decided by, an organisation's own and those that came with the program."""

from typing import Annotated

from fastapi import APIRouter, File, Path, Query, Response, UploadFile

from kis.api.dependencies import App, Caller, Reading, TraceId
from kis.api.errors import errors
from kis.api.routes.uploaded import uploaded
from kis.api.schemas.catalog import UploadFinding
from kis.api.schemas.rulebooks import (
    FieldDifference,
    RulebookDiff,
    RulebookFacts,
    RulebookList,
    RulebookTaken,
    RulebookWhole,
    RuleDifference,
    RuleFacts,
)
from kis.estimator import rule_value, rules, written_value

router = APIRouter(prefix="/v1/rulebooks", tags=["rulebooks"])

RulebookName = Annotated[str, Path(max_length=160, description="Name of the rulebook, or name-version.")]
Version = Annotated[str | None, Query(max_length=80, description="Without it the version that begins last.")]


@router.get("", responses=errors(401, 403))
async def list_rulebooks(app: App, caller: Caller, trace_id: TraceId) -> RulebookList:
    """List the rulebooks a quotation may be made by, the organisation's own first."""
    found = await app.rulebooks.list(caller)
    return RulebookList(items=[RulebookFacts.model_validate(head) for head in found], trace_id=trace_id)


@router.post("", status_code=201, responses=errors(401, 403, 409))
async def add_rulebook(
    app: App,
    caller: Caller,
    reading: Reading,
    trace_id: TraceId,
    file: Annotated[UploadFile, File(description="YAML.")],
) -> RulebookTaken:
    """Take in a rulebook. It is in force from its first day for quotations that name no other; one that is there is never overwritten."""
    name, data = await uploaded(app, file)
    head, findings = await app.rulebooks.upload(caller, name, data)
    return RulebookTaken(
        **RulebookFacts.model_validate(head).model_dump(by_alias=False),
        findings=[
            UploadFinding(
                severity=found.severity.value, path=found.rule_id, message=found.message.text(reading.locale)
            )
            for found in findings
        ],
        trace_id=trace_id,
    )


@router.get("/{name}", responses=errors(401, 403, 404))
async def get_rulebook(
    app: App, caller: Caller, reading: Reading, trace_id: TraceId, name: RulebookName, version: Version = None
) -> RulebookWhole:
    """Return a rulebook with its rules."""
    head, held = await app.rulebooks.get(caller, name, version)
    facts = RulebookFacts.model_validate(head).model_dump(by_alias=False)
    found = [
        RuleFacts(
            id=rule_id,
            text=getattr(rule.text, reading.locale),
            value=rule_value(rule),
            source=rule.source,
            status=rule.status,
        )
        for rule_id, rule in rules(held)
    ]
    return RulebookWhole(**facts, rules=found, trace_id=trace_id)


@router.get(
    "/{name}/file",
    response_class=Response,
    responses={
        200: {
            "description": "The file.",
            "content": {"application/yaml": {"schema": {"type": "string", "format": "binary"}}},
        },
        **errors(401, 403, 404),
    },
)
async def get_rulebook_file(
    app: App, caller: Caller, name: RulebookName, version: Version = None
) -> Response:
    """Return a rulebook as its YAML, byte for byte: the beginning of another."""
    return Response(await app.rulebooks.content(caller, name, version), media_type="application/yaml")


@router.get("/{name}/diff", responses=errors(401, 403, 404))
async def compare_rulebooks(
    app: App,
    caller: Caller,
    trace_id: TraceId,
    name: RulebookName,
    to: Annotated[str, Query(max_length=160, description="Name of the newer rulebook.")],
    version: Version = None,
    to_version: Annotated[
        str | None,
        Query(alias="toVersion", max_length=80, description="Without it the version that begins last."),
    ] = None,
) -> RulebookDiff:
    """Tell what changed from one rulebook to another, rule by rule."""
    found = await app.rulebooks.diff(caller, (name, version), (to, to_version))
    return RulebookDiff(
        changes=[
            RuleDifference(
                rule_id=change.rule_id,
                kind=change.kind.value,
                decides=change.decides,
                fields=[
                    FieldDifference(name=field.field, before=_text(field.before), after=_text(field.after))
                    for field in change.fields
                ],
            )
            for change in found
        ],
        trace_id=trace_id,
    )


def _text(value: object) -> str | None:
    return None if value is None else written_value(value)
