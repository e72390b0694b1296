"""LangChain's OpenAI client: chats and responses, whole and streamed, with a tool."""

import json

import pytest
from langchain_openai import ChatOpenAI

from support.upstream import completion, http, raw

pytestmark = pytest.mark.xdist_group("contract_openai")

CALL = {"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": '{"city": "Bonn"}'}}


def weather(city: str) -> str:
    """Tell the weather."""
    return city


@pytest.fixture(params=[False, True], ids=["chats", "responses"])
def client(request, server, model, key):
    return ChatOpenAI(
        base_url=f"{server.url}/v1", api_key=key, model=model, max_retries=0, use_responses_api=request.param
    )


async def test_langchain_s_client_is_answered(server, client, key):
    answer = await client.ainvoke("Hello")
    assert answer.text == "Hello."
    assert answer.usage_metadata["total_tokens"] == 18
    (row,) = await server.booked(key)
    assert (row["input_tokens"], row["output_tokens"]) == (11, 7)


async def test_langchain_s_client_reads_a_stream(server, client, key):
    pieces = [piece async for piece in client.astream("Hello")]
    assert "".join(piece.text for piece in pieces) == "Hello."
    (row,) = await server.booked(key)
    assert row["streamed"]


async def test_langchain_s_client_calls_a_tool(upstream, client):
    called = json.loads(completion("", None))
    called["choices"][0]["message"] |= {"content": None, "tool_calls": [CALL]}
    upstream.script = raw(http(json.dumps(called).encode()))
    answer = await client.bind_tools([weather]).ainvoke("Weather in Bonn?")
    (call,) = answer.tool_calls
    assert (call["name"], call["args"]) == ("weather", {"city": "Bonn"})
