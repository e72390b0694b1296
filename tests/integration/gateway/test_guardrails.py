"""Guardrails at the edge: what models get, what clients get, and what is paid."""

import json
from decimal import Decimal

import pytest

from support.guarding import SECRET, content, guard, told
from support.upstream import DONE, STREAM_HEAD, USAGE, chunk, completion, events, framed, hanging, http, raw, stream
from support.wire import hello, post, wire_to

pytestmark = pytest.mark.xdist_group("gateway_guardrails")


def saying(text: str) -> list[dict]:
    return [{"role": "user", "content": text}]


async def test_a_secret_in_a_prompt_does_not_reach_the_model(gateway, upstream, model, key):
    await guard(gateway, model)
    answer = await gateway.ask(post(hello(model, messages=saying(f"My token is {SECRET}, ünd?")), key))
    assert answer.status == 200
    (call,) = upstream.calls
    assert call.json["messages"] == saying("My token is [github_token], ünd?")


async def test_a_blocked_request_is_refused_before_it_costs_anything_and_never_told(gateway, upstream, model, key):
    name = await guard(gateway, model, action="block")
    answer = await gateway.ask(post(hello(model, messages=saying(SECRET)), key))
    assert (answer.status, answer.error["code"]) == (400, f"guardrail_blocked:{name}")
    assert SECRET.encode() not in answer.body
    assert upstream.calls == []
    assert await gateway.rows.booked(key) == []


async def test_a_guardrail_leaves_others_alone(gateway, upstream, model, key):
    other = await gateway.rows.model(upstream.url)
    await guard(gateway, other, action="block")
    assert (await gateway.ask(post(hello(model, messages=saying(SECRET)), key))).status == 200


async def test_a_guardrail_of_a_key_guards_that_key_alone(gateway, upstream, model, key):
    another = await gateway.rows.key()
    guarded = {"holder": "key", "id": str(await gateway.rows.id_of(key))}
    await guard(gateway, model, action="block", bindings=[guarded])
    statuses = [(await gateway.ask(post(hello(model, messages=saying(SECRET)), one))).status for one in (key, another)]
    assert statuses == [400, 200]


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/v1/completions", {"prompt": ["x", SECRET]}),
        ("/v1/embeddings", {"input": [SECRET]}),
        ("/v1/responses", {"input": [{"role": "user", "content": [{"type": "input_text", "text": SECRET}]}]}),
        ("/v1/messages", {"messages": saying(SECRET), "max_tokens": 9}),
        ("/v1/messages", {"messages": saying("x"), "system": SECRET, "max_tokens": 9}),
        ("/v1/chat/completions", {"messages": saying("x"), "tools": [{"function": {"description": SECRET}}]}),
        ("/v1/rerank", {"query": "x", "documents": [SECRET]}),
        ("/v1/rerank", {"query": "x", "documents": [{"text": "x", "status": SECRET}]}),
        ("/v1/moderations", {"input": [{"type": "text", "text": SECRET}]}),
        ("/v1/images/generations", {"prompt": SECRET}),
        ("/v1/audio/speech", {"input": SECRET}),
        ("/tokenize", {"prompt": SECRET}),
    ],
)
async def test_every_route_is_guarded(gateway, upstream, model, key, path, fields):
    name = await guard(gateway, model, action="block")
    answer = await gateway.ask(post({"model": model} | fields, key, path=path))
    assert answer.status == 400
    assert name in json.loads(answer.body)["error"]["message"]
    assert upstream.calls == []


async def test_arguments_of_a_tool_stay_json_when_they_are_masked(gateway, upstream, model, key):
    await guard(gateway, model, kind="pattern", patterns=[r"\b\d{16}\b"])
    arguments = '{"card": 4111111111111111, "note": "caf\\u00e9 4111111111111111\\n"}'
    call = {"id": "c", "type": "function", "function": {"name": "pay", "arguments": arguments}}
    message = {"role": "assistant", "content": None, "tool_calls": [call]}
    assert (await gateway.ask(post(hello(model, messages=[message]), key))).status == 200
    sent = upstream.calls[0].json["messages"][0]["tool_calls"][0]["function"]["arguments"]
    assert [list(json.loads(sent)), "411" in sent] == [["card", "note"], False]


async def test_a_whole_answer_is_masked_and_costs_what_it_used(gateway, upstream, model, key):
    name = await guard(gateway, model)
    upstream.script = raw(http(completion(f"Take {SECRET}.")))
    answer = await gateway.ask(post(hello(model), key))
    assert json.loads(answer.body)["choices"][0]["message"]["content"] == "Take [github_token]."
    assert json.loads(answer.body)["usage"] == USAGE
    (row,) = await gateway.booked(key)
    assert (row["status"], row["input_tokens"], row["output_tokens"]) == (200, 11, 7)
    assert gateway.platform.guardrail_tally.findings[name, "mask", "output"]


