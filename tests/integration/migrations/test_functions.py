"""The functions of the database, on cases reckoned by hand."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import Connection

from kis.migrations.metadata import METADATA
from tests.factories.rows import Row, fill, insert, organization_of, run, values_for
from tests.integration.migrations.conftest import Migrated


@pytest.fixture
def rows(connection: Connection[Any]) -> dict[str, Row]:
    return fill(connection)


@pytest.fixture
def call(connection: Connection[Any]) -> Callable[..., Any]:
    """Call a function by name and return what it returns."""

    def called(function: str, *values: Any) -> Any:
        places = ", ".join(["%s"] * len(values))
        found = run(connection, f"SELECT {{}}({places})", function, values=values).fetchone()
        assert found is not None
        return found[0]

    return called


@pytest.mark.parametrize(
    ("value", "is_digest"),
    [
        ("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", True),
        ("E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855", False),
        ("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85", False),
        ("g3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", False),
        ("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n", False),
        ("", False),
        (None, False),
    ],
)
def test_a_digest_is_64_small_hexadecimal_digits(
    call: Callable[..., Any], value: str | None, is_digest: bool
) -> None:
    assert call("public.check_sha256", value) is is_digest


class TestIntegrityOfEvidence:
    def test_holds_for_the_digest_it_was_sealed_with(
        self, call: Callable[..., Any], rows: dict[str, Row]
    ) -> None:
        blob = rows["estimator.evidence_blobs"]

        assert call("public.validate_evidence_integrity", blob["id"], blob["sha256"]) is True

    def test_fails_for_another_digest_and_another_file(
        self, call: Callable[..., Any], rows: dict[str, Row]
    ) -> None:
        blob = rows["estimator.evidence_blobs"]

        assert call("public.validate_evidence_integrity", blob["id"], "0" * 64) is False
        assert call("public.validate_evidence_integrity", blob["id"], "not a digest") is False
        assert call("public.validate_evidence_integrity", uuid4(), blob["sha256"]) is False

    def test_is_not_told_to_another_organization(
        self, connection: Connection[Any], call: Callable[..., Any], rows: dict[str, Row]
    ) -> None:
        blob, other = rows["estimator.evidence_blobs"], organization_of(fill(connection))
        connection.execute(
            "SELECT set_config('role', 'authenticated', true), set_config('kis.organization_id', %s, true)",
            (str(other),),
        )

        assert call("public.validate_evidence_integrity", blob["id"], blob["sha256"]) is False


class TestTotals:
    @pytest.fixture
    def priced(self, connection: Connection[Any], rows: dict[str, Row]) -> Callable[..., UUID]:
        """Make a quotation with these lines and percentages."""

        def made(currency: str, *amounts: str, **percent: str) -> UUID:
            table = METADATA.tables["estimator.quotes"]
            quote = {**values_for(table, rows), "currency": currency, "number": uuid4().hex}
            insert(
                connection,
                table,
                {**quote, **{f"{name}_percent": Decimal(value) for name, value in percent.items()}},
            )
            items = METADATA.tables["estimator.quote_items"]
            for position, amount in enumerate(amounts):
                line = {
                    **values_for(items, rows),
                    "quote_id": quote["id"],
                    "panel_id": None,
                    "position": position,
                }
                insert(connection, items, {**line, "amount": Decimal(amount)})
            found: UUID = quote["id"]
            return found

        return made

    def test_in_won_are_rounded_half_up_to_the_won(
        self, call: Callable[..., Any], priced: Callable[..., UUID]
    ) -> None:
        # 1 000 010 + 5 % = 50 000.5 → 50 001; 3 % of 1 050 011 = 31 500.33 → 31 500; net 1 018 511; VAT 101 851.1 → 101 851
        totals = call(
            "public.calculate_quote_totals", priced("KRW", "1000000", "10", margin="5", discount="3")
        )

        assert totals.pop("calculated_at").endswith("Z")
        assert totals == {
            "items": 2,
            "subtotal": "1000010",
            "margin": "50001",
            "discount": "31500",
            "net": "1018511",
            "vat": "101851",
            "total": "1120362",
            "currency": "KRW",
        }

    def test_in_dollars_keep_two_digits(self, call: Callable[..., Any], priced: Callable[..., UUID]) -> None:
        totals = call("public.calculate_quote_totals", priced("USD", "10.05", vat="10"))

        assert (totals["net"], totals["vat"], totals["total"]) == ("10.05", "1.01", "11.06")

    def test_of_no_lines_are_nothing(self, call: Callable[..., Any], priced: Callable[..., UUID]) -> None:
        assert call("public.calculate_quote_totals", priced("KRW"))["total"] == "0"

    def test_of_no_quotation_are_none(self, call: Callable[..., Any]) -> None:
        assert call("public.calculate_quote_totals", uuid4()) is None


class TestPhaseBalance:
    @pytest.fixture
    def panel(self, connection: Connection[Any], rows: dict[str, Row]) -> Callable[..., Row]:
        """Make a panel of these breakers: role, poles, phase, amperes on R, S, T."""

        def made(*breakers: tuple[str, int, str, str, str, str], quantity: int = 1) -> Row:
            quotes, panels, table = (
                METADATA.tables[f"estimator.{name}"] for name in ("quotes", "panels", "breakers")
            )
            quote = insert(connection, quotes, {**values_for(quotes, rows), "number": uuid4().hex})
            held = {**rows, "estimator.quotes": quote}
            one = insert(connection, panels, {**values_for(panels, held), "quantity": quantity})
            for position, (role, poles, phase, *loads) in enumerate(breakers):
                row = {**values_for(table, {**held, "estimator.panels": one}), "position": position}
                row |= {"role": role, "poles": poles, "phase": phase}
                insert(
                    connection,
                    table,
                    {
                        **row,
                        **dict(
                            zip(("phase_r_a", "phase_s_a", "phase_t_a"), map(Decimal, loads), strict=True)
                        ),
                    },
                )
            return one

        return made

    def test_of_the_given_case(self, call: Callable[..., Any], panel: Callable[..., Row]) -> None:
        made = panel(
            ("main", 4, "", "300", "300", "300"),
            ("branch", 2, "R", "100", "0", "0"),
            ("branch", 2, "S", "0", "98", "0"),
            ("branch", 2, "T", "0", "0", "102"),
        )

        balance = call("public.get_phase_balance", made["id"])

        assert balance.pop("calculated_at").endswith("Z")
        assert balance == {
            "phase_r": 100,
            "phase_s": 98,
            "phase_t": 102,
            "total": 300,
            "imbalance": 0.0392,
            "imbalance_percent": 3.92,
            "balanced": True,
        }

    @pytest.mark.parametrize(
        ("smallest", "imbalance", "balanced"), [("96", 0.04, True), ("95.99", 0.0401, False), ("0", 1, False)]
    )
    def test_is_balanced_up_to_four_hundredths(
        self,
        call: Callable[..., Any],
        panel: Callable[..., Row],
        smallest: str,
        imbalance: float,
        balanced: bool,
    ) -> None:
        made = panel(("branch", 3, "RST", "100", "100", smallest))

        found = call("public.get_phase_balance", made["id"])

        assert (found["imbalance"], found["balanced"]) == (imbalance, balanced)

    def test_of_a_single_phase_panel_looks_at_its_phase_alone(
        self, call: Callable[..., Any], panel: Callable[..., Row]
    ) -> None:
        made = panel(("main", 2, "", "0", "0", "0"), ("branch", 2, "R", "30", "0", "0"))

        assert call("public.get_phase_balance", made["id"])["imbalance"] == 0

    def test_of_a_quotation_counts_each_panel_as_often_as_it_is_ordered(
        self, call: Callable[..., Any], panel: Callable[..., Row]
    ) -> None:
        made = panel(("branch", 3, "RST", "10", "20", "30"), quantity=3)

        found = call("public.get_phase_balance", made["quote_id"])

        assert (found["phase_r"], found["phase_s"], found["phase_t"], found["total"]) == (30, 60, 90, 180)

    def test_of_a_panel_without_load_is_balanced(
        self, call: Callable[..., Any], panel: Callable[..., Row]
    ) -> None:
        found = call("public.get_phase_balance", panel()["id"])

        assert (found["total"], found["imbalance"], found["balanced"]) == (0, 0, True)

    def test_of_nothing_is_none(self, call: Callable[..., Any]) -> None:
        assert call("public.get_phase_balance", uuid4()) is None


class TestHealth:
    @pytest.mark.parametrize("role", ["authenticated", "service_role"])
    def test_is_told_to_those_who_work_here(
        self, connection: Connection[Any], call: Callable[..., Any], role: str
    ) -> None:
        connection.execute("SELECT set_config('role', %s, true)", (role,))

        health = call("public.health_check_detailed")

        assert health["status"] == "healthy"
        assert health["tables_without_row_level_security"] == 0
        assert health["migration"] == "0013_assistant"
        assert health["connections"]["used"] >= 1

    def test_sees_a_table_that_is_not_held(
        self, connection: Connection[Any], call: Callable[..., Any]
    ) -> None:
        connection.execute("CREATE TABLE knowledge.forgotten (id integer)")

        assert call("public.health_check_detailed")["status"] == "degraded"

    def test_is_not_told_to_the_public(self, connection: Connection[Any], call: Callable[..., Any]) -> None:
        connection.execute("SET LOCAL ROLE anon")

        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            call("public.health_check_detailed")


def test_running_numbers_have_no_gap_and_no_double_under_haste(database: Migrated) -> None:
    with database.connect() as connection:
        organization = organization_of(fill(connection))

    taken: list[int] = []

    def take(place: int) -> None:
        with database.connect() as connection, connection.transaction() as transaction:
            found = connection.execute(
                "SELECT estimator.next_running_number(%s, 2030)", (organization,)
            ).fetchone()
            assert found is not None
            if place % 4 == 0:
                raise psycopg.Rollback(transaction)
            taken.append(found[0])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(take, range(24)))

    assert sorted(taken) == list(range(1, 19))


class TestEvents:
    def test_are_numbered_in_order_under_haste(self, database: Migrated) -> None:
        with database.connect() as connection:
            quote = fill(connection)["estimator.quotes"]["id"]

        def append(_place: int) -> int:
            with database.connect() as connection:
                found = connection.execute(
                    "SELECT estimator.append_quote_event(%s, 'PROGRESS', '{}')", (quote,)
                ).fetchone()
                assert found is not None
                return int(found[0])

        with ThreadPoolExecutor(8) as pool:
            numbers = list(pool.map(append, range(20)))

        assert sorted(numbers) == list(range(2, 22))

    def test_leave_the_quotation_as_it_was(self, connection: Connection[Any], rows: dict[str, Row]) -> None:
        quote = rows["estimator.quotes"]["id"]
        connection.execute(
            "UPDATE estimator.quotes SET updated_at = now() - interval '1 day' WHERE id = %s", (quote,)
        )
        before = connection.execute(
            "SELECT version, updated_at FROM estimator.quotes WHERE id = %s", (quote,)
        ).fetchone()

        connection.execute("SELECT estimator.append_quote_event(%s, 'DONE', '{}')", (quote,))

        after = connection.execute(
            "SELECT version, updated_at FROM estimator.quotes WHERE id = %s", (quote,)
        ).fetchone()
        assert after == before

    def test_wake_the_listeners_at_commit(self, database: Migrated) -> None:
        with database.connect() as connection:
            quote = fill(connection)["estimator.quotes"]["id"]
        with database.connect(autocommit=True) as listener, database.connect() as writer:
            listener.execute("LISTEN kis")
            writer.execute("SELECT estimator.append_quote_event(%s, 'DONE', '{}')", (quote,))
            assert list(listener.notifies(timeout=0)) == []

            writer.commit()

            assert [one.payload for one in listener.notifies(timeout=10, stop_after=1)] == [f"quote:{quote}"]

    def test_of_no_quotation_are_refused(self, connection: Connection[Any]) -> None:
        with pytest.raises(psycopg.DatabaseError) as refused:
            connection.execute("SELECT estimator.append_quote_event(%s, 'DONE', '{}')", (uuid4(),))

        assert refused.value.sqlstate == "KIS04"


class TestMixedExceptions:
    APPROVE = "SELECT ordinal, month::text FROM estimator.approve_mixed_exception(%s, %s, 'LS, 상도', 'stock', 'user:1', %s)"

    @pytest.fixture
    def quote(self, connection: Connection[Any], rows: dict[str, Row]) -> UUID:
        connection.execute(
            "DELETE FROM estimator.mixed_exceptions WHERE quote_id = %s", (rows["estimator.quotes"]["id"],)
        )
        found: UUID = rows["estimator.quotes"]["id"]
        return found

    @pytest.mark.parametrize(
        ("moment", "month"),
        [
            ("2026-11-30T14:59:59.999999Z", "2026-11-01"),
            ("2026-11-30T15:00:00Z", "2026-12-01"),
            ("2026-12-31T15:00:00Z", "2027-01-01"),
        ],
    )
    def test_belong_to_the_month_it_is_in_seoul(
        self, connection: Connection[Any], quote: UUID, moment: str, month: str
    ) -> None:
        assert connection.execute(self.APPROVE, (quote, "P1", moment)).fetchone() == (1, month)

    def test_are_two_in_a_month_and_two_in_the_next(self, connection: Connection[Any], quote: UUID) -> None:
        november, december = "2026-11-30T14:59:59Z", "2026-11-30T15:00:00Z"
        for panel, moment in (("P1", november), ("P2", november), ("P3", december), ("P4", december)):
            connection.execute(self.APPROVE, (quote, panel, moment))

        with pytest.raises(psycopg.DatabaseError) as refused:
            connection.execute(self.APPROVE, (quote, "P5", december))

        assert refused.value.sqlstate == "KIS03"

    def test_asked_for_again_are_the_same(self, connection: Connection[Any], quote: UUID) -> None:
        first = connection.execute(self.APPROVE, (quote, "P1", None)).fetchone()

        assert connection.execute(self.APPROVE, (quote, "P1", None)).fetchone() == first

    def test_are_exactly_two_of_fifty_at_once(self, database: Migrated) -> None:
        with database.connect() as connection:
            rows = fill(connection)
            organization, quote = organization_of(rows), rows["estimator.quotes"]["id"]
            connection.execute("DELETE FROM estimator.mixed_exceptions WHERE quote_id = %s", (quote,))
        start = threading.Barrier(50)

        def approve(place: int) -> str:
            with database.connect() as connection:
                connection.execute(
                    "SELECT set_config('role', 'authenticated', true), set_config('kis.organization_id', %s, true)",
                    (str(organization),),
                )
                start.wait(timeout=60)
                try:
                    connection.execute(self.APPROVE, (quote, f"P{place}", None))
                except psycopg.DatabaseError as error:
                    return error.sqlstate or ""
                return "approved"

        with ThreadPoolExecutor(50) as pool:
            ends = sorted(pool.map(approve, range(50)))

        assert ends == ["KIS03"] * 48 + ["approved"] * 2

    def test_of_another_organization_are_refused(self, connection: Connection[Any], quote: UUID) -> None:
        other = organization_of(fill(connection))
        connection.execute(
            "SELECT set_config('role', 'authenticated', true), set_config('kis.organization_id', %s, true)",
            (str(other),),
        )

        with pytest.raises(psycopg.DatabaseError) as refused:
            connection.execute(self.APPROVE, (quote, "P1", None))

        assert refused.value.sqlstate == "KIS04"

    def test_cannot_be_dated_by_a_caller(
        self, connection: Connection[Any], rows: dict[str, Row], quote: UUID
    ) -> None:
        connection.execute(
            "SELECT set_config('role', 'authenticated', true), set_config('kis.organization_id', %s, true)",
            (str(organization_of(rows)),),
        )

        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(self.APPROVE, (quote, "P1", "2020-01-01T00:00:00Z"))

    def test_cannot_be_slipped_into_another_month(
        self, connection: Connection[Any], rows: dict[str, Row]
    ) -> None:
        table = METADATA.tables["estimator.mixed_exceptions"]

        with pytest.raises(psycopg.errors.CheckViolation):
            insert(
                connection,
                table,
                {**values_for(table, rows), "panel": "P9", "ordinal": 2, "month": "2026-10-01"},
            )
