"""The published schema: what the server uses, and every code of an error with its words."""

import pytest

from kis.assistant.conversing.codes import ERRORS
from kis.assistant.conversing.protocol import INCOMING_TYPES
from kis.platform.messages import LOCALES, Message
from tools.asyncapi import asyncapi


def test_the_contract_names_every_type_a_client_may_say() -> None:
    incoming = asyncapi()["components"]["schemas"]["Incoming"]
    assert set(incoming["discriminator"]["mapping"]) == set(INCOMING_TYPES)


def test_every_reference_of_the_contract_leads_somewhere() -> None:
    contract = asyncapi()
    schemas = contract["components"]["schemas"]

    def named(value: object) -> set[str]:
        if isinstance(value, dict):
            own = {str(value["$ref"])} if isinstance(value.get("$ref"), str) else set[str]()
            return own.union(*map(named, value.values())) if value else own
        return set[str]().union(*map(named, value)) if isinstance(value, list) else set()

    assert named(schemas) <= {f"#/components/schemas/{name}" for name in schemas}


@pytest.mark.parametrize("code", sorted(ERRORS))
def test_every_code_has_its_words_in_both_languages(code: str) -> None:
    values = {"types": "", "problems": "", "limit": 1}
    for locale in LOCALES:
        assert Message(f"assistant_protocol.error.{code}", values).text(locale)
