"""Products put on drafts: parts into a panel, other products as lines, each with the rights of who does it."""

import asyncio
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final
from uuid import UUID, uuid4

import orjson
import pytest

from kis.application import Application
from kis.assistant import Addition, add_to_quotation
from kis.assistant.errors import ProductNotFound
from kis.identity import Permission, Principal, Role
from kis.platform.errors import BadInput, Forbidden
from kis.quotations import Answer, KeyReused, QuotationNotFound, StatusConflict
from tests.integration.conftest import MakeOrganization, MakePrincipal

BREAKER: Final = "part:breaker:EBS52FB~30mA"
TWO_RATINGS: Final = "part:breaker:ABN-103"
ENCLOSURE: Final = "part:enclosure:HDS 50 80 15"
METER: Final = "part:accessory:meter_3ph~kWh 3-phase"
REQUEST: Final[dict[str, Any]] = {
    "customer": {"name": "한빛전기"},
    "project": "사무실",
    "panels": [
        {"name": "L-1", "mains": [{"kind": "MCCB", "poles": 4, "rating_a": 100}]},
        {"name": "L-2", "mains": [{"kind": "MCCB", "poles": 4, "rating_a": 75}]},
    ],
}


@pytest.fixture
async def estimator(application: Application, make_principal: MakePrincipal) -> Principal:
    """Somebody who makes quotations, in an organisation with the catalogue and a drum kit."""
    await application.catalogs.install()
    caller = await make_principal(Role.ESTIMATOR)
    drums = [{"id": "drums", "name": "TD-17", "brand": "Roland", "category": "Drums"}]
    await application.products.import_catalog(
        await make_principal(Role.EDITOR), "d.json", orjson.dumps(drums)
    )
    return caller


@pytest.fixture
async def draft(application: Application, estimator: Principal) -> UUID:
    """A draft with two panels."""
    return (await application.quotations.accept(estimator, REQUEST, draft=True)).quote_id


async def add(
    application: Application, caller: Principal, quote_id: UUID, product: str, **more: Any
) -> dict[str, Any]:
    """Put a product on a draft and return its request."""
    await add_to_quotation(
        application.products,
        application.quotations,
        caller,
        product_id=product,
        quote_id=quote_id,
        addition=Addition(**more),
    )
    whole = await application.quotations.get(caller, quote_id)
    request: dict[str, Any] = orjson.loads(whole.body)["request"]
    return request


async def refused(*given: Any, **more: Any) -> set[str]:
    """Return what of an addition is wrong."""
    with pytest.raises(BadInput) as error:
        await add(*given, **more)
    return {problem.path for problem in error.value.problems}


async def test_a_breaker_goes_into_the_panel_that_is_named(
    application: Application, estimator: Principal, draft: UUID
) -> None:
    request = await add(application, estimator, draft, BREAKER, panel="L-2", quantity=3, rating_a=20)

    assert request["panels"][1]["branches"] == [
        {
            "kind": "ELB",
            "make": "LS ELECTRIC",
            "model": "EBS52FB",
            "poles": 2,
            "rating_a": 20,
            "quantity": 3,
            "sensitivity_ma": 30,
        }
    ]
    assert "branches" not in request["panels"][0]
    assert request["customer"] == {"name": "한빛전기"}


async def test_what_was_added_before_stays(
    application: Application, estimator: Principal, draft: UUID
) -> None:
    await add(application, estimator, draft, BREAKER, panel="L-1", rating_a=20)
    request = await add(application, estimator, draft, BREAKER, panel="L-1", rating_a=30)

    assert [each["rating_a"] for each in request["panels"][0]["branches"]] == [20, 30]


async def test_nothing_is_lost_when_two_add_at_once(
    application: Application, estimator: Principal, draft: UUID
) -> None:
    await asyncio.gather(
        *(add(application, estimator, draft, BREAKER, panel="L-1", rating_a=a) for a in (20, 30, 40))
    )
    request = await add(application, estimator, draft, BREAKER, panel="L-1", rating_a=50)

    assert sorted(each["rating_a"] for each in request["panels"][0]["branches"]) == [20, 30, 40, 50]


