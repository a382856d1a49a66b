"""What can be wrong with an article, as errors of its own.

NotFound
├── ArticleNotFound          there is none, or it is not for the caller: the two look the same
├── VersionNotFound
├── CategoryNotFound
├── CommentNotFound
└── AttachmentNotFound
Conflict
├── StaleArticle             it was changed since the caller read it; carries both versions
├── ArticleStatus            what is asked for does not go with where it stands
├── NothingToPublish         it has no text that readers could be shown
├── SlugTaken                another article or category has that address
├── CategoryInUse            something hangs on it
├── CategoryCircle           a category would hang on itself
├── ReindexRunning           that is under way already
└── NoTranslator             none is configured
Forbidden
└── OwnWork                  who wrote it does not approve it
TooLarge
└── AttachmentTooLarge
UnsupportedMedia
└── AttachmentRefused        its content is of a kind that is not kept
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from kis.platform.errors import Conflict, Forbidden, NotFound, TooLarge, UnsupportedMedia
from kis.platform.messages import Message


class ArticleNotFound(NotFound):
    """There is no such article, or it is not for the caller."""

    code = "article_not_found"

    def __init__(self, named: UUID | str) -> None:
        super().__init__(Message("knowledge.not_found.article", {"id": str(named)}), articleId=str(named))


class VersionNotFound(NotFound):
    """An article has no version of that number that the caller may read."""

    code = "article_version_not_found"

    def __init__(self, number: int) -> None:
        super().__init__(Message("knowledge.not_found.version", {"number": number}), version=number)


class CategoryNotFound(NotFound):
    """There is no such category."""

    code = "category_not_found"

    def __init__(self, category_id: UUID) -> None:
        super().__init__(Message("knowledge.not_found.category", {"id": str(category_id)}))


class CommentNotFound(NotFound):
    """There is no such comment on this article."""

    code = "comment_not_found"

    def __init__(self, comment_id: UUID) -> None:
        super().__init__(Message("knowledge.not_found.comment", {"id": str(comment_id)}))


class AttachmentNotFound(NotFound):
    """There is no such attachment of this article."""

    code = "attachment_not_found"

    def __init__(self, attachment_id: UUID) -> None:
        super().__init__(Message("knowledge.not_found.attachment", {"id": str(attachment_id)}))


class StaleArticle(Conflict):
    """The article was changed since the caller read it. ``yours`` is what was to be saved, ``theirs`` what is there now."""

    code = "article_changed"

    def __init__(
        self, given: int, revision: int, *, yours: Mapping[str, Any], theirs: Mapping[str, Any]
    ) -> None:
        super().__init__(
            Message("knowledge.stale", {"given": given, "revision": revision, "by": theirs["author"] or "–"}),
            hint=Message("knowledge.stale_hint"),
            givenRevision=given,
            revision=revision,
            yours=dict(yours),
            theirs=dict(theirs),
        )


class ArticleStatus(Conflict):
    """An article stands where what is asked for cannot be done."""

    code = "article_status"

    def __init__(self, act: str, status: str, allowed: Sequence[str]) -> None:
        values = {
            "act": Message(f"knowledge.act.{act}"),
            "status": Message(f"knowledge.status.{status}"),
            "allowed": tuple(Message(f"knowledge.status.{name}") for name in allowed),
        }
        super().__init__(
            Message("knowledge.status_conflict", values), act=act, status=status, allowed=list(allowed)
        )


class NothingToPublish(Conflict):
    """Every text is missing or a draft."""

    code = "nothing_to_publish"

    def __init__(self) -> None:
        super().__init__(
            Message("knowledge.nothing_to_publish"), hint=Message("knowledge.nothing_to_publish_hint")
        )


class SlugTaken(Conflict):
    """Another article or category of the organisation has that address."""

    code = "slug_taken"

    def __init__(self, slug: str) -> None:
        super().__init__(Message("knowledge.slug_taken", {"slug": slug}), slug=slug)


class CategoryInUse(Conflict):
    """Articles or categories hang on it."""

    code = "category_in_use"

    def __init__(self, articles: int, categories: int) -> None:
        values = {"articles": articles, "categories": categories}
        super().__init__(
            Message("knowledge.category_in_use", values),
            hint=Message("knowledge.category_in_use_hint"),
            **values,
        )


class CategoryCircle(Conflict):
    """A category would come to hang on itself."""

    code = "category_circle"

    def __init__(self) -> None:
        super().__init__(Message("knowledge.category_circle"))


class ReindexRunning(Conflict):
    """What is asked for is under way already, or a part of it is."""

    code = "reindex_running"

    def __init__(self, run_id: UUID) -> None:
        super().__init__(
            Message("administration.reindex_running"),
            hint=Message("administration.reindex_running_hint", {"id": str(run_id)}),
        )


class NoTranslator(Conflict):
    """The installation has no translator."""

    code = "no_translator"

    def __init__(self) -> None:
        super().__init__(Message("knowledge.no_translator"))


class OwnWork(Forbidden):
    """Who wrote what is not published yet does not approve it."""

    code = "own_work"

    def __init__(self) -> None:
        super().__init__(Message("knowledge.own_work"), hint=Message("knowledge.own_work_hint"))


class AttachmentTooLarge(TooLarge):
    """A file is larger than is kept."""

    code = "attachment_too_large"

    def __init__(self, size_bytes: int, most_bytes: int) -> None:
        values = {"size": size_bytes, "most": most_bytes}
        super().__init__(
            Message("knowledge.attachment_too_large", values), sizeBytes=size_bytes, mostBytes=most_bytes
        )


class AttachmentRefused(UnsupportedMedia):
    """The content of a file is of a kind that is not kept, or not what its name says."""

    code = "attachment_refused"

    def __init__(self, reason: str, name: str, accepted: Sequence[str]) -> None:
        super().__init__(
            Message(f"knowledge.attachment.{reason}", {"name": name}),
            hint=Message("knowledge.attachment.hint", {"accepted": ", ".join(accepted)}),
            accepted=list(accepted),
        )
