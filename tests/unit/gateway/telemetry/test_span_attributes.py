"""What a span says of a call."""

from decimal import Decimal

import pytest

from litemaas.domain.catalog.entities import Deployment
from litemaas.domain.serving import Target
from litemaas.domain.settlement import Record
from litemaas.gateway.endpoints.rows import BY_PATH, MESSAGES, RESPONSES
from litemaas.gateway.telemetry.span_attributes import TracedCall, attributes_of, operation_of


def attributes(provider: str = "openai", api_base: str | None = None, **outcome: object) -> dict[str, object]:
    record = Record("1", 1.0, 200, Decimal(0), 5, None)
    for name, value in outcome.items():
        setattr(record, name, value)
    deployment = Deployment(id="d", group_id="g", provider=provider, upstream_model="up", api_base=api_base)
    return attributes_of(TracedCall(record, "/chat/completions", Target(deployment, "m", None, ()), None, {}))


@pytest.mark.parametrize(
    ("path", "operation"),
    [
        ("/chat/completions", "chat"),
        (MESSAGES.path, "chat"),
        (RESPONSES.path, "chat"),
        ("/completions", "text_completion"),
        ("/embeddings", "embeddings"),
        ("/tokenize", "tokenize"),
        ("/audio/transcriptions", "audio_transcriptions"),
    ],
)
def test_a_route_is_an_operation(path, operation):
    assert operation_of(path) == operation


def test_every_route_is_one_word():
    assert all("/" not in operation_of(endpoint.path) for endpoint in BY_PATH.values())


@pytest.mark.parametrize(
    ("provider", "name"), [("openai", "openai"), ("bedrock", "aws.bedrock"), ("hosted_vllm", "hosted_vllm")]
)
def test_providers_have_the_names_of_the_conventions(provider, name):
    assert attributes(provider)["gen_ai.provider.name"] == name


def test_a_provider_has_an_address_of_its_own_unless_the_deployment_has_one():
    assert attributes()["server.address"] == "api.openai.com"
    assert attributes()["server.port"] == 443
    told = attributes(api_base="http://user:secret@10.0.0.1/v1")
    assert (told["server.address"], told["server.port"]) == ("10.0.0.1", 80)
    assert "secret" not in str(told)


def test_what_there_is_none_of_is_left_out():
    told = attributes(first_byte_ms=3)
    assert not {"gen_ai.response.time_to_first_chunk", "error.type", "litemaas.key_id", "litemaas.cached"} & told.keys()
    assert attributes(first_byte_ms=3, streamed=True)["gen_ai.response.time_to_first_chunk"] == 0.003


def test_an_error_without_a_code_is_told_by_its_status():
    assert attributes(status=499)["error.type"] == "499"
    assert attributes(status=502, error_code="upstream_error")["error.type"] == "upstream_error"
