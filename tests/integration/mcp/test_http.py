"""The official client drives a whole quotation over HTTP, under the rights of the key it brings."""

import hashlib

import httpx2
import orjson
import pytest
from mcp import MCPError
from mcp.types import INVALID_PARAMS, TextContent

from kis.application import Application
from kis.evidence import canonical_bytes
from kis.identity import Principal, Role
from kis.knowledge import Draft, Rules, Words
from kis.mcp import TOOLS
from kis.search import Language
from tests.integration.conftest import MakeOrganization, MakePrincipal
from tests.integration.mcp.conftest import Agent, Connect, example, key_of, office, refused, text_of, told


class TestWholeQuotation:
    async def test_goes_from_request_to_verified_evidence(
        self, application: Application, connect: Connect, principal: Principal, address: str
    ) -> None:
        heard: list[tuple[float, str]] = []

        async def note(progress: float, total: float | None, message: str | None) -> None:  # noqa: ARG001 - the protocol's names
            heard.append((progress, message or ""))

        async with connect(await key_of(application, principal, Role.ADMIN)) as client:
            made = told(
                await client.call_tool("estimate.create", {"request": office()}, progress_callback=note)
            )
            quotation = made["result"]
            assert (quotation["status"], made["proceed"], made["evidence"]["kind"]) == (
                "completed",
                True,
                "pack",
            )
            assert {gate["stage"] for gate in made["gates"]} >= {
                "enclosure",
                "breaker",
                "critic",
                "cover",
                "lint",
            }
            # Progress only ever rises, begins with the queue and passes through the work.
            numbers = [done for done, _ in heard]
            assert numbers == sorted(set(numbers))
            assert heard[0][1] == "queued"
            assert any("documents/quotation.pdf" in message for _, message in heard)

            chosen = {"quote_id": quotation["quote_id"]}
            formatted = told(await client.call_tool("estimate.format", chosen))
            assert {gate["id"]: gate["verdict"] for gate in formatted["gates"]} == {
                "format.formula_loss": "pass",
                "format.named_range_damage": "pass",
                "format.part_loss": "pass",
            }
            linked = told(await client.call_tool("estimate.export", {**chosen, "kinds": ["quotation_pdf"]}))
            (pdf,) = linked["result"]["documents"]
            async with httpx2.AsyncClient(base_url=address) as http:
                fetched = await http.get(pdf["signed_url"])
            assert hashlib.sha256(fetched.content).hexdigest() == pdf["sha256"]
            assert fetched.content.startswith(b"%PDF")

            verified = told(await client.call_tool("evidence.verify", chosen))
            assert (verified["result"]["ok"], verified["verdict"]) == (True, "pass")
            assert verified["evidence"] == made["evidence"]

            for tool in ("doc.lint", "doc.policy_check", "doc.cover_generate"):
                judged = told(await client.call_tool(tool, chosen))
                assert judged["proceed"], judged
                assert judged["evidence"]["sha256"] == made["evidence"]["sha256"]

            again = told(await client.call_tool("regression.run", {"quote_ids": [quotation["quote_id"]]}))
            (case,) = again["result"]["cases"]
            assert (case["agrees"], again["verdict"]) == (True, "pass")

            whole = text_of(await client.read_resource(f"kis://quotation/{quotation['quote_id']}"))
            assert orjson.loads(whole)["number"] == quotation["number"]

    async def test_finds_an_altered_file(
        self, application: Application, connect: Connect, principal: Principal
    ) -> None:
        async with connect(await key_of(application, principal, Role.ADMIN)) as client:
            made = told(await client.call_tool("estimate.create", {"request": office()}))
            async with application.database.transaction(principal.scope) as session:
                facts = await application.evidence.facts(session, made["evidence"]["trace_id"])
            pdf = next(file for file in facts.files if file.name == "documents/quotation.pdf")
            folder = application.settings.application.data
            (altered,) = folder.rglob(pdf.path)
            altered.write_bytes(altered.read_bytes().replace(b"%PDF", b"%PDG", 1))
            verified = told(await client.call_tool("evidence.verify", {"trace_id": facts.trace_id}))
        assert (verified["proceed"], verified["verdict"]) == (False, "fail")
        assert any(finding["file"] == "documents/quotation.pdf" for finding in verified["result"]["findings"])

    async def test_a_call_again_with_the_same_key_makes_no_second_quotation(
        self, application: Application, connect: Connect, principal: Principal
    ) -> None:
        wanted = {"request": office(), "documents": ["svg"], "idempotency_key": "order 7"}
        async with connect(await key_of(application, principal, Role.ADMIN)) as client:
            first = told(await client.call_tool("estimate.create", wanted))
            second = told(await client.call_tool("estimate.create", wanted))
        assert first["result"]["quote_id"] == second["result"]["quote_id"]

    async def test_speaks_with_clients_of_the_earlier_protocol(
        self, application: Application, connect: Connect, principal: Principal
    ) -> None:
        async with connect(await key_of(application, principal, Role.VIEWER), mode="legacy") as client:
            found = told(await client.call_tool("catalog.search", {"words": "ABN-53"}))
        assert found["result"]["total"] == 1


