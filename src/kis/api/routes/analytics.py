"""What is read, searched for and not found: figures, charts and tables."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, TypeVar

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from kis.api.dependencies import App, Caller, Reading, TraceId
from kis.api.errors import errors
from kis.api.headers import etag_of, unchanged
from kis.api.pages import PlainPage, PlainPageRequest
from kis.api.schemas.analytics import (
    AnalyticsOverview,
    AuthorBody,
    ConcernBody,
    DayBody,
    FiguresBody,
    HelpfulnessBody,
    LanguageBody,
    QueryBody,
    ReadArticleBody,
    SourceBody,
    StandingBody,
    TableForm,
    UsageBody,
)
from kis.api.schemas.common import Page, WireModel
from kis.api.schemas.search import Day
from kis.knowledge import MOST_LISTED, Chart, ChartForm, Concern, Failure, Listed, Period, csv_file
from kis.platform.messages import LOCALES

router = APIRouter(prefix="/v1/analytics", tags=["analytics"])

Body = TypeVar("Body", bound=WireModel)

CSV: Final = "text/csv; charset=utf-8"
_WHOLE: Final = PlainPage(1, MOST_LISTED)
_TABLE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}}},
    **errors(401, 403),
}


def _picture(media_type: str) -> dict[int | str, dict[str, Any]]:
    return {
        200: {
            "description": "The chart.",
            "content": {media_type: {"schema": {"type": "string", "format": "binary"}}},
        },
        304: {"description": "The caller has it already."},
        **errors(401, 403),
    }


async def _period(
    from_day: Annotated[
        Day | None,
        Query(
            alias="from",
            description="First day, in UTC; without it thirty days to the last one.",
            examples=["2026-11-01"],
        ),
    ] = None,
    to_day: Annotated[
        Day | None,
        Query(alias="to", description="Last day, in UTC; without it today. At most 400 days."),
    ] = None,
) -> Period:
    return Period.of(from_day, to_day)


async def _as_csv(
    request: Request,
    format: Annotated[  # noqa: A002 - a name of the wire
        TableForm | None,
        Query(
            description="`csv`: the table as a file, up to 10,000 rows whatever the page; also by `Accept: text/csv`."
        ),
    ] = None,
) -> bool:
    accepted = request.headers.get("accept", "").partition(",")[0].partition(";")[0].strip()
    return format == "csv" or (format is None and accepted.lower() == "text/csv")


Wanted = Annotated[Period, Depends(_period)]
AsCsv = Annotated[bool, Depends(_as_csv)]
LeastVisits = Annotated[
    int,
    Query(alias="leastVisits", ge=1, le=1000, description="Leave out what was asked in fewer visits."),
]
ChartName = Annotated[Chart, Path(description="Which one.")]


@router.get("/overview", response_model=AnalyticsOverview, responses=_TABLE)
async def get_analytics_overview(
    app: App, caller: Caller, period: Wanted, as_csv: AsCsv, trace_id: TraceId
) -> Response | AnalyticsOverview:
    """Tell how much was searched and read in a period and in the one of the same length before it, and where the articles stand now."""
    found = await app.analytics.overview(caller, period)
    now, before = FiguresBody.model_validate(found.now), FiguresBody.model_validate(found.before)
    if as_csv:
        earlier = before.model_dump(mode="json")
        rows = [
            {"figure": name, "now": value, "before": earlier[name]}
            for name, value in now.model_dump(mode="json").items()
        ]
        return await _file("overview", ("figure", "now", "before"), rows)
    return AnalyticsOverview(
        from_day=period.first,
        to_day=period.last,
        now=now,
        before=before,
        standing=StandingBody.model_validate(found.standing),
        trace_id=trace_id,
    )


@router.get("/usage", response_model=UsageBody, responses=_TABLE)
async def get_usage(
    app: App, caller: Caller, period: Wanted, as_csv: AsCsv, trace_id: TraceId
) -> Response | UsageBody:
    """Tell what happened on every day of a period, in each language and in each source. As CSV: the days."""
    days = [DayBody.model_validate(day) for day in await app.analytics.days(caller, period)]
    if as_csv:
        return await _rows_file("usage", DayBody, days)
    languages, sources = await app.analytics.shares(caller, period)
    return UsageBody(
        days=days,
        languages=[LanguageBody.model_validate(each) for each in languages],
        sources=[SourceBody.model_validate(each) for each in sources],
        trace_id=trace_id,
    )


@router.get("/queries", response_model=Page[QueryBody], responses=_TABLE)
async def list_queries(
    app: App,
    caller: Caller,
    period: Wanted,
    page: PlainPageRequest,
    as_csv: AsCsv,
    trace_id: TraceId,
    least_visits: LeastVisits = 1,
) -> Response | Page[QueryBody]:
    """List what was searched for, the most frequent first."""
    shown = _WHOLE if as_csv else page
    found = await app.analytics.queries(
        caller, period, least_visits=least_visits, page=shown.page, size=shown.size
    )
    return await _answer("queries", QueryBody, found, page, trace_id, as_csv=as_csv)


@router.get("/queries/failing", response_model=Page[QueryBody], responses=_TABLE)
async def list_failing_queries(
    app: App,
    caller: Caller,
    period: Wanted,
    page: PlainPageRequest,
    as_csv: AsCsv,
    trace_id: TraceId,
    failure: Annotated[
        Failure | None, Query(description="`no_hit` alone is the report of what was not found.")
    ] = None,
    least_visits: LeastVisits = 1,
) -> Response | Page[QueryBody]:
    """List queries that found nothing the last time, or something that nobody opened; the most frequent first."""
    shown = _WHOLE if as_csv else page
    found = await app.analytics.failing(
        caller,
        period,
        failures=() if failure is None else (failure,),
        least_visits=least_visits,
        page=shown.page,
        size=shown.size,
    )
    return await _answer("failing-queries", QueryBody, found, page, trace_id, as_csv=as_csv)


@router.get("/articles", response_model=Page[ReadArticleBody], responses=_TABLE)
async def list_read_articles(
    app: App, caller: Caller, period: Wanted, page: PlainPageRequest, as_csv: AsCsv, trace_id: TraceId
) -> Response | Page[ReadArticleBody]:
    """List the articles that the organisation's people read, the most read first."""
    shown = _WHOLE if as_csv else page
    found = await app.analytics.articles(caller, period, page=shown.page, size=shown.size)
    return await _answer("articles", ReadArticleBody, found, page, trace_id, as_csv=as_csv)


