"""Models in Amazon's and Google's clouds, through their own libraries, with credentials from the environment."""

import asyncio
import gc
import json

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from support.amazon_upstream import BEGINNING, END, EVENT_STREAM, amazon, event
from support.certificates import CertificateAuthority
from support.foreign_upstreams import gemini
from support.gateway import gateway_in_process
from support.upstream import Call, chat, framed, http, running_upstream
from support.wire import PATIENCE, hello, post, wire_to

pytestmark = [
    pytest.mark.xdist_group("contract_foreign"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]

REGION = {"aws_region_name": "eu-central-1"}


@pytest.fixture
def amazon_s_key(monkeypatch):
    """What the gateway's environment has of Amazon; nothing of the machine's own counts."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")


@pytest.fixture
def google_s_account(monkeypatch, tmp_path, upstream) -> None:
    """A service account whose tokens the upstream gives."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    forms = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    account = {
        "type": "service_account",
        "project_id": "p",
        "private_key_id": "k",
        "private_key": key.private_bytes(*forms).decode(),
        "client_email": "models@p.iam.gserviceaccount.com",
        "client_id": "1",
        "token_uri": f"http://{upstream.address}/token",
    }
    file = tmp_path / "account.json"
    file.write_text(json.dumps(account))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(file))


async def model_of(gateway, upstream, provider: str, **more: object) -> tuple[str, str]:
    base = upstream.url.removesuffix("/v1")
    return await gateway.rows.model(base, provider=provider, **more), await gateway.rows.key()


@pytest.mark.parametrize("provider", ["bedrock", "sagemaker"])
async def test_a_chat_with_amazon_is_answered_and_booked(gateway, upstream, amazon_s_key, provider):
    upstream.script = amazon()
    model, key = await model_of(gateway, upstream, provider, settings=REGION)
    answer = await gateway.ask(post(hello(model), key))
    assert (answer.status, json.loads(answer.body)["choices"][0]["message"]["content"]) == (200, "Hello.")
    (row,) = await gateway.booked(key)
    assert (row["input_tokens"], row["output_tokens"], row["estimated"]) == (11, 7, False)
    assert "AKIAEXAMPLE" in upstream.calls[0].headers["authorization"]
    assert "/eu-central-1/" in upstream.calls[0].headers["authorization"]


async def test_an_embedding_of_bedrock_is_booked(gateway, upstream, amazon_s_key):
    upstream.script = amazon()
    model, key = await model_of(gateway, upstream, "bedrock", settings=REGION)
    answer = await gateway.ask(post({"model": model, "input": "Hello"}, key, path="/v1/embeddings"))
    assert json.loads(answer.body)["data"][0]["embedding"] == [0.5, -0.25]
    (row,) = await gateway.booked(key)
    assert row["input_tokens"] == 11


async def test_a_stream_of_bedrock_holds_up_no_other_call(gateway, upstream, amazon_s_key):
    may_end = asyncio.Event()

    async def script(call: Call) -> None:
        await call.send(EVENT_STREAM + framed(b"".join(event(*one) for one in BEGINNING)))
        await may_end.wait()
        await call.send(framed(b"".join(event(*one) for one in END)) + framed(b""))

    upstream.script = script
    async with running_upstream(chat()) as other, wire_to(gateway.address) as wire:
        slow, _ = await model_of(gateway, upstream, "bedrock", settings=REGION)
        quick = await gateway.rows.model(other.url)
        key = await gateway.rows.key()
        await wire.send(post(hello(slow, stream=True), key))
        assert (await wire.head())[0] == 200
        pieces = []
        while b"Hel" not in b"".join(pieces):
            pieces.append(await wire.chunk())
        assert (await gateway.ask(post(hello(quick), key))).status == 200  # while the stream waits for its next event
        may_end.set()
        while piece := await wire.chunk():
            pieces.append(piece)
    assert b'"lo."' in b"".join(pieces)
    assert b"[DONE]" in b"".join(pieces)
    rows = await gateway.booked(key, 2)
    assert {(row["model"], row["output_tokens"], row["estimated"]) for row in rows} >= {(slow, 7, False)}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the library leaves its socket to it
async def test_who_leaves_a_stream_of_bedrock_pays_at_once_and_is_let_go_with_its_next_event(
    gateway, upstream, amazon_s_key
):
    may_end, ended = asyncio.Event(), asyncio.Event()

    async def script(call: Call) -> None:
        await call.send(EVENT_STREAM + framed(b"".join(event(*one) for one in BEGINNING)))
        await may_end.wait()
        await call.send(framed(event(*END[0])))
        ended.set()
        await asyncio.Event().wait()

    upstream.script = script
    model, key = await model_of(gateway, upstream, "bedrock", settings=REGION)
    async with wire_to(gateway.address) as wire:
        await wire.send(post(hello(model, stream=True), key))
        assert (await wire.head())[0] == 200
        await wire.chunk()
        wire.hang_up()
    (row,) = await gateway.booked(key)
    assert (row["status"], row["estimated"]) == (499, True)
    may_end.set()
    await ended.wait()
    async with asyncio.timeout(PATIENCE):
        while not upstream.aborted:
            gc.collect()
            await asyncio.sleep(0.02)  # the step's thread tells nobody


async def test_a_key_of_bedrock_goes_over_tls_to_whom_we_trust(database_url, tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    authority = CertificateAuthority(tmp_path)
    async with (
        gateway_in_process(database_url, LITEMAAS_CA_BUNDLE=str(authority.file)) as gateway,
        running_upstream(amazon(), authority.server_context()) as upstream,
    ):
        model, key = await model_of(gateway, upstream, "bedrock", settings=REGION, credential="bedrock-api-key")
        assert (await gateway.ask(post(hello(model), key))).status == 200
        assert upstream.calls[0].headers["authorization"] == "Bearer bedrock-api-key"


@pytest.mark.parametrize("stream", [False, True])
async def test_vertex_ai_is_called_with_the_account_s_token(gateway, upstream, google_s_account, stream):
    async def script(call: Call) -> None:
        if call.path == "/token":
            token = {"access_token": "token-of-google", "expires_in": 3600, "token_type": "Bearer"}
            await call.send(http(json.dumps(token).encode()))
        else:
            await gemini()(call)

    upstream.script = script
    place = {"vertex_project": "p", "vertex_location": "europe-west4"}
    model, key = await model_of(gateway, upstream, "vertex_ai", settings=place)
    assert (await gateway.ask(post(hello(model, stream=stream), key))).status == 200
    (row,) = await gateway.booked(key)
    assert (row["input_tokens"], row["output_tokens"], row["estimated"]) == (11, 7, False)
    assert upstream.calls[-1].headers["authorization"] == "Bearer token-of-google"
    assert "/projects/p/locations/europe-west4/publishers/google/models/upstream-name:" in upstream.calls[-1].path