async def test_another_product_is_a_line_at_the_price_given(
    application: Application, estimator: Principal, draft: UUID
) -> None:
    request = await add(application, estimator, draft, "drums", quantity=2, unit_price=Decimal(1250000))

    assert request["extra_lines"] == [
        {"item": "TD-17", "spec": "Roland", "unit": "EA", "quantity": 2, "unit_price": "1250000"}
    ]


@pytest.mark.parametrize(
    ("product", "more", "wrong"),
    [
        (BREAKER, {"panel": "L-9", "rating_a": 20}, {"panel"}),
        (BREAKER, {"rating_a": 20}, {"panel"}),
        (TWO_RATINGS, {"panel": "L-1"}, {"ratingA"}),
        (BREAKER, {"panel": "L-1", "rating_a": 999}, {"ratingA"}),
        (BREAKER, {"rating_a": 999, "unit_price": Decimal(1)}, {"panel", "ratingA", "unitPrice"}),
        (ENCLOSURE, {"panel": "L-1"}, {"product"}),
        (METER, {"panel": "L-1", "quantity": 100}, {"quantity"}),
        ("drums", {}, {"unitPrice"}),
        ("drums", {"panel": "L-1", "rating_a": 20}, {"panel", "ratingA", "unitPrice"}),
    ],
)
async def test_all_that_is_wrong_is_told_at_once(
    application: Application,
    estimator: Principal,
    draft: UUID,
    product: str,
    more: dict[str, Any],
    wrong: set[str],
) -> None:
    assert await refused(application, estimator, draft, product, **more) == wrong


@pytest.mark.parametrize("kind", ["ct", "fuse_holder", "pvc_duct", "selector_switch", "terminal_block"])
async def test_what_no_request_takes_is_refused_before_anything_is_written(
    application: Application, estimator: Principal, draft: UUID, kind: str
) -> None:
    product = next(
        each.id
        for each in await application.products.all_for(estimator)
        if each.id.startswith(f"part:accessory:{kind}~")
    )
    before = await application.quotations.get(estimator, draft)

    with pytest.raises(BadInput) as error:
        await add(application, estimator, draft, product, panel="L-1")

    (problem,) = error.value.problems
    assert problem.path == "product"
    # The nine kinds of a request, by the names they have on a quotation.
    assert "견적 요청에 넣을 수 있는 종류가 아닙니다" in problem.message.text("ko")
    assert "서지보호기 SPD" in problem.message.text("ko")
    assert problem.message.text("en").startswith("“")
    assert "kWh meter, 3-phase" in problem.message.text("en")
    after = await application.quotations.get(estimator, draft)
    assert (after.body, after.etag) == (before.body, before.etag)


async def test_an_accessory_goes_into_its_panel(
    application: Application, estimator: Principal, draft: UUID
) -> None:
    request = await add(application, estimator, draft, METER, panel="L-1", quantity=99)

    assert request["panels"][0]["accessories"] == [
        {"kind": "meter_3ph", "model": "kWh 3-phase", "quantity": 99}
    ]


async def test_who_may_make_no_quotation_is_refused(
    application: Application, estimator: Principal, draft: UUID
) -> None:
    without = replace(estimator, permissions=estimator.permissions - {Permission.QUOTATION_CREATE})

    for product in (BREAKER, "nothing of that name"):
        with pytest.raises(Forbidden):
            await add(application, without, draft, product, panel="L-1", rating_a=20)


async def test_drafts_and_products_of_others_are_not_there(
    application: Application,
    estimator: Principal,
    draft: UUID,
    make_principal: MakePrincipal,
    make_organization: MakeOrganization,
) -> None:
    stranger = await make_principal(Role.ESTIMATOR, of=await make_organization())
    theirs = (await application.quotations.accept(stranger, REQUEST, draft=True)).quote_id

    with pytest.raises(QuotationNotFound):
        await add(application, stranger, draft, BREAKER, panel="L-1", rating_a=20)
    with pytest.raises(ProductNotFound):
        await add(application, stranger, theirs, "drums", unit_price=Decimal(1))
    with pytest.raises(QuotationNotFound):
        await add(application, estimator, uuid4(), BREAKER, panel="L-1", rating_a=20)