async def test_a_blocked_answer_is_not_told_and_is_paid_for(gateway, upstream, model, key):
    name = await guard(gateway, model, action="block", sides=["output"])
    upstream.script = raw(http(completion(f"Take {SECRET}.")))
    answer = await gateway.ask(post(hello(model), key))
    assert (answer.status, answer.error["code"]) == (400, f"guardrail_blocked:{name}")
    assert SECRET.encode() not in answer.body
    (row,) = await gateway.booked(key)
    assert (row["status"], row["error_code"]) == (400, f"guardrail_blocked:{name}")
    assert row["cost"] == 11 * Decimal("0.000001") + 7 * Decimal("0.000002")


@pytest.mark.parametrize("size", [1, 3, 7, 100])
async def test_a_stream_is_masked_wherever_it_is_cut(gateway, upstream, model, key, size):
    await guard(gateway, model)
    text = f"Take {SECRET} and 日本語 go."
    pieces = [chunk(text[at : at + size]) for at in range(0, len(text), size)]
    ended = chunk("") | {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
    upstream.script = stream(events(*pieces, ended))
    answer = await gateway.ask(post(hello(model, stream=True), key))
    assert content(answer.body) == "Take [github_token] and 日本語 go."
    assert answer.body.endswith(DONE)
    assert SECRET[:12].encode() not in answer.body


async def test_what_cannot_be_a_secret_is_not_held_back(gateway, upstream, model, key):
    await guard(gateway, model)
    upstream.script = hanging(STREAM_HEAD, framed(events(chunk("Hello there."))[: -len(DONE)]))
    async with wire_to(gateway.address) as wire:
        await wire.send(post(hello(model, stream=True), key))
        await wire.head()
        assert content(await wire.chunk()) == "Hello there."


async def test_a_blocked_stream_ends_with_an_error_and_is_paid_as_far_as_it_came(gateway, upstream, model, key):
    name = await guard(gateway, model, action="block", sides=["output"])
    said = [chunk("One "), chunk(SECRET), chunk(" two "), chunk("three")]
    upstream.script = hanging(STREAM_HEAD, *(framed(b"data: %b\n\n" % json.dumps(one).encode()) for one in said))
    answer = await gateway.ask(post(hello(model, stream=True), key))
    assert content(answer.body) == "One "
    assert told(answer.body)[-1]["error"]["code"] == f"guardrail_blocked:{name}"
    assert SECRET.encode() not in answer.body
    await upstream.until(lambda: upstream.aborted == 1)
    (row,) = await gateway.booked(key)
    assert (row["status"], row["error_code"], row["streamed"]) == (400, f"guardrail_blocked:{name}", True)
    assert row["estimated"]
    assert row["output_tokens"] >= 2
    assert row["cost"] > 0


async def test_a_guardrail_that_logs_changes_nothing_and_tells_no_text(gateway, upstream, model, key, caplog):
    name = await guard(gateway, model, action="log")
    upstream.script = raw(http(completion(SECRET)))
    answer = await gateway.ask(post(hello(model, messages=saying(SECRET)), key))
    assert SECRET.encode() in answer.body
    assert upstream.calls[0].json["messages"] == saying(SECRET)
    lines = [one.getMessage() for one in caplog.records if name in one.getMessage()]
    assert [one.split(" of a call")[0].rpartition(" ")[2] for one in lines] == ["input", "output"]
    assert SECRET not in caplog.text


async def test_a_guardrail_that_cannot_work_here_lets_nothing_pass(gateway, upstream, model, key):
    await guard(gateway, model, kind="pattern", patterns=["("])
    answer = await gateway.ask(post(hello(model), key))
    assert (answer.status, answer.error["code"]) == (503, "guardrail_failed")
    assert upstream.calls == []


async def test_probabilities_of_tokens_do_not_tell_what_was_masked(gateway, upstream, model, key):
    await guard(gateway, model)
    whole = json.loads(completion("x"))
    whole["choices"][0]["logprobs"] = {"content": [{"token": SECRET, "logprob": -0.1}]}
    upstream.script = raw(http(json.dumps(whole).encode()))
    answer = await gateway.ask(post(hello(model, logprobs=True), key))
    assert json.loads(answer.body)["choices"][0]["logprobs"] is None


async def test_a_removed_guardrail_guards_no_more(gateway, upstream, model, key):
    name = await guard(gateway, model, action="block")
    await gateway.rows.connection.execute("DELETE FROM guardrails WHERE name = $1", name)
    await gateway.platform.snapshot.catch_up()
    assert (await gateway.ask(post(hello(model, messages=saying(SECRET)), key))).status == 200


@pytest.mark.parametrize("path", ["/v1/messages", "/v1/responses"])
async def test_a_stream_in_another_dialect_is_masked(gateway, upstream, model, key, path):
    await guard(gateway, model)
    ended = chunk("") | {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
    upstream.script = stream(events(*map(chunk, f"Take {SECRET} now"), ended))
    body = {"model": model, "max_tokens": 99, "stream": True, "messages": saying("x"), "input": "x"}
    answer = await gateway.ask(post(body, key, path=path))
    deltas = [one["delta"] for one in told(answer.body) if str(one.get("type")).endswith("delta") and "delta" in one]
    said = "".join(one if isinstance(one, str) else one.get("text", "") for one in deltas)
    assert said == "Take [github_token] now"
    assert SECRET.encode() not in answer.body


async def test_a_blocked_stream_tells_anthropics_clients_in_their_own_form(gateway, upstream, model, key):
    name = await guard(gateway, model, action="block", sides=["output"])
    upstream.script = hanging(STREAM_HEAD, framed(events(chunk("One "), chunk(f"{SECRET} two"))[: -len(DONE)]))
    body = {"model": model, "max_tokens": 99, "stream": True, "messages": saying("x")}
    answer = await gateway.ask(post(body, key, path="/v1/messages"))
    last = told(answer.body)[-1]
    assert (last["type"], name in last["error"]["message"]) == ("error", True)
    (row,) = await gateway.booked(key)
    assert row["error_code"] == f"guardrail_blocked:{name}"


async def test_personal_data_is_masked_both_ways(gateway, upstream, model, key):
    await guard(gateway, model, kind="personal_data")
    upstream.script = raw(http(completion("Write to ada@example.com.")))
    answer = await gateway.ask(post(hello(model, messages=saying("I am 456-45-4567.")), key))
    assert upstream.calls[0].json["messages"] == saying("I am [US_SSN].")
    assert json.loads(answer.body)["choices"][0]["message"]["content"] == "Write to [EMAIL_ADDRESS]."


async def test_a_client_that_leaves_while_its_answer_is_read_pays_for_it(gateway, upstream, model, key):
    await guard(gateway, model, kind="personal_data", sides=["output"])
    upstream.script = raw(http(completion("ada@example.com " * 20_000)))
    async with wire_to(gateway.address) as wire:
        await wire.send(post(hello(model), key))
        await upstream.until(lambda: len(upstream.calls) == 1)
    (row,) = await gateway.booked(key)
    assert row["status"] in {200, 499}
    assert row["input_tokens"] > 0


async def test_what_the_client_asked_for_as_json_stays_json(gateway, upstream, model, key):
    await guard(gateway, model, kind="pattern", patterns=[r"\d{16}"], sides=["output"])
    upstream.script = raw(http(completion('{"card": 4111111111111111}')))
    answer = await gateway.ask(post(hello(model, response_format={"type": "json_object"}), key))
    told = json.loads(answer.body)["choices"][0]["message"]["content"]
    assert list(json.loads(told)) == ["card"]
    assert "4111" not in told


async def test_a_long_prompt_is_read_beside_the_other_calls(gateway, upstream, model, key):
    await guard(gateway, model)
    text = f"{'words and more words ' * 5000}{SECRET}"
    assert (await gateway.ask(post(hello(model, messages=saying(text)), key))).status == 200
    assert upstream.calls[0].json["messages"][0]["content"].endswith("[github_token]")


async def test_a_stream_that_broke_off_tells_nothing_of_what_was_held_back(gateway, upstream, model, key):
    name = await guard(gateway, model, action="block", sides=["output"])
    upstream.script = stream(events(chunk("sk-proj-4fGh8kLm2NpQr5StVw9Xy"))[: -len(DONE)])
    answer = await gateway.ask(post(hello(model, stream=True), key))
    assert told(answer.body)[-1]["error"]["code"] == f"guardrail_blocked:{name}"
    assert b"4fGh8" not in answer.body


async def test_a_call_that_may_fall_back_to_a_guarded_model_is_guarded(gateway, upstream, model, key):
    first = await gateway.rows.model(upstream.url)
    await gateway.rows.connection.execute(
        "UPDATE model_groups SET routing = jsonb_build_object('fallbacks', ARRAY[$2::text]) WHERE name = $1",
        first,
        model,
    )
    await guard(gateway, model, action="block")
    assert (await gateway.ask(post(hello(first, messages=saying(SECRET)), key))).status == 400


async def test_counting_tokens_tells_no_secret_either(gateway, upstream, key):
    model = await gateway.rows.model(upstream.url, provider="anthropic")
    await guard(gateway, model, action="mask")
    upstream.script = raw(http(b'{"input_tokens": 7}'))
    body = {"model": model, "messages": saying(SECRET)}
    assert (await gateway.ask(post(body, key, path="/v1/messages/count_tokens"))).status == 200
    assert upstream.calls[0].json["messages"] == saying("[github_token]")


async def test_a_response_whose_answer_may_be_masked_is_not_stored(gateway, upstream, key):
    model = await gateway.rows.model(upstream.url, provider="hosted_vllm")
    await guard(gateway, model, action="mask", sides=["output"])
    item = {"type": "message", "id": "m", "content": [{"type": "output_text", "text": SECRET}]}
    whole = {"id": "r", "object": "response", "status": "completed", "output": [item]}
    upstream.script = raw(http(json.dumps(whole).encode()))
    answer = await gateway.ask(post({"model": model, "input": "x", "store": True}, key, path="/v1/responses"))
    assert upstream.calls[0].json["store"] is False
    assert json.loads(answer.body)["output"][0]["content"][0]["text"] == "[github_token]"
