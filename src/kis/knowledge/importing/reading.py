"""From an upload to its rows: every file read, links between its articles and pictures found, the texts of one article beside each other."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import urlsplit

from kis.knowledge.importing.links import (
    Target,
    article_link,
    attachment_link,
    joined,
    rewritten,
)
from kis.knowledge.importing.markdown import (
    CATEGORY_FILE,
    category_of,
    named,
    read_category,
    read_markdown,
)
from kis.knowledge.importing.print_page import read_pdf
from kis.knowledge.importing.tables import read_csv, read_json
from kis.knowledge.importing.things import ReadCategory, ReadFile, ReadText
from kis.knowledge.importing.uploads import (
    DOCUMENT_ENDINGS,
    MOST_TEXT_BYTES,
    TEXT_ENDINGS,
    Content,
    Form,
    bytes_of,
    decoded,
    form_of,
    refused,
    unpacked,
)
from kis.knowledge.importing.web_page import picture_of, read_html
from kis.knowledge.importing.word import read_docx
from kis.knowledge.runs.things import MOST_ROWS
from kis.platform.errors import BadInput, KisError, Problem
from kis.platform.messages import Message

_PAGES: Final = (".md", ".markdown", ".html", ".htm", ".docx", ".pdf", ".txt")
"""What a link to an article of the same upload may end in."""


@dataclass(frozen=True, slots=True)
class Upload:
    """What was read: categories, parents before what hangs on them, and texts, those of one article beside each other."""

    categories: tuple[ReadCategory, ...]
    texts: tuple[ReadText, ...]

    @property
    def files(self) -> Mapping[str, ReadFile]:
        """Return the files that articles show, by their digest."""
        return {file.sha256: file for text in self.texts for file in text.files}


def read_upload(name: str, content: Content, *, otherwise: str = "") -> Upload:
    """Read a file of any form. What is wrong with one of its texts stands with that text. ``otherwise`` is the language of texts that do not say theirs.

    Raises:
        TooLarge, FormUnknown, BadInput: the upload as a whole is none that is read.
    """
    form = form_of(name, content)
    if form is not Form.ARCHIVE:
        data = bytes_of(content)
        return _put_together(*_read(name, data, form, otherwise), {}, {name: data})
    files = _without_top({one.path: one.data for one in unpacked(name, content)})
    categories: list[ReadCategory] = []
    texts: list[ReadText] = []
    for path in sorted(files):
        own_categories, own_texts = _file(path, files[path], otherwise)
        categories += own_categories
        texts += own_texts
        if len(texts) > MOST_ROWS:
            raise refused(name, "rows", most=MOST_ROWS)
    if not texts and not categories:
        raise refused(name, "nothing")
    return _put_together(categories, texts, _folders(texts), files)


def _file(path: str, data: bytes, otherwise: str) -> tuple[list[ReadCategory], list[ReadText]]:
    ending = PurePosixPath(path).suffix.lower()
    form = TEXT_ENDINGS.get(ending) or DOCUMENT_ENDINGS.get(ending)
    is_category = PurePosixPath(path).name == CATEGORY_FILE
    if form is None and not is_category:
        return [], []
    try:
        if is_category:
            found = read_category(path, decoded(path, data))
            if isinstance(found, Problem):
                return [], [ReadText(name=path, problems=(found,))]
            return [found], []
        return _read(path, data, form_of(path, data), otherwise)
    except BadInput as error:
        return [], [ReadText(name=path, problems=error.problems)]
    except KisError as error:
        return [], [ReadText(name=path, problems=(Problem(path, error.message),))]


def _read(path: str, data: bytes, form: Form, otherwise: str) -> tuple[list[ReadCategory], list[ReadText]]:
    if form in (Form.MARKDOWN, Form.HTML) and len(data) > MOST_TEXT_BYTES:
        problem = Problem(path, Message("knowledge_files.row.large_text", {"most": MOST_TEXT_BYTES // 2**20}))
        return [], [ReadText(name=path, problems=(problem,))]
    categories: list[ReadCategory] = []
    match form:
        case Form.MARKDOWN:
            texts = [read_markdown(path, decoded(path, data), otherwise=otherwise)]
        case Form.HTML:
            texts = [read_html(path, decoded(path, data), otherwise=otherwise)]
        case Form.CSV:
            texts = read_csv(path, decoded(path, data), otherwise=otherwise)
        case Form.JSON:
            categories, texts = read_json(path, decoded(path, data).encode(), otherwise=otherwise)
        case Form.DOCX:
            texts = [read_docx(path, data, otherwise=otherwise)]
        case Form.PDF:
            texts = [read_pdf(path, data, otherwise=otherwise)]
        case Form.ARCHIVE:
            texts = [ReadText(name=path, problems=refused(path, "unknown").problems)]
    return categories, texts


def _without_top(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files without a folder that is only the wrapping of all of them."""
    tops = {path.partition("/")[0] for path in files}
    top = next(iter(tops), "")
    direct = [
        path for path in files if path.count("/") == 1 and path.lower().endswith((*_PAGES, CATEGORY_FILE))
    ]
    if len(tops) != 1 or direct or any("/" not in path for path in files):
        return dict(files)
    return _without_top({path.removeprefix(f"{top}/"): data for path, data in files.items()})


def _folders(texts: Iterable[ReadText]) -> dict[str, str]:
    """Return the folders that stand for the category of a text in them, by slug."""
    found: dict[str, str] = {}
    for text in texts:
        folder = named(text.name).folder
        if text.shared is not None and folder and text.shared.category == category_of(folder):
            found.setdefault(category_of(folder), folder)
    return found


