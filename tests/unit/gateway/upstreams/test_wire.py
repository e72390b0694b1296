"""The request that goes upstream is of our own making."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from litemaas.domain.catalog.entities import Deployment, Timeouts
from litemaas.domain.serving import Target
from litemaas.gateway.endpoints.rows import CHAT, EMBEDDINGS, MESSAGES, Endpoint
from litemaas.gateway.upstreams.foreign_wire import ForeignWire
from litemaas.gateway.upstreams.wire import TargetWire, TargetWires, Wire
from litemaas.providers.upstream import UpstreamCall, Upstreams
from litemaas.providers.upstream.pool import Origin
from litemaas.settings import Secret, UpstreamSettings


def target(api_base: str | None = "http://model.example:8000/v1", model="m", credential=None, **more) -> Target:
    deployment = Deployment(
        id=more.pop("id", "d-1"),
        group_id=uuid4(),
        provider=more.pop("provider", "openai"),
        upstream_model="theirs",
        api_base=api_base,
        created_at=datetime.now(UTC),
        **more,
    )
    return Target(deployment, model, Secret(credential) if credential else None, ())


class Submitted(Upstreams):
    """Notes where calls would go."""

    def __init__(self) -> None:
        self.origins: list[Origin] = []

    def pool(self, origin: Origin) -> "Submitted":
        self.origins.append(origin)
        return self

    def submit(self, call: UpstreamCall) -> None:
        """Goes nowhere."""


def wire(*arguments, **more) -> TargetWire:
    return TargetWire(target(*arguments, **more), UpstreamSettings(), Submitted())


def sent(of: TargetWire, endpoint: Endpoint, body: bytes, *head_lines: str) -> bytes:
    """The bytes that go upstream."""
    call = UpstreamCall()
    of.send(call, endpoint, body, *head_lines)
    assert call.timeouts == of.timeouts
    return call.request


def origin(of: Wire) -> Origin:
    return of._pool.origins[-1]


def test_a_request_has_exactly_the_lines_that_it_needs():
    assert sent(wire(credential="sk-up"), CHAT, b"{}") == (
        b"POST /v1/chat/completions HTTP/1.1\r\n"
        b"Host: model.example:8000\r\n"
        b"Content-Type: application/json\r\n"
        b"Accept: */*\r\n"
        b"Accept-Encoding: identity\r\n"
        b"Authorization: Bearer sk-up\r\n"
        b"Content-Length: 2\r\n\r\n{}"
    )


def test_a_model_server_without_a_key_gets_none():
    assert b"Authorization" not in sent(wire(), CHAT, b"{}")


@pytest.mark.parametrize(
    ("api_base", "host", "path"),
    [
        ("https://model.example/v1/", b"model.example", b"/v1/embeddings"),
        ("https://model.example:443/v1", b"model.example", b"/v1/embeddings"),
        ("http://model.example", b"model.example", b"/embeddings"),
        ("http://[::1]:8000/deep/v1", b"[::1]:8000", b"/deep/v1/embeddings"),
    ],
)
def test_the_address_is_taken_as_people_write_it(api_base, host, path):
    request = sent(wire(api_base), EMBEDDINGS, b"")
    assert request.startswith(b"POST %b HTTP/1.1\r\nHost: %b\r\n" % (path, host))


def test_a_provider_s_own_address_serves_where_none_is_given():
    assert origin(wire(None)).host == "api.openai.com"


def test_openai_s_own_servers_take_the_bound_under_its_new_name():
    assert wire(None).max_output_field == "max_completion_tokens"
    assert wire("https://mine.openai.azure.com/openai/v1").max_output_field == "max_completion_tokens"
    assert wire("https://openai.com.example/v1").max_output_field == "max_tokens"


@pytest.mark.parametrize(
    "api_base", ["", "model.example", "ftp://model.example", "http://", "http://u:p@model.example"]
)
def test_an_address_that_is_none_is_refused(api_base):
    with pytest.raises(ValueError, match="must"):
        wire(api_base, provider="vllm")


def test_names_cannot_break_out_of_a_header():
    lines = wire(model="mine\r\nset-cookie: x=ü").answer_lines
    assert lines == b"x-litemaas-model: mine??set-cookie: x=?\r\nx-litemaas-deployment: d-1\r\n"


def test_a_deployment_s_own_patience_stands_above_the_setting():
    timeouts = wire(timeouts=Timeouts(idle=3.5)).timeouts
    assert timeouts.idle == 3.5
    assert timeouts.connect == UpstreamSettings().connect_timeout


def test_a_changed_deployment_gets_a_new_wire_and_an_unchanged_one_keeps_its():
    wires = TargetWires(UpstreamSettings(), Submitted())
    first, second = target(), target("http://other.example/v1")
    assert wires.of(first, CHAT) is wires.of(first, CHAT)
    assert origin(wires.of(second, CHAT)).host == "other.example"


def test_further_header_lines_follow_our_own():
    request = sent(wire(), CHAT, b"{}", "anthropic-beta: one\r\n")
    assert request.endswith(b"Content-Length: 2\r\nanthropic-beta: one\r\n\r\n{}")


def test_a_provider_that_speaks_another_language_is_reached_through_a_library():
    wires = TargetWires(UpstreamSettings(), Submitted())
    claude = target(provider="anthropic")
    assert isinstance(wires.of(claude, MESSAGES), TargetWire)
    assert isinstance(wires.of(claude, CHAT), ForeignWire)