@router.get("/helpfulness", response_model=Page[HelpfulnessBody], responses=_TABLE)
async def list_helpfulness(
    app: App, caller: Caller, period: Wanted, page: PlainPageRequest, as_csv: AsCsv, trace_id: TraceId
) -> Response | Page[HelpfulnessBody]:
    """List the articles of which somebody said whether they helped, first those that surely help least: by the upper bound of the share."""
    shown = _WHOLE if as_csv else page
    found = await app.analytics.helpfulness(caller, period, page=shown.page, size=shown.size)
    return await _answer("helpfulness", HelpfulnessBody, found, page, trace_id, as_csv=as_csv)


@router.get("/content", response_model=Page[ConcernBody], responses=_TABLE)
async def list_content_concerns(
    app: App,
    caller: Caller,
    page: PlainPageRequest,
    as_csv: AsCsv,
    trace_id: TraceId,
    concern: Annotated[Concern | None, Query(description="Only these.")] = None,
    within_days: Annotated[
        int, Query(alias="withinDays", ge=0, le=365, description="What expires so soon is listed.")
    ] = 30,
) -> Response | Page[ConcernBody]:
    """List the articles readers have that should be looked at today: their review is due, they expire, one language is missing or out of date, nobody changed them for a year. The oldest first."""
    shown = _WHOLE if as_csv else page
    found = await app.analytics.concerns(
        caller,
        wanted=() if concern is None else (concern,),
        within_days=within_days,
        page=shown.page,
        size=shown.size,
    )
    return await _answer("content", ConcernBody, found, page, trace_id, as_csv=as_csv)


@router.get("/authors", response_model=Page[AuthorBody], responses=_TABLE)
async def list_authors(
    app: App, caller: Caller, period: Wanted, page: PlainPageRequest, as_csv: AsCsv, trace_id: TraceId
) -> Response | Page[AuthorBody]:
    """List who saved, approved, gave back and published, who saved most first."""
    shown = _WHOLE if as_csv else page
    found = await app.analytics.authors(caller, period, page=shown.page, size=shown.size)
    return await _answer("authors", AuthorBody, found, page, trace_id, as_csv=as_csv)


@router.get("/charts/{chart}.svg", response_class=Response, responses=_picture("image/svg+xml"))
async def draw_chart_as_svg(
    request: Request, app: App, caller: Caller, reading: Reading, period: Wanted, chart: ChartName
) -> Response:
    """Draw a chart as SVG, in the caller's language. `content` shows today, whatever the period."""
    data = await app.analytics.chart(caller, chart, ChartForm.SVG, period, reading.locale)
    return _drawn(request, data, "image/svg+xml")


@router.get("/charts/{chart}.png", response_class=Response, responses=_picture("image/png"))
async def draw_chart_as_png(
    request: Request, app: App, caller: Caller, reading: Reading, period: Wanted, chart: ChartName
) -> Response:
    """Draw a chart as PNG, 1440 points wide, in the caller's language. `content` shows today, whatever the period."""
    data = await app.analytics.chart(caller, chart, ChartForm.PNG, period, reading.locale)
    return _drawn(request, data, "image/png")


async def _answer(
    name: str,
    body: type[Body],
    found: Listed[Any],
    page: PlainPage,
    trace_id: str,
    *,
    as_csv: bool,
) -> Response | Page[Body]:
    items = [body.model_validate(item) for item in found.items]
    if as_csv:
        return await _rows_file(name, body, items)
    return Page[body](items=items, page=page.page, size=page.size, total=found.total, trace_id=trace_id)  # type: ignore[valid-type]  # a class that is known when it runs


async def _rows_file(name: str, body: type[WireModel], items: Sequence[WireModel]) -> Response:
    """Return rows as a file; what is told by language has a column for each."""
    columns = []
    for field, info in body.model_fields.items():
        alias = info.alias or field
        columns += [f"{alias}_{locale}" for locale in LOCALES] if field == "titles" else [alias]
    return await _file(name, columns, [_flat(item) for item in items])


def _flat(item: WireModel) -> dict[str, Any]:
    told = item.model_dump(mode="json")
    titles = told.pop("titles", {})
    return {**told, **{f"titles_{locale}": title for locale, title in titles.items()}}


async def _file(name: str, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> Response:
    data = await run_in_threadpool(csv_file, columns, rows)
    return Response(
        data, media_type=CSV, headers={"Content-Disposition": f'attachment; filename="{name}.csv"'}
    )


def _drawn(request: Request, data: bytes, media_type: str) -> Response:
    etag = etag_of(data.hex())
    same = unchanged(request, etag)
    if same is not None:
        return same
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Accept-Language"}
    return Response(data, media_type=media_type, headers=headers)
