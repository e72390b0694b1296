"""A model that both kinds of servers serve: every call is a chat, and Anthropic's server is asked through any-llm."""

import anthropic
import pytest

from support.anthropic_upstream import messages
from support.upstream import Call, chat

pytestmark = pytest.mark.xdist_group("contract_anthropic")


async def either(call: Call) -> None:
    """Answer in the dialect in which it is asked."""
    await (messages() if call.path.endswith("/messages") else chat())(call)


@pytest.fixture
async def mixed(server, upstream, model) -> str:
    upstream.script = either
    other = await server.rows.model(upstream.url, credential="sk-of-anthropic", provider="anthropic")
    await server.rows.connection.execute(
        """
        UPDATE deployments SET group_id = mixed.id FROM model_groups mixed, model_groups other
        WHERE mixed.name = $1 AND other.name = $2 AND group_id = other.id
        """,
        model,
        other,
    )
    return model


async def test_a_model_of_both_answers_in_the_same_form(server, sdk, upstream, mixed):
    key = await server.rows.key()
    answers = [await sdk.say_hello(key, mixed) for _ in range(10)]
    answers += [await sdk.stream_hello(key, mixed) for _ in range(10)]
    assert {answer.content[0].text for answer in answers} == {"Hello."}
    assert {answer.usage.output_tokens for answer in answers} == {7}
    assert {call.path for call in upstream.calls} == {"/v1/chat/completions", "/v1/messages"}
    rows = await server.booked(key, 20)
    assert {row["provider"] for row in rows} == {"openai", "anthropic"}


async def test_tokens_of_both_are_estimated(server, sdk, upstream, mixed):
    counted = await sdk.call("messages.count_tokens", await server.rows.key(), model=mixed, messages=[])
    assert counted.input_tokens >= 1
    assert upstream.calls == []


async def test_what_anthropic_alone_can_do_is_refused(server, sdk, mixed):
    tools = [{"type": "web_search_20250305", "name": "web_search"}]
    with pytest.raises(anthropic.BadRequestError, match="web_search"):
        await sdk.say_hello(await server.rows.key(), mixed, tools=tools)
