"""Chats, responses and messages that name a kept file: only for who uploaded it, only to where it lies."""

import json

import openai
import pytest

from support.batch_upstream import BatchUpstream
from support.responses_upstream import ResponsesUpstream
from support.upstream import Call, Upstream, chat, running_upstream
from support.wire import post

pytestmark = pytest.mark.xdist_group("contract_openai")


class FileKeeper:
    """A model server that keeps files, and answers chats and responses."""

    def __init__(self) -> None:
        self.files = BatchUpstream()
        self._responses = ResponsesUpstream()

    async def script(self, call: Call) -> None:
        if "/files" in call.path:
            await self.files.script(call)
        elif "/responses" in call.path:
            await self._responses(call)
        else:
            await chat()(call)


@pytest.fixture
def keeper(upstream: Upstream) -> FileKeeper:
    keeper = FileKeeper()
    upstream.script = keeper.script
    return keeper


async def upload(sdk, key: str, model: str, content: bytes = b"text", name: str = "a.txt") -> str:
    file = await sdk.call("files.create", key, file=(name, content), purpose="user_data", extra_body={"model": model})
    return file.id


def asking_about(*files: str) -> list[dict]:
    parts = [{"type": "file", "file": {"file_id": one}} for one in files]
    return [{"role": "user", "content": [{"type": "text", "text": "What is in it?"}, *parts]}]


async def test_a_chat_may_name_its_caller_s_file(sdk, upstream, keeper, model, key):
    file_id = await upload(sdk, key, model)
    await sdk.chat(key, model, messages=asking_about(file_id))
    assert upstream.calls[-1].json["messages"] == asking_about(file_id)


async def test_a_chat_may_not_name_another_s_file(server, sdk, upstream, keeper, model, key):
    file_id = await upload(sdk, key, model)
    other = await server.rows.key()
    for stream in (False, True):
        with pytest.raises(openai.NotFoundError, match=f"no file '{file_id}' for this key"):
            await sdk.chat(other, model, messages=asking_about(file_id), stream=stream)
    escaped = json.dumps({"model": model, "messages": asking_about(file_id)}).replace('"file_id"', '"f\\u0069le_id"')
    assert (await server.ask(post(escaped.encode(), other))).status == 404
    assert not [call for call in upstream.calls if call.path.endswith("/chat/completions")]


async def test_a_chat_about_a_file_goes_to_the_deployment_that_keeps_it(server, sdk, upstream, keeper, model):
    async with running_upstream(keeper.script) as another:
        await server.rows.second_deployment(model, another.url)
        key = await server.rows.key()
        file_id = await upload(sdk, key, model)
        (kept_at,) = (one for one in (upstream, another) if one.calls)
        for _ in range(4):  # without the file each call is as likely to go to either
            await sdk.chat(key, model, messages=asking_about(file_id))
        chats = [call for call in upstream.calls + another.calls if call.path.endswith("/chat/completions")]
        assert len(chats) == 4
        assert kept_at.calls[1:] == chats


async def test_a_file_s_text_counts_in_what_is_set_aside(server, sdk, keeper, model):
    key = await server.rows.key(max_budget="0.001")
    file_id = await upload(sdk, key, model, b"x" * 2000)
    with pytest.raises(openai.RateLimitError) as refused:
        await sdk.chat(key, model, messages=asking_about(file_id), max_tokens=9)
    assert refused.value.code == "insufficient_quota"
    image = await upload(sdk, key, model, b"x" * 2000, "a.png")
    with pytest.raises(openai.RateLimitError):  # 2,048 tokens, whatever its size
        await sdk.chat(key, model, messages=asking_about(image), max_tokens=9)
    await sdk.chat(key, model, max_tokens=9)


async def test_a_response_may_name_its_caller_s_files_only(server, sdk, upstream, keeper):
    model = await server.rows.model(upstream.url, provider="hosted_vllm")
    key, other = await server.rows.key(), await server.rows.key()
    file_id = await upload(sdk, key, model)
    asked = [{"role": "user", "content": [{"type": "input_file", "file_id": file_id}]}]
    await sdk.call("responses.create", key, model=model, input=asked)
    with pytest.raises(openai.NotFoundError):
        await sdk.call("responses.create", other, model=model, input=asked)
    tool = {"type": "code_interpreter", "container": {"type": "auto", "file_ids": [file_id]}}
    with pytest.raises(openai.NotFoundError):
        await sdk.call("responses.create", other, model=model, input="Run it", tools=[tool])


@pytest.mark.parametrize(
    "tool",
    [
        {"type": "code_interpreter", "container": "cntr_1"},
        {"type": "file_search", "vector_store_ids": ["vs_1"]},
    ],
)
async def test_what_is_not_kept_apart_by_key_cannot_be_named(server, sdk, upstream, keeper, tool):
    model = await server.rows.model(upstream.url, provider="hosted_vllm")
    key = await server.rows.key()
    with pytest.raises(openai.BadRequestError, match="not kept apart by key"):
        await sdk.call("responses.create", key, model=model, input="Hello", tools=[tool])
    assert not upstream.calls
