"""Articles as a file, a piece at a time: nothing is held but the article that is being written."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from kis.identity import Permission, Principal
from kis.knowledge.errors import ArticleNotFound
from kis.knowledge.exporting import plain
from kis.knowledge.exporting.archive import Pack
from kis.knowledge.exporting.selecting import Selected, Wanted, item_of, select_articles
from kis.knowledge.exporting.things import MEDIA_TYPES, ZIP, Export, ExportForm, Item, Neighbours, path_of
from kis.knowledge.importing.markdown import CATEGORY_FILE
from kis.knowledge.means import Means
from kis.platform import audit
from kis.search import Language

NAME: Final = "knowledge"
_DESK: Final = ThreadPoolExecutor(1, thread_name_prefix="export")
"""Pages are set one at a time in a process, whoever waits for them: exports of thousands of articles leave the processor to others."""
ENDINGS: Final = {ExportForm.HTML: "html", ExportForm.DOCX: "docx", ExportForm.PDF: "pdf"}


async def export(means: Means, principal: Principal, form: ExportForm, wanted: Wanted) -> Export:
    """Return articles as a file; one text as a page, a Word document or a PDF comes as itself, several in a ZIP. Raises BadInput.

    That something was handed out is in the audit log before its first byte.
    """
    principal.require(Permission.ARTICLE_READ)
    selected = await select_articles(means, principal, wanted)
    async with means.database.service(principal.scope) as session:
        await audit.record(
            session,
            organization_id=principal.organization_id,
            actor=principal.actor,
            action="article.exported",
            target=f"organization:{principal.organization_id}",
            after={"form": form.value, "articles": len(selected.ids)},
            address=principal.address,
        )
    items = _items(means, principal, selected, wanted)
    texts = [
        (slug, language)
        for slug, languages in selected.neighbours.languages.items()
        for language in languages
    ]
    name, media_type = f"{NAME}.{form.value}", MEDIA_TYPES.get(form, ZIP)
    if form is ExportForm.CSV:
        pieces = _csv(items)
    elif form is ExportForm.JSON:
        pieces = _json(items, selected)
    elif form is ExportForm.MARKDOWN:
        name, pieces = f"{NAME}.zip", _markdown(items, selected)
    elif len(texts) == 1:
        slug, language = texts[0]
        name, pieces = path_of("", slug, language, ENDINGS[form]), _single(items, form, selected)
    else:
        name, media_type = f"{NAME}-{form.value}.zip", ZIP
        pieces = _pack(items, form, selected)
    return Export(name=name, media_type=media_type, articles=len(selected.ids), pieces=pieces)


async def _items(
    means: Means, principal: Principal, selected: Selected, wanted: Wanted
) -> AsyncIterator[Item]:
    for article_id in selected.ids:
        try:
            item = await item_of(means, principal, article_id, selected, wanted)
        except ArticleNotFound:  # it went while others were written
            continue
        if item.texts:
            yield item


async def _csv(items: AsyncIterator[Item]) -> AsyncIterator[bytes]:
    yield plain.csv_heading()
    async for item in items:
        yield plain.csv_lines(item)


async def _json(items: AsyncIterator[Item], selected: Selected) -> AsyncIterator[bytes]:
    yield plain.json_heading(selected.branches)
    is_first = True
    async for item in items:
        yield plain.json_object(item, is_first=is_first)
        is_first = False
    yield plain.json_end()


async def _markdown(items: AsyncIterator[Item], selected: Selected) -> AsyncIterator[bytes]:
    pack = Pack()
    for branch in selected.branches:
        yield pack.add(f"{branch.slug}/{CATEGORY_FILE}", plain.category_file(branch))
    async for item in items:
        for language in sorted(item.texts):
            data = plain.markdown_file(item, language, selected.neighbours)
            yield pack.add(plain.markdown_path(item, language), data)
        for sha256, picture in sorted(item.pictures.items()):
            yield pack.add(f"{plain.FILES}/{plain.picture_name(sha256, picture.name)}", picture.data)
    yield pack.end()


async def _single(items: AsyncIterator[Item], form: ExportForm, selected: Selected) -> AsyncIterator[bytes]:
    async for item in items:
        for language in item.texts:
            yield await _set(_writer(form), item, language, selected.neighbours)


async def _pack(items: AsyncIterator[Item], form: ExportForm, selected: Selected) -> AsyncIterator[bytes]:
    pack, write = Pack(), _writer(form)
    async for item in items:
        for language in sorted(item.texts):
            data = await _set(write, item, language, selected.neighbours)
            yield pack.add(path_of(item.category or "", item.slug, language, ENDINGS[form]), data)
    yield pack.end()


async def _set(
    write: Callable[[Item, Language, Neighbours], bytes],
    item: Item,
    language: Language,
    neighbours: Neighbours,
) -> bytes:
    return await asyncio.get_running_loop().run_in_executor(_DESK, write, item, language, neighbours)


def _writer(form: ExportForm) -> Callable[[Item, Language, Neighbours], bytes]:
    """Return what writes a text in a form; each loads its library when it is used."""
    if form is ExportForm.HTML:
        from kis.knowledge.exporting.web_page import html_page

        return html_page
    if form is ExportForm.DOCX:
        from kis.knowledge.exporting.word import docx_file

        return lambda item, language, _neighbours: docx_file(item, language)
    from kis.knowledge.exporting.print_page import pdf_file

    return lambda item, language, _neighbours: pdf_file(item, language)