async def test_what_is_no_draft_any_more_stays_as_it_is(
    application: Application, estimator: Principal, draft: UUID
) -> None:
    await application.quotations.submit(estimator, draft)

    with pytest.raises(StatusConflict):
        await add(application, estimator, draft, BREAKER, panel="L-1", rating_a=20)


class TestRetries:
    async def put(
        self, application: Application, caller: Principal, quote_id: UUID, product: str = BREAKER, **more: Any
    ) -> Answer:
        key = more.pop("key", "k-1")
        return await add_to_quotation(
            application.products,
            application.quotations,
            caller,
            product_id=product,
            quote_id=quote_id,
            addition=Addition(**{"panel": "L-1", "rating_a": 20, **more}),
            idempotency_key=key,
        )

    async def ratings(self, application: Application, caller: Principal, quote_id: UUID) -> list[int]:
        whole = orjson.loads((await application.quotations.get(caller, quote_id)).body)
        return [each["rating_a"] for each in whole["request"]["panels"][0].get("branches", ())]

    async def test_under_one_key_it_is_put_there_once(
        self, application: Application, estimator: Principal, draft: UUID
    ) -> None:
        answers = await asyncio.gather(*(self.put(application, estimator, draft) for _ in range(6)))

        assert len({answer.body for answer in answers}) == 1
        assert [answer.is_replayed for answer in answers].count(False) == 1
        assert await self.ratings(application, estimator, draft) == [20]

    async def test_without_a_key_it_is_put_there_each_time(
        self, application: Application, estimator: Principal, draft: UUID
    ) -> None:
        for _ in range(2):
            assert not (await self.put(application, estimator, draft, key=None)).is_replayed

        assert await self.ratings(application, estimator, draft) == [20, 20]

    @pytest.mark.parametrize(
        "changed", [{"rating_a": 30}, {"quantity": 2}, {"panel": "L-2"}, {"product": TWO_RATINGS}]
    )
    async def test_another_request_under_the_key_is_refused(
        self, application: Application, estimator: Principal, draft: UUID, changed: dict[str, Any]
    ) -> None:
        await self.put(application, estimator, draft)

        with pytest.raises(KeyReused):
            await self.put(application, estimator, draft, **changed)
        assert await self.ratings(application, estimator, draft) == [20]

    async def test_another_draft_under_the_key_is_refused(
        self, application: Application, estimator: Principal, draft: UUID
    ) -> None:
        other = (await application.quotations.accept(estimator, REQUEST, draft=True)).quote_id
        await self.put(application, estimator, draft)

        with pytest.raises(KeyReused):
            await self.put(application, estimator, other)

    async def test_the_first_answer_holds_when_draft_and_product_are_gone(
        self, application: Application, estimator: Principal, draft: UUID, make_principal: MakePrincipal
    ) -> None:
        drums: dict[str, Any] = {"panel": None, "rating_a": None, "unit_price": Decimal(100)}
        first = await self.put(application, estimator, draft, "drums", **drums)
        await application.quotations.submit(estimator, draft)
        rest = orjson.dumps([{"id": "sticks", "name": "Sticks", "brand": "Roland"}])
        await application.products.import_catalog(
            await make_principal(Role.EDITOR), "d.json", rest, removes_missing=True
        )
        with pytest.raises(ProductNotFound):
            await application.products.get(estimator, "drums")

        again = await self.put(application, estimator, draft, "drums", **drums)

        assert (again.body, again.status_code, again.is_replayed) == (first.body, 200, True)

    async def test_what_was_refused_leaves_the_key_free(
        self, application: Application, estimator: Principal, draft: UUID
    ) -> None:
        for product, error in ((BREAKER, BadInput), ("nothing of that name", ProductNotFound)):
            with pytest.raises(error):
                await self.put(application, estimator, draft, product, rating_a=999)

        assert not (await self.put(application, estimator, draft)).is_replayed
