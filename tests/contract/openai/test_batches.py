"""Files and batches, as the official SDK asks for them."""

import json
from decimal import Decimal

import openai
import pytest

from support.batch_upstream import BatchUpstream
from support.upstream import Upstream, http, raw

pytestmark = pytest.mark.xdist_group("contract_openai")


def calls(*models: str, **more: object) -> tuple[str, bytes]:
    """A batch's file, with one call of each model."""
    lines = [
        {
            "custom_id": f"call-{number}",
            "method": "POST",
            "url": "/v1/chat/completions",
            "body": {"model": model, "messages": [{"role": "user", "content": "Hello"}]} | more,
        }
        for number, model in enumerate(models)
    ]
    return "calls.jsonl", b"".join(json.dumps(line).encode() + b"\n" for line in lines)


@pytest.fixture
def keeper(upstream: Upstream) -> BatchUpstream:
    """The upstream, with files and batches."""
    keeper = BatchUpstream()
    upstream.script = keeper.script
    return keeper


async def batch_of(sdk, key: str, model: str) -> str:
    file = await sdk.call("files.create", key, file=calls(model, model), purpose="batch")
    made = await sdk.call(
        "batches.create", key, input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h"
    )
    return made.id


async def test_a_batch_runs_and_is_paid_for_once(server, sdk, upstream, keeper, model, key):
    batch_id = await batch_of(sdk, key, model)
    assert all(json.loads(line)["body"]["model"] == "upstream-name" for line in keeper.files["file-1"].splitlines())
    assert (await sdk.call("batches.retrieve", key, batch_id=batch_id)).status == "in_progress"
    keeper.batches[batch_id]["status"] = "finishing"
    over = await sdk.call("batches.retrieve", key, batch_id=batch_id)
    assert over.status == "completed"
    await sdk.call("batches.retrieve", key, batch_id=batch_id)
    content = await sdk.call("files.content", key, file_id=over.output_file_id)
    assert content.text.count("custom_id") == 2
    (row,) = await server.booked(key)
    assert (row["endpoint"], row["input_tokens"], row["output_tokens"]) == ("/batches", 20, 10)
    assert row["cost"] == await server.rows.spent(key) == Decimal("0.00004")
    assert all(call.headers["authorization"] == "Bearer sk-credential-of-the-upstream" for call in upstream.calls)


async def test_what_the_batch_itself_tells_of_its_usage_is_believed(server, sdk, keeper, model, key):
    keeper.tells_usage = True
    batch_id = await batch_of(sdk, key, model)
    keeper.batches[batch_id]["status"] = "finishing"
    await sdk.call("batches.retrieve", key, batch_id=batch_id)
    (row,) = await server.booked(key)
    assert (row["input_tokens"], row["output_tokens"]) == (100, 50)


async def test_results_cannot_be_had_before_they_are_paid_for(server, sdk, keeper, model, key):
    batch_id = await batch_of(sdk, key, model)
    keeper.batches[batch_id]["status"] = "finishing"
    keeper._finish(keeper.batches[batch_id])
    with pytest.raises(openai.NotFoundError):
        await sdk.call("files.content", key, file_id=keeper.batches[batch_id]["output_file_id"])


async def test_nobody_sees_what_another_made(server, sdk, keeper, model, key):
    batch_id = await batch_of(sdk, key, model)
    other = await server.rows.key()
    for method, arguments in (
        ("files.retrieve", {"file_id": "file-1"}),
        ("files.content", {"file_id": "file-1"}),
        ("files.delete", {"file_id": "file-1"}),
        ("batches.retrieve", {"batch_id": batch_id}),
        ("batches.cancel", {"batch_id": batch_id}),
        ("batches.create", {"input_file_id": "file-1", "endpoint": "/v1/chat/completions", "completion_window": "24h"}),
    ):
        with pytest.raises(openai.NotFoundError):
            await sdk.call(method, other, **arguments)
    assert "file-1" in keeper.files
    assert (await sdk.call("files.list", other)).data == []
    assert [one.id for one in (await sdk.call("files.list", key)).data] == ["file-1"]
    assert [one.id for one in (await sdk.call("batches.list", key)).data] == [batch_id]