class TestRights:
    async def test_a_viewer_may_look_and_not_quote(
        self, application: Application, connect: Connect, principal: Principal
    ) -> None:
        async with connect(await key_of(application, principal, Role.VIEWER)) as client:
            error = refused(await client.call_tool("estimate.create", {"request": office()}))
            assert error["code"] == "forbidden"
            assert error["meta"]["permission"] == "quotation.create"
            assert len(error["traceId"]) == 32
            assert (
                refused(await client.call_tool("enclosure.solve", {"request": office()}))["code"]
                == "forbidden"
            )
            assert told(await client.call_tool("catalog.search", {"words": "누전"}))["result"]["total"] > 0

    async def test_nobody_reads_the_quotation_of_another_organisation(
        self,
        application: Application,
        connect: Connect,
        principal: Principal,
        make_organization: MakeOrganization,
        make_principal: MakePrincipal,
    ) -> None:
        stranger = await make_principal(of=await make_organization())
        async with connect(await key_of(application, principal, Role.ADMIN)) as client:
            made = told(
                await client.call_tool("estimate.create", {"request": office(), "documents": ["svg"]})
            )
        chosen = {"quote_id": made["result"]["quote_id"]}
        async with connect(await key_of(application, stranger, Role.ADMIN)) as client:
            for tool in ("estimate.format", "estimate.export", "evidence.verify", "doc.lint"):
                assert refused(await client.call_tool(tool, chosen))["code"] == "quotation_not_found", tool
            trace = {"trace_id": made["evidence"]["trace_id"]}
            assert refused(await client.call_tool("evidence.verify", trace))["code"] == "evidence_missing"
            with pytest.raises(MCPError, match="quotation_not_found"):
                await client.read_resource(f"kis://quotation/{chosen['quote_id']}")

    async def test_a_request_without_a_credential_is_answered_401_in_the_shape_of_the_api(
        self, address: str
    ) -> None:
        call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
        headers = {"Accept": "application/json, text/event-stream"}
        async with httpx2.AsyncClient(base_url=address) as http:
            for given in ({}, {"X-API-Key": "kis_nobody"}, {"Authorization": "Bearer nonsense"}):
                answer = await http.post("/mcp", json=call, headers={**headers, **given})
                assert answer.status_code == 401, given
                assert {"code", "message", "traceId", "meta"} <= set(answer.json())

    async def test_a_name_bound_to_this_machine_by_a_web_page_is_refused(
        self, application: Application, address: str, principal: Principal
    ) -> None:
        headers = {
            "Accept": "application/json, text/event-stream",
            "X-API-Key": await key_of(application, principal, Role.VIEWER),
        }
        call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
        async with httpx2.AsyncClient(base_url=address) as http:
            by_host = await http.post("/mcp", json=call, headers={**headers, "Host": "evil.example"})
            by_origin = await http.post(
                "/mcp", json=call, headers={**headers, "Origin": "https://evil.example"}
            )
        assert by_host.status_code in (400, 421)
        assert by_origin.status_code == 403


