"""Putting documents into the index, in the transaction of whoever changes what they tell of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from kis.search.models import Audience, SearchItem, SearchPhrase, SearchStatistic
from kis.search.phrases import initials, typed_forms
from kis.search.postings.weights import Field, Lengths, lengths_of, weigh
from kis.search.things import Document, Language, Readers, Source, Visibility
from kis.search.tokens import Cut, Cutter

ROWS_AT_ONCE: Final = 20_000
_AUDIENCE: Final = text(
    "SELECT knowledge.audience_of(:organization_id, :visibility, CAST(:roles AS text[]), :is_published)"
)
_POSTINGS: Final = text(
    "INSERT INTO knowledge.search_postings (term, audience_id, item_id, weight, fields) "
    "SELECT * FROM unnest(CAST(:terms AS text[]), CAST(:audiences AS integer[]), CAST(:items AS integer[]), "
    "CAST(:weights AS real[]), CAST(:fields AS integer[]))"
)
FEW_THINGS: Final = 200
"""So many are held one by one. More would fill the server's table of locks, which all share; they are held as one, and whoever puts anything of their source waits."""
_HOLD_EACH: Final = text(
    "SELECT CASE WHEN h.id = '' THEN pg_advisory_xact_lock_shared(h.lock) ELSE pg_advisory_xact_lock(h.lock) END "
    "FROM (SELECT '' AS id, hashtextextended('search:' || :source, 0) AS lock "
    "UNION ALL SELECT id, hashtextextended('search:' || :source || ':' || id, 0) FROM unnest(CAST(:ids AS text[])) AS id) AS h ORDER BY h.id"
)
"""Always in one order, the lock that all share the first: no two wait for each other."""
_HOLD_ALL: Final = text("SELECT pg_advisory_xact_lock(hashtextextended('search:' || :source, 0))")
_KEEP_VECTORS: Final = text(
    "UPDATE knowledge.search_vectors AS v SET item_id = r.made FROM unnest(CAST(:gone AS integer[]), CAST(:made AS integer[])) AS r (gone, made) "
    "WHERE v.item_id = r.gone"
)
_PHRASE_WEIGHTS: Final = {"title": 3.0, "name": 2.0, "tag": 1.0}


@dataclass(frozen=True, slots=True)
class CutDocument:
    """A document with the terms of its fields."""

    document: Document
    fields: dict[Field, Cut]

    @property
    def has_morphemes(self) -> bool:
        """Whether nothing of it waits for morphemes."""
        return all(cut.has_morphemes for cut in self.fields.values())


@dataclass(frozen=True, slots=True)
class PreparedPostings:
    """Documents cut into terms."""

    cut: tuple[CutDocument, ...]

    @property
    def documents(self) -> Sequence[Document]:
        """Return what was prepared."""
        return tuple(one.document for one in self.cut)


async def prepared(cutter: Cutter, documents: Sequence[Document], *, wakes: bool = True) -> PreparedPostings:
    """Cut documents; the texts of all of them go to the analyzer together."""
    texts = [_texts(document) for document in documents]
    cuts = iter(await cutter.cut([words for fields in texts for words in fields.values()], wakes=wakes))
    return PreparedPostings(
        tuple(
            CutDocument(document, {field: next(cuts) for field in fields})
            for document, fields in zip(documents, texts, strict=True)
        )
    )


def _texts(document: Document) -> dict[Field, str]:
    given = {
        Field.TITLE: document.title,
        Field.SUMMARY: document.summary,
        Field.BODY: document.body,
        Field.TAGS: "\n".join(document.tags),
        Field.NAMES: "\n".join(document.names),
    }
    return {field: words for field, words in given.items() if words}


async def put(
    session: AsyncSession, source: Source, source_ids: Sequence[UUID], given: PreparedPostings
) -> None:
    """Put the documents in place of all that is indexed of these things. The postings of what was there are left: without their item they count for nothing."""
    await _hold(session, source, source_ids)
    stale = delete(SearchItem).where(SearchItem.source == source.value, SearchItem.source_id.in_(source_ids))
    await session.execute(stale.execution_options(synchronize_session=False))
    await _write(session, given)


async def _write(session: AsyncSession, given: PreparedPostings) -> Sequence[int]:
    """Write the documents; return the ids of their items."""
    if not given.cut:
        return ()
    audiences = await _audiences(session, {one.document.readers for one in given.cut})
    numbers = await _items(session, given.cut, audiences)
    averages = await _averages(session, set(audiences.values()), given.cut)
    await _write_postings(session, given.cut, numbers, audiences, averages)
    await _write_phrases(session, given.cut, numbers, audiences)
    return numbers


async def _audiences(session: AsyncSession, wanted: Iterable[Readers]) -> dict[Readers, int]:
    return {
        readers: int(
            await session.scalar(
                _AUDIENCE,
                {
                    "organization_id": readers.organization_id,
                    "visibility": readers.visibility.value,
                    "roles": list(readers.roles),
                    "is_published": readers.is_published,
                },
            )
            or 0
        )
        for readers in wanted
    }


async def _items(
    session: AsyncSession, given: Sequence[CutDocument], audiences: dict[Readers, int]
) -> Sequence[int]:
    rows = [_row(one, audiences[one.document.readers]) for one in given]
    made = await session.execute(
        insert(SearchItem).returning(SearchItem.id, sort_by_parameter_order=True), rows
    )
    return made.scalars().all()


