"""The knowledge base: one method per use case, each of which lives in a module of its own."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from kis.identity import Principal
from kis.knowledge import (
    attachments,
    categories,
    comments,
    feedback,
    files,
    flow,
    links,
    reading,
    reindexing,
    rules,
    versions,
    wastebin,
    writing,
)
from kis.knowledge.articles import Article, Version
from kis.knowledge.attachments import CLEAN, CleanAttachments, LinkedAttachment
from kis.knowledge.categories import Category, CategoryChange, NewCategory
from kis.knowledge.comments import Comment, Remark, Thread
from kis.knowledge.diffing import FieldDiff
from kis.knowledge.due import ARCHIVE_EXPIRED, PUBLISH_DUE, DueArticle, ask_for_due
from kis.knowledge.feedback import Opinions
from kis.knowledge.links import Related
from kis.knowledge.means import Means
from kis.knowledge.reading import DEFAULT_ORDER, Articles, Shown
from kis.knowledge.reindexing import Reindexing
from kis.knowledge.reminding import Reminding
from kis.knowledge.retention import retention_chores
from kis.knowledge.rules import Rules
from kis.knowledge.runs.things import Run
from kis.knowledge.sources import IndexingChanges
from kis.knowledge.versions import Versions
from kis.knowledge.wastebin import Bin, purge_overdue
from kis.knowledge.writing import Draft, Save
from kis.platform.jobs import Chore, Handling
from kis.search import Language, search_chores

MINUTE_SECONDS: Final = 60.0
HOUR_SECONDS: Final = 3600.0
CHANGES_SECONDS: Final = 1.0


class Knowledge:
    """The use cases of the knowledge base. Every method takes the caller first and asks whether it may.

    ``revision`` is the one the caller has read (If-Match); where it is not the newest, StaleArticle carries both versions.
    """

    def __init__(self, means: Means) -> None:
        self._means = means
        self.files: Final = files.Files(means)
        """Imports, exports and bulk operations."""

    # Reading

    async def get(self, principal: Principal, named: UUID | str, *, published: bool = False) -> Shown:
        """Return an article by id or slug: the published version, for those who write the current one. Raises ArticleNotFound."""
        return await reading.get(self._means, principal, named, published=published)

    async def list(
        self,
        principal: Principal,
        *,
        page: int = 1,
        size: int = 20,
        order: tuple[str, bool] = DEFAULT_ORDER,
        conditions: Sequence[tuple[str, str]] = (),
        published: bool = False,
    ) -> Articles:
        """Return a page of articles, without bodies. Raises BadInput for a condition that is none."""
        return await reading.list_articles(
            self._means,
            principal,
            page=page,
            size=size,
            order=order,
            conditions=conditions,
            published=published,
        )

    # Writing

    async def create(self, principal: Principal, draft: Draft, *, publish: bool = False) -> Article:
        """Write an article. Raises BadInput, SlugTaken, CategoryNotFound; with ``publish`` OwnWork."""
        return await writing.create(self._means, principal, draft, publish=publish)

    async def save(
        self,
        principal: Principal,
        article_id: UUID,
        given: Save,
        *,
        revision: int | None = None,
        publish: bool = False,
    ) -> Article:
        """Save an article; other words or metadata are a new version. Raises BadInput, StaleArticle, ArticleStatus, SlugTaken, CategoryNotFound."""
        return await writing.save(
            self._means, principal, article_id, given, revision=revision, publish=publish
        )

    async def translate(
        self, principal: Principal, article_id: UUID, to: Language, *, revision: int | None = None
    ) -> Article:
        """Have an article translated into a draft. Raises NoTranslator, BadInput, StaleArticle."""
        return await writing.translate(self._means, principal, article_id, to, revision=revision)

    # Versions

    async def versions(
        self, principal: Principal, article_id: UUID, *, page: int = 1, size: int = 20
    ) -> Versions:
        """Return a page of the versions, the newest first."""
        return await versions.list_versions(self._means, principal, article_id, page=page, size=size)

    async def version(self, principal: Principal, article_id: UUID, number: int) -> Version:
        """Return a version whole. Raises VersionNotFound."""
        return await versions.get(self._means, principal, article_id, number)

    async def diff(self, principal: Principal, article_id: UUID, old: int, new: int) -> tuple[FieldDiff, ...]:
        """Return what changed from one version to another, by language and field. Raises VersionNotFound."""
        return await versions.compare(self._means, principal, article_id, old, new)

    async def restore_version(
        self, principal: Principal, article_id: UUID, number: int, *, revision: int | None = None
    ) -> Article:
        """Save an old version again, as a new one. Raises VersionNotFound, ArticleStatus, StaleArticle."""
        return await versions.restore(self._means, principal, article_id, number, revision=revision)

    # Flow

    async def submit(self, principal: Principal, article_id: UUID, *, revision: int | None = None) -> Article:
        """Give a draft to those who review. Raises ArticleStatus, NothingToPublish."""
        return await flow.submit(self._means, principal, article_id, revision=revision)

    async def withdraw(
        self, principal: Principal, article_id: UUID, *, revision: int | None = None
    ) -> Article:
        """Take a version back from review. Raises ArticleStatus."""
        return await flow.withdraw(self._means, principal, article_id, revision=revision)

    async def approve(
        self, principal: Principal, article_id: UUID, *, revision: int | None = None
    ) -> Article:
        """Approve what others wrote. Raises ArticleStatus, OwnWork."""
        return await flow.approve(self._means, principal, article_id, revision=revision)

    async def give_back(
        self, principal: Principal, article_id: UUID, *, reason: str = "", revision: int | None = None
    ) -> Article:
        """Return a version to who wrote it; the reason becomes a comment. Raises ArticleStatus, BadInput."""
        return await flow.give_back(self._means, principal, article_id, reason=reason, revision=revision)

    async def schedule(
        self, principal: Principal, article_id: UUID, at: datetime, *, revision: int | None = None
    ) -> Article:
        """Have an approved version published at a time. Raises ArticleStatus, BadInput."""
        return await flow.schedule(self._means, principal, article_id, at, revision=revision)

    async def unschedule(
        self, principal: Principal, article_id: UUID, *, revision: int | None = None
    ) -> Article:
        """Do not publish a version when its time comes. Raises ArticleStatus."""
        return await flow.unschedule(self._means, principal, article_id, revision=revision)

    async def publish(
        self, principal: Principal, article_id: UUID, *, revision: int | None = None
    ) -> Article:
        """Show readers an approved version. Raises ArticleStatus, NothingToPublish."""
        return await flow.publish(self._means, principal, article_id, revision=revision)

    async def archive(
        self, principal: Principal, article_id: UUID, *, revision: int | None = None
    ) -> Article:
        """Take an article from its readers. Raises ArticleStatus."""
        return await flow.archive(self._means, principal, article_id, revision=revision)

    async def reinstate(
        self, principal: Principal, article_id: UUID, *, revision: int | None = None
    ) -> Article:
        """Make an archived article a draft again. Raises ArticleStatus."""
        return await flow.reinstate(self._means, principal, article_id, revision=revision)

    # Review comments

    async def comment(self, principal: Principal, article_id: UUID, remark: Remark) -> Comment:
        """Say something about a version. Raises VersionNotFound, CommentNotFound, BadInput."""
        return await comments.add(self._means, principal, article_id, remark)

    async def comments(
        self, principal: Principal, article_id: UUID, *, open_only: bool = False
    ) -> tuple[Thread, ...]:
        """Return what was said, in threads."""
        return await comments.threads(self._means, principal, article_id, open_only=open_only)

    async def resolve_comment(
        self, principal: Principal, article_id: UUID, comment_id: UUID, *, resolved: bool = True
    ) -> Comment:
        """Close a thread, or open it again. Raises CommentNotFound."""
        return await comments.resolve(self._means, principal, article_id, comment_id, resolved=resolved)

    # What belongs to an article

    async def relate(
        self,
        principal: Principal,
        article_id: UUID,
        related_ids: Sequence[UUID],
        *,
        revision: int | None = None,
    ) -> Article:
        """Put these articles in place of all that belong to one. Raises ArticleNotFound, BadInput, StaleArticle."""
        return await links.put(self._means, principal, article_id, related_ids, revision=revision)

    async def related(self, principal: Principal, article_id: UUID) -> tuple[Related, ...]:
        """Return what belongs to an article, as far as the caller may read it."""
        return await links.related(self._means, principal, article_id)

    async def attach(
        self,
        principal: Principal,
        article_id: UUID,
        name: str,
        data: bytes,
        *,
        revision: int | None = None,
    ) -> LinkedAttachment:
        """Put a file to an article. Raises AttachmentTooLarge, AttachmentRefused, BadInput, StaleArticle."""
        return await attachments.attach(self._means, principal, article_id, name, data, revision=revision)

    async def detach(
        self,
        principal: Principal,
        article_id: UUID,
        attachment_id: UUID,
        *,
        revision: int | None = None,
    ) -> None:
        """Take a file from an article. Raises AttachmentNotFound, StaleArticle."""
        await attachments.detach(self._means, principal, article_id, attachment_id, revision=revision)

    async def attachments(self, principal: Principal, article_id: UUID) -> tuple[LinkedAttachment, ...]:
        """Return the files of an article, each with a link that ends."""
        return await attachments.list_attachments(self._means, principal, article_id)

    async def give_feedback(
        self,
        principal: Principal,
        article_id: UUID,
        *,
        is_helpful: bool,
        comment: str = "",
        language: Language | None = None,
    ) -> None:
        """Say whether a published article helped. Raises ArticleNotFound, BadInput."""
        await feedback.give(
            self._means, principal, article_id, is_helpful=is_helpful, comment=comment, language=language
        )

    async def take_back_feedback(self, principal: Principal, article_id: UUID) -> None:
        """Say nothing about an article any more."""
        await feedback.take_back(self._means, principal, article_id)

    async def feedback(
        self, principal: Principal, article_id: UUID, *, page: int = 1, size: int = 20
    ) -> Opinions:
        """Return what readers of the organisation said; for those who write."""
        return await feedback.opinions(self._means, principal, article_id, page=page, size=size)

    # The bin

    async def delete(self, principal: Principal, article_id: UUID, *, revision: int | None = None) -> None:
        """Put an article into the bin. Raises StaleArticle."""
        await wastebin.throw_away(self._means, principal, article_id, revision=revision)

    async def bin(self, principal: Principal, *, page: int = 1, size: int = 20) -> Bin:
        """Return a page of what was deleted."""
        return await wastebin.list_bin(self._means, principal, page=page, size=size)

    async def fetch_back(self, principal: Principal, article_id: UUID, *, slug: str | None = None) -> Article:
        """Take an article out of the bin. Raises ArticleNotFound, SlugTaken, BadInput."""
        return await wastebin.fetch_back(self._means, principal, article_id, slug=slug)

    async def purge(self, principal: Principal, article_id: UUID) -> None:
        """Remove an article in the bin for good. Raises ArticleNotFound."""
        await wastebin.purge(self._means, principal, article_id)

    # Categories

    async def categories(self, principal: Principal) -> tuple[Category, ...]:
        """Return the tree, each category before those below it."""
        return await categories.tree(self._means, principal)

    async def with_below(self, principal: Principal, category_ids: Sequence[UUID]) -> tuple[UUID, ...]:
        """Return these categories and all that hang below them."""
        return await categories.with_below(self._means, principal, category_ids)

    async def add_category(self, principal: Principal, new: NewCategory) -> Category:
        """Make a category. Raises CategoryNotFound, SlugTaken, BadInput."""
        return await categories.add(self._means, principal, new)

    async def change_category(
        self, principal: Principal, category_id: UUID, given: CategoryChange
    ) -> Category:
        """Name a category anew. Raises CategoryNotFound, SlugTaken, BadInput."""
        return await categories.alter(self._means, principal, category_id, given)

    async def move_category(
        self,
        principal: Principal,
        category_id: UUID,
        parent_id: UUID | None,
        position: int | None = None,
    ) -> Category:
        """Hang a category elsewhere. Raises CategoryNotFound, CategoryCircle, BadInput."""
        return await categories.move(self._means, principal, category_id, parent_id, position)

    async def order_categories(
        self, principal: Principal, parent_id: UUID | None, category_ids: Sequence[UUID]
    ) -> None:
        """Put siblings in an order. Raises CategoryNotFound, BadInput."""
        await categories.order(self._means, principal, parent_id, category_ids)

    async def remove_category(
        self, principal: Principal, category_id: UUID, *, into: UUID | None = None
    ) -> int:
        """Remove a category, what hangs on it moved ``into`` another. Raises CategoryNotFound, CategoryInUse, CategoryCircle."""
        return await categories.remove(self._means, principal, category_id, into=into)

    # Settings

    async def rules(self, principal: Principal) -> Rules:
        """Return what the organisation decided about its knowledge base."""
        return await rules.get(self._means, principal)

    async def decide_rules(self, principal: Principal, given: Rules) -> Rules:
        """Decide anew. Raises BadInput."""
        return await rules.put(self._means, principal, given)

    async def switch_features(self, principal: Principal, decided: Mapping[str, bool]) -> Rules:
        """Decide anew which features work; what is not named is as it is by itself. Raises BadInput."""
        return await rules.switch(self._means, principal, decided)

    # The index

    async def reindex(self, principal: Principal, asked: Reindexing) -> UUID:
        """Have texts cut and indexed anew; return the run. Raises ReindexRunning."""
        return await reindexing.start(self._means, principal, asked)

    async def reindexed(self, principal: Principal, run_id: UUID) -> Run:
        """Return how far that is. Raises RunNotFound."""
        return await reindexing.get(self._means, principal, run_id)


def handlings(means: Means) -> dict[str, Handling]:
    """Return what is done with the jobs of the knowledge base, by their kind: for the workers."""
    due = DueArticle(means)
    return {
        PUBLISH_DUE: Handling(run=due),
        ARCHIVE_EXPIRED: Handling(run=due),
        CLEAN: Handling(run=CleanAttachments(means)),
        **files.handlings(means),
        reindexing.JOB: reindexing.handling(means),
    }


def chores(means: Means) -> tuple[Chore, ...]:
    """Return what is to be done for the knowledge base every so often."""
    return (
        Chore("knowledge.due", MINUTE_SECONDS, ask_for_due),
        Chore("knowledge.remind", HOUR_SECONDS, Reminding(means)),
        Chore("knowledge.bin", HOUR_SECONDS, purge_overdue),
        Chore("search.changes", CHANGES_SECONDS, IndexingChanges(means.engine)),
        *search_chores(means.engine),
        *retention_chores(means),
    )