class TestTools:
    @pytest.fixture
    async def agent(self, application: Application, connect: Connect, principal: Principal) -> Agent:
        return Agent(connect, await key_of(application, principal, Role.ADMIN))

    async def test_every_tool_is_listed_with_its_schemas(self, agent: Agent) -> None:
        async with agent.client() as client:
            listed = (await client.list_tools()).tools
        assert [tool.name for tool in listed] == list(TOOLS)
        for tool in listed:
            assert tool.description
            assert tool.output_schema is not None
            assert "desk" not in tool.input_schema["properties"]

    async def test_a_name_without_dots_is_understood(self, agent: Agent) -> None:
        assert told(await agent.call("catalog_search", words="abn53"))["tool"] == "catalog.search"

    async def test_the_digest_is_that_of_the_result(self, agent: Agent) -> None:
        answer = told(await agent.call("enclosure.solve", request=office()))
        digest = hashlib.sha256(canonical_bytes(answer["result"])).hexdigest()
        assert answer["evidence"] == {"kind": "result", "sha256": digest, "trace_id": None}
        assert answer["result"]["enclosure"]["model"] == "HDS 70 130 20"

    async def test_a_box_that_is_given_is_held_against_the_panel(self, agent: Agent) -> None:
        # enclosure.solve takes HDS 70 130 20 for this panel, whose parts need 600 × 1225 × 200 mm.
        fitting = {"request": office(), "model": "HDS 70 130 20"}
        answer = told(await agent.call("enclosure.validate", **fitting))
        assert (answer["result"]["fits"], answer["proceed"]) == (True, True)
        small = {"request": office(), "width_mm": 500, "height_mm": 600, "depth_mm": 150}
        answer = told(await agent.call("enclosure.validate", **small))
        assert (answer["result"]["fits"], answer["proceed"]) == (False, False)
        both = {"request": office(), "model": "HDS 70 130 20", "width_mm": 500}
        assert refused(await agent.call("enclosure.validate", **both))["code"] == "bad_input"

    async def test_the_layout_tools_tell_places_phases_and_findings(self, agent: Agent) -> None:
        request = {"request": office(), "panel": "LP-3F"}
        placed = told(await agent.call("layout.place_breakers", **request))
        assert any(part["kind"] == "main" for part in placed["result"]["drawing"]["parts"])
        balanced = told(await agent.call("layout.balance_phases", **request))
        assert {gate["id"] for gate in balanced["gates"]} >= {"breaker.imbalance", "breaker.korean_unbalance"}
        checked = told(await agent.call("layout.check_clearance", **request))
        assert "critic.violations" in {gate["id"] for gate in checked["gates"]}

    async def test_a_failing_gate_stops_the_next_step(self, agent: Agent) -> None:
        request = {"request": example("does-not-fit")}
        solved = told(await agent.call("enclosure.solve", **request))
        assert (solved["proceed"], solved["verdict"]) == (False, "fail")
        error = refused(await agent.call("layout.place_breakers", **request))
        assert error["code"] == "gate_stopped"
        assert {gate["stage"] for gate in error["meta"]["gates"]} <= {"selection", "enclosure"}

    async def test_a_quotation_in_review_is_not_exported(self, agent: Agent) -> None:
        made = told(await agent.call("estimate.create", request=example("does-not-fit")))
        assert (made["result"]["status"], made["proceed"]) == ("review", False)
        error = refused(await agent.call("estimate.export", quote_id=made["result"]["quote_id"]))
        assert error["code"] == "gate_stopped"

    async def test_a_request_is_read_from_text_and_every_problem_is_told(self, agent: Agent) -> None:
        wrong = {
            "request": "customer: {name: A}\nproject: B\npanels:\n- {name: P, mains: [{rating_a: -1}]}\n"
        }
        error = refused(await agent.call("enclosure.solve", **wrong))
        assert error["code"] == "bad_input"
        assert [problem["path"] for problem in error["meta"]["problems"]] == [
            "panels[0].mains[0].rating_a",
            "panels[0].mains[0].poles",
        ]

    async def test_a_brand_is_applied_to_a_request_and_nothing_is_kept(self, agent: Agent) -> None:
        brand = {"schema": "kis.brand/1", "supplier": {"name": {"ko": "한빛전기", "en": "Hanbit Electric"}}}
        wanted = {"request": office(), "brand": brand, "number": "HB-2026-0042-R0", "with_file": True}
        result = await agent.call("doc.apply_branding", **wanted)
        answer = told(result)
        assert answer["result"]["supplier"]["ko"] == "한빛전기"
        # The brand names nothing but itself: registration number, seal and the rest are missing on the cover.
        assert answer["verdict"] == "fail"
        assert "supplier.registration_number" in {gap["field"] for gap in answer["result"]["lacks"]}
        attached = result.content[1].resource
        assert (attached.mime_type, str(attached.uri)) == (
            "application/pdf",
            "kis://attachment/quotation.pdf",
        )

    async def test_parts_and_rulebooks_are_read_by_address(self, agent: Agent) -> None:
        part = await agent.read("kis://catalog/enclosure/HDS%2070%20130%2020")
        assert orjson.loads(part)["columns"]["width_mm"] == "700"
        ranged = await agent.read("kis://catalog/accessory/magnetic_contactor/MC-9..22")
        assert orjson.loads(ranged)["model"] == "MC-9..22"
        rules = await agent.read("kis://rulebook/kis-standard")
        assert any(rule["id"] == "enclosure.bar_space" for rule in orjson.loads(rules)["rules"])
        async with agent.client() as client:
            with pytest.raises(MCPError, match="rulebook_not_found") as unknown:
                await client.read_resource("kis://rulebook/nobody")
            assert unknown.value.error.code == INVALID_PARAMS

    async def test_what_the_knowledge_base_says_is_found_and_read(
        self, application: Application, connect: Connect, principal: Principal, agent: Agent
    ) -> None:
        knowledge = application.knowledge
        await knowledge.decide_rules(principal, Rules(author_may_review=True))
        words = {
            Language.KO: Words(
                title="차단기 용량 선정", summary="순서", body="부하 전류로 정합니다.", tags=("차단기",)
            ),
            Language.EN: Words(title="Sizing a breaker", body="By the load current."),
        }
        article = await knowledge.create(principal, Draft(texts=words))
        for step in (knowledge.submit, knowledge.approve, knowledge.publish):
            await step(principal, article.id)
        await knowledge.create(principal, Draft(texts={Language.KO: Words(title="차단기 용량 초안")}))

        reader = Agent(connect, await key_of(application, principal, Role.VIEWER), "ko")
        answer = told(await reader.call("knowledge.search", q="차단기용량선정", sources=["article"]))
        (hit,) = answer["result"]["hits"]
        assert (hit["title"], hit["language"], hit["tags"]) == ("차단기 용량 선정", "ko", ["차단기"])
        assert (hit["uri"], answer["result"]["total"]) == (f"kis://article/{article.id}", 1)
        whole = orjson.loads(await reader.read(hit["uri"]))
        assert whole["texts"]["en"]["body"] == "By the load current."
        english = told(await agent.call("knowledge_search", q="차단기 용량 breaker sizing", limit=1))
        assert english["result"]["hits"][0]["title"] == "Sizing a breaker"
        assert english["result"]["total"] == 2  # who writes finds the draft, too

        none = told(await reader.call("knowledge.search", q="차단기", tags=["접지"]))
        assert (none["result"]["total"], none["result"]["hits"]) == (0, [])
        wrong = refused(await reader.call("knowledge.search", q="", limit=21, sources=["film"]))
        assert [problem["path"] for problem in wrong["meta"]["problems"]] == ["q", "sources[0]", "limit"]
        turned = {"q": "?", "since": "2026-02-01", "until": "2026-01-31"}
        wrong = refused(await reader.call("knowledge.search", **turned))
        assert [problem["path"] for problem in wrong["meta"]["problems"]] == ["q", "until"]

    async def test_the_prompt_carries_the_customers_words(self, agent: Agent) -> None:
        async with agent.client() as client:
            prompt = await client.get_prompt("quote-this-request", {"request": "3상 100A 분전반 하나"})
        said = prompt.messages[0].content
        assert isinstance(said, TextContent)
        assert "3상 100A 분전반 하나" in said.text
        assert "estimate.create" in said.text

    async def test_errors_are_told_in_the_callers_language(
        self, application: Application, connect: Connect, principal: Principal
    ) -> None:
        key = await key_of(application, principal, Role.VIEWER)
        async with connect(key, "ko-KR,ko;q=0.9") as client:
            error = refused(await client.call_tool("evidence.verify", {}))
        assert error["meta"]["problems"][0]["message"] == "quote_id나 trace_id를 주십시오."