def _row(given: CutDocument, audience: int) -> dict[str, Any]:
    document = given.document
    return {
        "organization_id": document.readers.organization_id,
        "audience_id": audience,
        "source": document.source.value,
        "source_id": document.source_id,
        "language": document.language.value,
        "title": document.title,
        "summary": document.summary,
        "body": document.body,
        "names": list(document.names),
        "tags": list(document.tags),
        "category_id": document.category_id,
        "kind": document.kind,
        "status": document.status,
        "author": document.author,
        "link": document.link,
        "facts": dict(document.facts),
        "dated_at": document.dated_at,
        "expires_at": document.expires_at,
        "lengths": lengths_of(given.fields),
        "has_morphemes": given.has_morphemes,
    }


async def _averages(
    session: AsyncSession, audiences: set[int], given: Sequence[CutDocument]
) -> dict[int, Lengths]:
    """Return the average lengths by audience: as counted, or of these documents where they are more than what was counted."""
    counted = select(SearchStatistic).where(SearchStatistic.audience_id.in_(audiences))
    known = {
        row.audience_id: Lengths(row.items, row.lengths) for row in (await session.execute(counted)).scalars()
    }
    here = Lengths()
    for one in given:
        here.add(lengths_of(one.fields))
    return {
        audience: found if (found := known.get(audience, Lengths())).items >= here.items else here
        for audience in audiences
    }


async def _write_postings(
    session: AsyncSession,
    given: Sequence[CutDocument],
    numbers: Sequence[int],
    audiences: dict[Readers, int],
    averages: dict[int, Lengths],
) -> None:
    rows = sorted(
        (weighed.term, audiences[one.document.readers], number, weighed.weight, weighed.fields)
        for one, number in zip(given, numbers, strict=True)
        for weighed in weigh(one.fields, averages[audiences[one.document.readers]], one.document.source)
    )
    for begin in range(0, len(rows), ROWS_AT_ONCE):
        terms, audience_ids, items, weights, fields = zip(*rows[begin : begin + ROWS_AT_ONCE], strict=True)
        await session.execute(
            _POSTINGS,
            {
                "terms": list(terms),
                "audiences": list(audience_ids),
                "items": list(items),
                "weights": list(weights),
                "fields": list(fields),
            },
        )


async def _write_phrases(
    session: AsyncSession, given: Sequence[CutDocument], numbers: Sequence[int], audiences: dict[Readers, int]
) -> None:
    rows: dict[tuple[int, str], dict[str, Any]] = {}
    for one, number in zip(given, numbers, strict=True):
        document = one.document
        phrases = chain(
            [(document.title, "title")],
            ((name, "name") for name in document.names),
            ((tag, "tag") for tag in document.tags),
        )
        for phrase, kind in phrases:
            for typed in (*typed_forms(phrase), *initials(phrase)):
                rows.setdefault(
                    (number, typed),
                    {
                        "item_id": number,
                        "typed": typed,
                        "audience_id": audiences[document.readers],
                        "phrase": phrase,
                        "weight": _PHRASE_WEIGHTS[kind],
                    },
                )
    if rows:
        await session.execute(insert(SearchPhrase), list(rows.values()))


async def refine(session: AsyncSession, cutter: Cutter, *, most: int) -> int:
    """Give things that were cut without morphemes theirs; return how many. They are held meanwhile, so that nobody changes them under our hands."""
    waiting = (
        select(SearchItem.source, SearchItem.source_id)
        .where(~SearchItem.has_morphemes)
        .order_by(SearchItem.id)
        .limit(most)
    )
    things = sorted({(row.source, row.source_id) for row in await session.execute(waiting)})
    done = 0
    for source in dict.fromkeys(source for source, _ in things):
        ids = [source_id for of, source_id in things if of == source]
        await _hold(session, Source(source), ids)
        found = (
            select(SearchItem, Audience)
            .join(Audience, Audience.id == SearchItem.audience_id)
            .where(SearchItem.source == source, SearchItem.source_id.in_(ids))
        )
        rows = (await session.execute(found)).all()
        given = await prepared(cutter, [_document(item, audience) for item, audience in rows], wakes=False)
        if not all(one.has_morphemes for one in given.cut):
            return done
        await _replace(session, [item.id for item, _ in rows], given)
        done += len(ids)
    return done


async def _replace(session: AsyncSession, gone: Sequence[int], given: PreparedPostings) -> None:
    """Put documents in place of the items ``gone``, whose texts are the same: each keeps its vectors."""
    made = await _write(session, given)
    await session.execute(_KEEP_VECTORS, {"gone": list(gone), "made": list(made)})
    await session.execute(
        delete(SearchItem).where(SearchItem.id.in_(gone)).execution_options(synchronize_session=False)
    )


async def _hold(session: AsyncSession, source: Source, source_ids: Sequence[UUID]) -> None:
    """Keep every other writer of these things waiting until this transaction ends."""
    if len(source_ids) > FEW_THINGS:
        await session.execute(_HOLD_ALL, {"source": source.value})
    elif source_ids:
        ids = [str(source_id) for source_id in source_ids]
        await session.execute(_HOLD_EACH, {"source": source.value, "ids": ids})


def _document(item: SearchItem, audience: Audience) -> Document:
    return Document(
        readers=Readers(
            organization_id=audience.organization_id,
            visibility=Visibility(audience.visibility),
            roles=tuple(audience.roles),
            is_published=audience.is_published,
        ),
        source=Source(item.source),
        source_id=item.source_id,
        language=Language(item.language),
        title=item.title,
        dated_at=item.dated_at,
        summary=item.summary,
        body=item.body,
        names=tuple(item.names),
        tags=tuple(item.tags),
        category_id=item.category_id,
        kind=item.kind,
        status=item.status,
        author=item.author,
        link=item.link,
        facts=item.facts,
        expires_at=item.expires_at,
    )
