import io
import json
from decimal import Decimal

import pytest

from litemaas.domain.admission import Asked
from litemaas.gateway.batches.lines import first_model, rewrite_lines
from litemaas.gateway.errors import BadRequestError


def free(_: Asked) -> Decimal:
    return Decimal(0)


def rewritten(*lines: object, names: tuple[str, ...] = ("public",)) -> list[dict]:
    source = io.BytesIO(b"".join(json.dumps(line).encode() + b"\n" for line in lines))
    written = io.BytesIO()
    size, _ = rewrite_lines(source, written, names, "upstream", free)
    assert size == len(written.getvalue())
    return [json.loads(line) for line in written.getvalue().splitlines()]


def call(model: object, **more: object) -> dict:
    return {"custom_id": "1", "url": "/v1/chat/completions", "body": {"model": model, "temperature": 1.50} | more}


def test_each_line_goes_out_with_the_upstreams_name_and_is_the_same_otherwise():
    assert rewritten(call("public"), call("public", user="u")) == [call("upstream"), call("upstream", user="u")]


@pytest.mark.parametrize("line", [call("another"), call(None), {"body": {}}, {"body": "public"}, [], "public"])
def test_a_line_that_calls_nothing_or_another_model_is_refused(line):
    with pytest.raises(BadRequestError) as refused:
        rewritten(call("public"), line)
    assert "Line 2" in refused.value.message


def test_a_model_given_twice_is_the_last_one_and_is_sent_once():
    source = io.BytesIO(b'{"body": {"model": "public", "model": "another"}}\n')
    with pytest.raises(BadRequestError):
        rewrite_lines(source, io.BytesIO(), ("public",), "upstream", free)


def test_empty_files_and_those_in_no_unicode_are_refused():
    for content in (b"", b"\n\n", b'{"body": {"model": "public", "x": "\xff"}}\n'):
        with pytest.raises(BadRequestError):
            rewrite_lines(io.BytesIO(content), io.BytesIO(), ("public",), "upstream", free)


def test_the_first_line_tells_the_model():
    assert first_model(io.BytesIO(json.dumps(call("public")).encode())) == "public"
    assert first_model(io.BytesIO(b"no")) is None


def most_tokens(*lines: dict) -> tuple[int, int]:
    """Of input and output, as lines are bounded that say nothing of their output: a token for each byte, and 100."""
    seen: list[Asked] = []

    def bound(asked: Asked) -> Decimal:
        seen.append(asked)
        return Decimal(1)

    source = io.BytesIO(b"".join(json.dumps(line).encode() + b"\n" for line in lines))
    rewritten = rewrite_lines(source, io.BytesIO(), ("public",), "upstream", bound)
    assert rewritten.most_cost == len(lines)
    outputs = [(100 if one.max_output is None else one.max_output) * one.choices * one.generates for one in seen]
    return sum(one.input_bytes for one in seen), sum(outputs)


def test_each_line_is_bounded_as_a_call_of_its_route():
    messages = [{"role": "user", "content": "Hello"}]
    one = most_tokens(call("public", messages=messages))
    both = most_tokens(call("public", messages=messages), call("public", messages=messages, max_tokens=7, n=2))
    assert both == (2 * one[0], one[1] + 14)
    assert most_tokens({"url": "/v1/embeddings", "body": {"model": "public", "input": "Hello"}}) == (7, 0)
    assert most_tokens(
        {"url": "/v1/responses", "body": {"model": "public", "input": "Hi", "max_output_tokens": 9}}
    ) == (4, 9)


def test_of_a_route_that_is_not_known_all_may_be_a_prompt():
    tokens, output = most_tokens({"url": "/v1/new", "body": {"model": "public", "what": "x" * 500}})
    assert tokens > 500
    assert output == 100


def test_a_line_that_could_not_be_a_call_is_refused():
    with pytest.raises(BadRequestError, match="Line 2: The field 'n' must be"):
        rewritten(call("public"), call("public", n="many"))
