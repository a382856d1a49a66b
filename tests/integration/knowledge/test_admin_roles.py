"""Articles for other roles: whoever writes one has it found by those it is for, and by nobody else."""

import pytest

from kis.identity import Principal, Role
from kis.knowledge.writing import Save
from kis.search import Language, Query, Visibility
from tests.factories.knowledge import Library, words_of
from tests.integration.conftest import MakePrincipal


async def found(library: Library, reader: Principal, words: str) -> list[str]:
    """Return the titles a reader finds."""
    async with library.means.database.transaction(reader.scope) as session:
        answer = await library.engine.search(session, Query(text=words, corrects=False))
    return [hit.title for hit in answer.hits]


@pytest.mark.parametrize("writes", [Role.EDITOR, Role.ADMIN])
async def test_are_found_by_those_roles_after_every_save(
    library: Library, make_principal: MakePrincipal, principal: Principal, writes: Role
) -> None:
    writer = await make_principal(writes)
    estimator, viewer = await make_principal(Role.ESTIMATOR), await make_principal(Role.VIEWER)
    article = await library.written(
        writer, "자색고구마 견적 요령", visibility=Visibility.ROLE, roles=("estimator",)
    )
    assert await found(library, estimator, "자색고구마") == []
    await library.passed(article, writer, principal)
    assert await found(library, estimator, "자색고구마") == ["자색고구마 견적 요령"]
    assert await found(library, viewer, "자색고구마") == []
    saved = await library.knowledge.save(
        writer, article.id, Save(texts={Language.KO: words_of("자색고구마 견적 요령, 고침")})
    )
    # Until the new version is published, readers find the one they are shown; the writer finds both under one thing.
    assert await found(library, estimator, "고침") == []
    assert await found(library, writer, "고침") == ["자색고구마 견적 요령, 고침"]
    await library.passed(saved, writer, principal)
    assert await found(library, estimator, "고침") == ["자색고구마 견적 요령, 고침"]
    assert await found(library, viewer, "자색고구마") == []


async def test_are_found_by_the_others_no_more_when_they_are_for_fewer(
    library: Library, make_principal: MakePrincipal, editor: Principal, principal: Principal
) -> None:
    estimator, viewer = await make_principal(Role.ESTIMATOR), await make_principal(Role.VIEWER)
    article = await library.written(
        editor, "자색고구마 보관", visibility=Visibility.ROLE, roles=("estimator", "viewer")
    )
    await library.passed(article, editor, principal)
    assert await found(library, viewer, "자색고구마") == ["자색고구마 보관"]
    await library.knowledge.save(principal, article.id, Save(roles=("editor", "estimator")))
    assert await found(library, viewer, "자색고구마") == []
    for reader in (estimator, editor):
        assert await found(library, reader, "자색고구마") == ["자색고구마 보관"]
    # Who is not among them any more neither sees it nor leaves anything of it behind when an administrator goes on.
    await library.knowledge.save(principal, article.id, Save(roles=("viewer",)))
    assert await found(library, editor, "자색고구마") == []
    assert await found(library, viewer, "자색고구마") == ["자색고구마 보관"]
