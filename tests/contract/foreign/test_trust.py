"""Providers' own clients, at servers whose certificate an authority of ours has signed."""

import json

import pytest

from litemaas.domain.probing import Trial, probe
from litemaas.settings import Secret
from support.anthropic_upstream import messages
from support.certificates import CertificateAuthority
from support.foreign_upstreams import cohere, gemini
from support.gateway import gateway_in_process
from support.upstream import running_upstream
from support.wire import hello, post

pytestmark = [
    pytest.mark.xdist_group("contract_foreign"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:google"),
]

PROVIDERS = {"anthropic": messages, "cohere": cohere, "gemini": gemini}


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_an_authority_of_ours_is_trusted(database_url, tmp_path, provider):
    authority, stranger = CertificateAuthority(tmp_path), CertificateAuthority(tmp_path, "stranger")
    async with (
        gateway_in_process(database_url, LITEMAAS_CA_BUNDLE=str(authority.file)) as gateway,
        running_upstream(PROVIDERS[provider](), authority.server_context()) as ours,
        running_upstream(PROVIDERS[provider](), stranger.server_context()) as another,
    ):
        trusted, foreign = [
            await gateway.rows.model(server.url.removesuffix("/v1"), provider=provider, credential="sk-provider")
            for server in (ours, another)
        ]
        key = await gateway.rows.key()
        answer = await gateway.ask(post(hello(trusted), key))
        assert (answer.status, json.loads(answer.body)["choices"][0]["message"]["content"]) == (200, "Hello.")
        assert (await gateway.ask(post(hello(foreign), key))).status == 502
        assert not another.calls


@pytest.mark.parametrize("provider", ["cohere", "gemini"])
async def test_a_trial_trusts_as_calls_do(database_url, tmp_path, provider):
    authority = CertificateAuthority(tmp_path)
    async with (
        gateway_in_process(database_url, LITEMAAS_CA_BUNDLE=str(authority.file)) as gateway,
        running_upstream(PROVIDERS[provider](), authority.server_context()) as ours,
    ):
        trial = Trial(provider, "m", "chat", ours.url.removesuffix("/v1"), Secret("sk-provider"))
        assert (await probe(gateway.platform.upstreams, trial)).ok


async def test_who_cannot_be_told_of_an_authority_is_said_to(gateway):
    trial = Trial("watsonx", "m", "responses", "https://127.0.0.1:9", None)
    steps = (await probe(gateway.platform.upstreams, trial)).steps
    assert [(step.name, step.verdict) for step in steps] == [("address", "ok"), ("tls", "skipped"), ("call", "skipped")]
    assert "LITEMAAS_CA_BUNDLE" in steps[1].detail