async def test_an_own_file_can_be_read_and_deleted(sdk, keeper, model, key):
    file = await sdk.call(
        "files.create", key, file=("a.txt", b"text"), purpose="user_data", extra_body={"model": model}
    )
    assert keeper.forms == [{"purpose": b"user_data"}]
    assert (await sdk.call("files.retrieve", key, file_id=file.id)).bytes == 4
    assert (await sdk.call("files.content", key, file_id=file.id)).text == "text"
    assert (await sdk.call("files.delete", key, file_id=file.id)).deleted
    with pytest.raises(openai.NotFoundError):
        await sdk.call("files.retrieve", key, file_id=file.id)


async def test_a_batch_may_call_the_model_of_its_file_only(server, sdk, upstream, keeper, model, key):
    other = await server.rows.model(upstream.url)
    with pytest.raises(openai.BadRequestError, match="Line 2 calls another model"):
        await sdk.call("files.create", key, file=calls(model, other), purpose="batch")
    with pytest.raises(openai.BadRequestError, match="Line 1 is no call"):
        await sdk.call("files.create", key, file=("x", b"{}\n"), purpose="batch", extra_body={"model": model})
    assert not keeper.files


async def test_a_file_for_a_model_that_the_key_does_not_open_is_refused(server, sdk, upstream, keeper, model):
    other = await server.rows.model(upstream.url)
    key = await server.rows.key(model)
    with pytest.raises(openai.PermissionDeniedError):
        await sdk.call("files.create", key, file=calls(other), purpose="batch")
    with pytest.raises(openai.BadRequestError, match="Say for which model"):
        await sdk.call("files.create", key, file=("a.txt", b"text"), purpose="user_data")
    assert not keeper.files


async def test_no_batch_begins_without_money(server, sdk, keeper, model):
    key = await server.rows.key(max_budget="0")
    file = await sdk.call("files.create", key, file=calls(model), purpose="batch")
    with pytest.raises(openai.RateLimitError):
        await sdk.call(
            "batches.create", key, input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h"
        )
    assert not keeper.batches


async def test_no_batch_begins_that_could_cost_more_than_is_left_beside_those_that_run(server, sdk, keeper, model):
    key = await server.rows.key(max_budget="0.0005")  # at 2e-6 a token of output: two batches of a hundred
    dear = await sdk.call("files.create", key, file=calls(model, model, max_tokens=150), purpose="batch")
    cheap = await sdk.call("files.create", key, file=calls(model, max_tokens=100), purpose="batch")

    async def begin(file_id: str) -> str:
        arguments = {"endpoint": "/v1/chat/completions", "completion_window": "24h"}
        return (await sdk.call("batches.create", key, input_file_id=file_id, **arguments)).id

    with pytest.raises(openai.RateLimitError, match="may cost"):
        await begin(dear.id)
    first = await begin(cheap.id)
    await begin(cheap.id)
    with pytest.raises(openai.RateLimitError):
        await begin(cheap.id)
    assert len(keeper.batches) == 2
    keeper.batches[first]["status"] = "finishing"
    await sdk.call("batches.retrieve", key, batch_id=first)
    await server.booked(key)
    await begin(cheap.id)  # what the first one did not cost is free again


async def test_a_cancelled_batch_is_told_and_booked(server, sdk, keeper, model, key):
    batch_id = await batch_of(sdk, key, model)
    assert (await sdk.call("batches.cancel", key, batch_id=batch_id)).status == "cancelled"
    (row,) = await server.booked(key)
    assert (row["endpoint"], row["cost"]) == ("/batches", 0)


async def test_a_file_whose_lines_nobody_has_read_is_no_batch(sdk, upstream, keeper, model, key):
    file = await sdk.call(
        "files.create", key, file=calls("what-the-account-opens"), purpose="user_data", extra_query={"model": model}
    )
    before = len(upstream.calls)
    with pytest.raises(openai.BadRequestError, match="purpose 'batch'"):
        await sdk.call(
            "batches.create", key, input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h"
        )
    assert len(upstream.calls) == before


@pytest.mark.parametrize("rubbish", [b"", b"yes", b"[]", b'{"id": 5}'])
async def test_a_server_that_answers_with_rubbish_is_told_as_such(sdk, upstream, keeper, model, key, rubbish):
    upstream.script = raw(http(rubbish))
    with pytest.raises(openai.InternalServerError) as failure:
        await sdk.call("files.create", key, file=calls(model), purpose="batch")
    assert failure.value.status_code == 502
    assert failure.value.type == "upstream_error"