def _put_together(
    categories: Sequence[ReadCategory],
    texts: Sequence[ReadText],
    folders: Mapping[str, str],
    files: Mapping[str, bytes],
) -> Upload:
    described = {category.slug for category in categories}
    above = [
        str(folder)
        for one in categories
        if one.name.endswith(CATEGORY_FILE)
        for folder in PurePosixPath(one.name).parent.parents
    ]
    wanted = {**{category_of(folder): folder for folder in above if folder != "."}, **folders}
    named_after = [_of_folder(slug, folder) for slug, folder in wanted.items() if slug not in described]
    linked = _linked(_without_doubles(texts), files)
    ordered = sorted(linked, key=lambda text: (not text.problems, text.key))
    return Upload(tuple(_parents_first([*categories, *named_after])), tuple(ordered))


def _of_folder(slug: str, folder: str) -> ReadCategory:
    """Return the category a folder stands for by its name alone."""
    path = PurePosixPath(folder)
    return ReadCategory(
        name=f"{folder}/", slug=slug, name_ko=path.name, name_en=path.name, is_described=False
    )


def _parents_first(categories: Sequence[ReadCategory]) -> list[ReadCategory]:
    by_slug = {category.slug: category for category in categories}
    placed: dict[str, ReadCategory] = {}

    def place(category: ReadCategory, below: frozenset[str]) -> None:
        if category.slug in placed or category.slug in below:
            return
        parent = by_slug.get(category.parent or "")
        if parent is not None:
            place(parent, below | {category.slug})
        placed[category.slug] = category

    for category in categories:
        place(category, frozenset())
    return list(placed.values())


def _without_doubles(texts: Sequence[ReadText]) -> list[ReadText]:
    """Return the texts; one whose article and language came before is refused."""
    seen: dict[tuple[str, str], str] = {}
    found = []
    for text in texts:
        doubled = [
            Problem(
                text.name,
                Message(
                    "knowledge_files.row.twice",
                    {"slug": text.key, "language": language, "other": seen[text.key, language]},
                ),
            )
            for language in text.texts
            if (text.key, language) in seen
        ]
        if doubled:
            found.append(ReadText(name=text.name, problems=tuple(doubled)))
            continue
        seen.update({(text.key, language): text.name for language in text.texts})
        found.append(text)
    return found


def _linked(texts: Sequence[ReadText], files: Mapping[str, bytes]) -> list[ReadText]:
    """Return the texts with their links to each other and to pictures as they hold within the knowledge base."""
    known = _Known({}, {})
    for text in texts:
        if len(text.texts) == 1:
            known.slugs[_stem(text.name)] = text.key
        known.languages.setdefault(text.key, set()).update(text.texts)
    pictures: dict[str, ReadFile | None] = {}
    return [_with_links(text, known, files, pictures) for text in texts]


@dataclass(frozen=True, slots=True)
class _Known:
    """The articles of an upload: by the paths of their files, without language and ending, and the languages they are in."""

    slugs: dict[str, str]
    languages: dict[str, set[str]]

    def link(self, path: str, own: str, fragment: str) -> str | None:
        """Return the link to the article of the file at ``path``. It names a language where the article is in that of the text too."""
        slug = self.slugs.get(_stem(path)) if path.lower().endswith(_PAGES) else None
        if slug is None:
            return None
        languages = self.languages[slug]
        wanted = named(path).language
        other = wanted if own in languages and wanted in languages else ""
        return article_link(slug, language=other, own=own, fragment=fragment)


def _stem(path: str) -> str:
    file = named(path)
    return f"{file.folder}/{file.stem}"


def _with_links(
    text: ReadText,
    known: _Known,
    files: Mapping[str, bytes],
    pictures: dict[str, ReadFile | None],
) -> ReadText:
    if not text.texts:
        return text
    folder = named(text.name).folder
    own = {file.sha256: file for file in text.files}

    def rewrite_in(language: str) -> dict[str, str]:
        def rewrite(target: Target) -> str | None:
            path = joined(folder, target.path) if target.is_relative else None
            if path is None:
                return None
            if not target.is_picture and (link := known.link(path, language, target.fragment)) is not None:
                return link
            if path not in pictures:
                pictures[path] = picture_of(path, files)
            picture = pictures[path]
            if picture is None:
                return None
            own[picture.sha256] = picture
            return attachment_link(picture.sha256)

        return {"body": rewritten(text.texts[language].body, rewrite)}

    changed = {
        language: fields.model_copy(update=rewrite_in(language)) for language, fields in text.texts.items()
    }
    return replace(text, texts=changed, files=tuple(own.values()))


def slugs_of_relative_links(body: str) -> set[str]:
    """Return the slugs that relative links of a text to other articles' files seem to name."""
    found: set[str] = set()

    def look(target: Target) -> None:
        if slug := relative_slug(target):
            found.add(slug)

    rewritten(body, look)
    return found


def with_known_slugs(body: str, known: Iterable[str]) -> str:
    """Return a text whose relative links to the files of articles that are there are links to these."""
    slugs = frozenset(known)

    def rewrite(target: Target) -> str | None:
        slug = relative_slug(target)
        return article_link(slug, fragment=target.fragment) if slug in slugs else None

    return rewritten(body, rewrite)


def relative_slug(target: Target) -> str:
    """Return the slug that a relative link to a file names, empty where it names none."""
    if target.is_picture or not target.is_relative or urlsplit(target.text).query:
        return ""
    return named(target.path).stem if target.path.lower().endswith(_PAGES) else ""
