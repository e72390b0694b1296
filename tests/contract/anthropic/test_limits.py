"""What Anthropic's SDK sees when a call may not run: the gateway's rules, in Anthropic's form."""

import anthropic
import pytest

pytestmark = pytest.mark.xdist_group("contract_anthropic")


async def test_an_unknown_key_is_refused(sdk, model):
    with pytest.raises(anthropic.AuthenticationError) as caught:
        await sdk.say_hello("sk-unknown", model)
    assert caught.value.body["error"] | {"message": ""} == {
        "type": "authentication_error",
        "message": "",
        "code": "invalid_api_key",
    }


async def test_a_bearer_token_is_a_key_too(server, sdk, model, key):
    answer = await sdk.say_hello("unused", model, extra_headers={"x-api-key": "", "Authorization": f"Bearer {key}"})
    assert answer.content[0].text == "Hello."


async def test_a_model_that_is_not_granted_is_refused(server, sdk, upstream, model):
    other = await server.rows.model(upstream.url)
    key = await server.rows.key(other)
    for call in (sdk.say_hello(key, model), sdk.call("messages.count_tokens", key, model=model, messages=[])):
        with pytest.raises(anthropic.PermissionDeniedError, match="key not allowed to access model"):
            await call
    assert upstream.calls == []


async def test_the_rate_limit_holds_for_messages_and_counts(server, sdk, model):
    key = await server.rows.key(rpm_limit=2)
    await sdk.call("messages.count_tokens", key, model=model, messages=[])
    await sdk.say_hello(key, model)
    with pytest.raises(anthropic.RateLimitError) as caught:
        await sdk.say_hello(key, model)
    assert caught.value.body["error"]["type"] == "rate_limit_error"
    assert int(caught.value.response.headers["retry-after"]) >= 1


async def test_a_spent_budget_is_refused(server, sdk, model):
    key = await server.rows.key(max_budget="0.000001")
    with pytest.raises(anthropic.RateLimitError) as caught:
        await sdk.say_hello(key, model)
    assert caught.value.body["error"]["code"] == "insufficient_quota"
    assert caught.value.response.headers["x-should-retry"] == "false"


async def test_models_are_listed_in_anthropic_s_form(server, sdk, model, native):
    key = await server.rows.key(model, native)
    listed = await sdk.call("models.list", key)
    assert {one.id for one in listed.data} == {model, native}
    one = await sdk.call("models.retrieve", key, model_id=model)
    assert (one.type, one.display_name) == ("model", model)
