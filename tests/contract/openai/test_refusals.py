"""Each refusal is the SDK's right exception, with the code that we promise."""

import json
from datetime import UTC, datetime, timedelta

import openai
import pytest

from support.gateway import MASTER_KEY
from support.upstream import hanging, http, raw

pytestmark = pytest.mark.xdist_group("contract_openai")


async def refused(call, kind: type[openai.APIError]) -> openai.APIError:
    with pytest.raises(openai.APIError) as refusal:
        await call
    assert type(refusal.value) is kind
    assert set(refusal.value.body) == {"message", "type", "param", "code"}
    return refusal.value


async def test_an_unknown_key_is_401(sdk, model):
    error = await refused(sdk.chat("sk-nobody-has-this-one", model), openai.AuthenticationError)
    assert (error.code, error.type) == ("invalid_api_key", "authentication_error")


async def test_no_key_is_401(sdk, model):
    call = sdk.chat("unused", model, extra_headers={"Authorization": openai.omit})
    assert (await refused(call, openai.AuthenticationError)).code == "invalid_api_key"


async def test_an_expired_key_is_401(server, sdk, model):
    key = await server.rows.key(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    assert (await refused(sdk.chat(key, model), openai.AuthenticationError)).code == "key_expired"


async def test_a_blocked_key_is_401(server, sdk, model):
    key = await server.rows.key(blocked=True)
    assert (await refused(sdk.chat(key, model), openai.AuthenticationError)).code == "key_blocked"


async def test_a_key_for_one_model_is_403_on_another_existing_or_not(server, sdk, upstream, model):
    other = await server.rows.model(upstream.url)
    key = await server.rows.key(model)
    await sdk.chat(key, model)
    for name in (other, "no-such-model"):
        error = await refused(sdk.chat(key, name), openai.PermissionDeniedError)
        assert (error.code, error.param) == ("model_not_allowed", "model")
        assert "key not allowed to access model" in error.message
    assert len(upstream.calls) == 1


async def test_a_key_without_grants_opens_nothing(server, sdk, model):
    key = await server.rows.key("")
    await refused(sdk.chat(key, model), openai.PermissionDeniedError)


async def test_a_model_that_is_not_there_is_404_for_who_may_have_all(sdk, key):
    for holder in (key, MASTER_KEY):
        error = await refused(sdk.chat(holder, "no-such-model"), openai.NotFoundError)
        assert (error.code, error.type) == ("model_not_found", "invalid_request_error")


async def test_a_field_that_cannot_be_right_is_400(sdk, model, key):
    error = await refused(sdk.chat(key, model, max_tokens=-1), openai.BadRequestError)
    assert (error.type, error.param) == ("invalid_request_error", "max_tokens")


async def test_a_request_of_40_mb_is_413(sdk, model, key):
    messages = [{"role": "user", "content": "x" * 40_000_000}]
    error = await refused(sdk.chat(key, model, messages=messages), openai.APIStatusError)
    assert (error.status_code, error.code) == (413, "request_too_large")


@pytest.mark.parametrize("status", ["400 Bad Request", "404 Not Found", "422 Unprocessable Content"])
async def test_the_upstream_s_own_4xx_is_passed_on(server, sdk, upstream, model, key, status):
    body = {"error": {"message": "the prompt is too long", "code": "context_length_exceeded", "param": "messages"}}
    upstream.script = raw(http(json.dumps(body).encode(), status))
    kinds = {"400": openai.BadRequestError, "404": openai.NotFoundError, "422": openai.UnprocessableEntityError}
    error = await refused(sdk.chat(key, model), kinds[status[:3]])
    assert (error.code, error.type, error.param) == ("context_length_exceeded", "upstream_error", "messages")
    (row,) = await server.booked(key)
    assert (row["status"], row["cost"]) == (int(status[:3]), 0)


async def test_the_upstream_s_rate_limit_is_passed_on_with_its_time(sdk, upstream, model, key):
    upstream.script = raw(http(b'{"error": "slow down"}', "429 Too Many Requests", "text/plain", "Retry-After: 7"))
    error = await refused(sdk.chat(key, model), openai.RateLimitError)
    assert error.type == "upstream_error"
    assert error.response.headers["retry-after"] == "7"


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden"])
async def test_a_refused_credential_is_a_502_without_it(server, sdk, upstream, model, key, status):
    body = b'{"error": {"message": "Incorrect API key provided: sk-credential-of-the-upstream"}}'
    upstream.script = raw(http(body, status))
    error = await refused(sdk.chat(key, model), openai.InternalServerError)
    assert (error.status_code, error.code) == (502, "upstream_auth")
    assert "sk-credential" not in error.response.text
    (row,) = await server.booked(key)
    assert (row["status"], row["error_code"], row["cost"]) == (502, "upstream_auth", 0)


@pytest.mark.parametrize(
    "script",
    [
        raw(http(b"Traceback (most recent call last)", "500 Internal Server Error")),
        raw(http(b"", "302 Found", "text/html", "Location: http://127.0.0.1:1/")),
        raw(b"garbage\r\n", close=True),
        raw(b"", close=True),
        raw(http(b'{"choices": [', "200 OK", "application/json", "Content-Length: 100"), close=True),
    ],
    ids=["500", "redirect", "garbage", "nothing", "short"],
)
async def test_an_upstream_that_breaks_is_502(server, sdk, upstream, model, key, script):
    upstream.script = script
    error = await refused(sdk.chat(key, model), openai.InternalServerError)
    assert (error.status_code, error.type, error.code) == (502, "upstream_error", "upstream_failed")
    (row,) = await server.booked(key)
    assert (row["status"], row["cost"]) == (502, 0)


async def test_an_upstream_that_is_not_there_is_502(server, sdk):
    model = await server.rows.model("http://127.0.0.1:1/v1")
    key = await server.rows.key(model)
    error = await refused(sdk.chat(key, model), openai.InternalServerError)
    assert (error.status_code, error.code) == (502, "upstream_failed")
    assert "127.0.0.1" not in error.response.text


async def test_an_upstream_that_never_answers_is_504(server, sdk, upstream):
    model = await server.rows.model(upstream.url, timeouts={"first_byte": 0.1})
    key = await server.rows.key(model)
    upstream.script = hanging()
    error = await refused(sdk.chat(key, model), openai.InternalServerError)
    assert (error.status_code, error.code) == (504, "upstream_timeout")
    (row,) = await server.booked(key)
    assert (row["status"], row["cost"]) == (504, 0)
    await upstream.until(lambda: upstream.aborted == 1)
