import io
import json

import pytest

from litemaas.gateway.batches.lines import first_model, rewrite_lines
from litemaas.gateway.errors import BadRequestError


def rewritten(*lines: object, names: tuple[str, ...] = ("public",)) -> list[dict]:
    source = io.BytesIO(b"".join(json.dumps(line).encode() + b"\n" for line in lines))
    written = io.BytesIO()
    size = rewrite_lines(source, written, names, "upstream")
    assert size == len(written.getvalue())
    return [json.loads(line) for line in written.getvalue().splitlines()]


def call(model: object, **more: object) -> dict:
    return {"custom_id": "1", "url": "/v1/chat/completions", "body": {"model": model, "n": 1.50} | more}


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
        rewrite_lines(source, io.BytesIO(), ("public",), "upstream")


def test_empty_files_and_those_in_no_unicode_are_refused():
    for content in (b"", b"\n\n", b'{"body": {"model": "public", "x": "\xff"}}\n'):
        with pytest.raises(BadRequestError):
            rewrite_lines(io.BytesIO(content), io.BytesIO(), ("public",), "upstream")


def test_the_first_line_tells_the_model():
    assert first_model(io.BytesIO(json.dumps(call("public")).encode())) == "public"
    assert first_model(io.BytesIO(b"no")) is None
