import socket
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from litemaas.domain.guardrails.errors import GuardrailRefusedError
from litemaas.domain.guardrails.masking import TextReader, masked
from litemaas.domain.guardrails.personal_data import ENTITIES, PersonalDataDetector
from support.cutting import cuts, fed

EXAMPLES = {
    "CREDIT_CARD": "4111 1111 1111 1111",
    "CRYPTO": "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
    "EMAIL_ADDRESS": "ada@example.com",
    "IBAN_CODE": "DE89 3704 0044 0532 0130 00",
    "IP_ADDRESS": "192.168.17.4",
    "MAC_ADDRESS": "3c:22:fb:9a:01:7e",
    "PHONE_NUMBER": "+1 212 555 0123",
    "UK_NHS": "943 476 5919",
    "US_ITIN": "911-70-1234",
    "US_SSN": "456-45-4567",
}


def mask(finding):
    return f"[{finding.kind}]"


@pytest.fixture(scope="module")
def detector() -> PersonalDataDetector:
    return PersonalDataDetector()


@pytest.mark.parametrize("entity", ENTITIES)
def test_each_kind_is_found_without_a_network(entity, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", None)
    alone = PersonalDataDetector([entity])
    text = "Write to {}, ünd so weiter"
    assert masked(text.format(EXAMPLES[entity]), alone, mask) == text.format(f"[{entity}]")


@pytest.mark.parametrize("text", ["2026-01-01", "4111 1111 1111 1112", "ada@localhost", "v1.2.3", "1234567", "12/24"])
def test_what_fails_its_check_is_left_alone(detector, text):
    assert masked(text, detector, mask) == text


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.sampled_from([*EXAMPLES.values(), " ", "some words here ", "日本語 ", "x" * 130]), max_size=14),
    cuts(90),
)
def test_a_text_is_masked_the_same_however_it_comes(detector, parts, sizes):
    text = " ".join(parts)
    assert fed(TextReader(detector, mask).feed, text, sizes) == masked(text, detector, mask)


@pytest.mark.parametrize("before", [0, 60, 120, 127, 128, 250, 380, 1000])
def test_nothing_slips_through_where_windows_meet(detector, before):
    text = "word " * (before // 5) + "w " * (before % 5) + EXAMPLES["CREDIT_CARD"] + " word" * 100
    assert "4111" not in masked(text, detector, mask)


def test_an_entity_that_needs_a_language_model_is_refused():
    with pytest.raises(GuardrailRefusedError, match="PERSON cannot be found"):
        PersonalDataDetector(["PERSON"])


def test_a_missing_extra_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "presidio_analyzer", None)
    with pytest.raises(GuardrailRefusedError, match=r"install litemaas\[pii\]"):
        PersonalDataDetector()
