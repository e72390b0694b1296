"""What is read of a request's body, what is refused, and what goes upstream."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litemaas.gateway.endpoints.call_request import json_text, read_request, upstream_body
from litemaas.gateway.endpoints.rows import CHAT, COMPLETIONS, EMBEDDINGS
from litemaas.gateway.errors import BadRequestError


def read(endpoint=CHAT, **fields: object):
    return read_request(endpoint, json.dumps({"model": "m"} | fields).encode())


def sent(endpoint=CHAT, max_output=None, **fields: object) -> dict:
    return json.loads(upstream_body(endpoint, read(endpoint, **fields), json_text("theirs"), max_output, "max_tokens"))


@pytest.mark.parametrize(
    ("body", "param"),
    [
        (b"", None),
        (b"{", None),
        (b'{"model": "m"', None),
        (b'{"model": "m"} {}', None),
        (b"[]", None),
        (b"null", None),
        (b'\xef\xbb\xbf{"model": "m"}', None),
        (b'{"model": "m", "user": "\xff"}', None),
        (b'{"model": "m", "messages": "\xc3\x28"}', None),
        (b'{"model": "m", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", None),
        (b'{"model": "m", "stream": true, "stream_options": ' + b'{"a":' * 9000 + b"1" + b"}" * 9000 + b"}", None),
        (b"{}", "model"),
        (b'{"model": ""}', "model"),
        (b'{"model": null}', "model"),
        (b'{"model": 5}', "model"),
        (b'{"model": ["m"]}', "model"),
        (b'{"model": "m", "max_tokens": "5"}', "max_tokens"),
        (b'{"model": "m", "max_tokens": true}', "max_tokens"),
        (b'{"model": "m", "max_tokens": -1}', "max_tokens"),
        (b'{"model": "m", "max_tokens": 1.5}', "max_tokens"),
        (b'{"model": "m", "max_tokens": 1e999}', "max_tokens"),
        (b'{"model": "m", "max_tokens": 2147483648}', "max_tokens"),
        (b'{"model": "m", "max_tokens": ' + b"9" * 5000 + b"}", "max_tokens"),
        (b'{"model": "m", "max_completion_tokens": {}}', "max_completion_tokens"),
        (b'{"model": "m", "n": -2}', "n"),
        (b'{"model": "m", "n": "two"}', "n"),
        (b'{"model": "m", "stream": true, "stream_options": 5}', "stream_options"),
    ],
)
def test_a_body_that_we_must_understand_and_do_not_is_refused_with_the_field_s_name(body, param):
    with pytest.raises(BadRequestError) as refusal:
        read_request(CHAT, body)
    assert refusal.value.param == param


@given(st.binary(max_size=200))
def test_no_bytes_do_more_than_be_refused(body):
    with pytest.raises(BadRequestError):
        read_request(CHAT, body)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
judged = ("model", "stream", "stream_options", "max_tokens", "max_completion_tokens", "n", "user", "messages")


@given(st.dictionaries(st.sampled_from(judged), json_values, max_size=6))
def test_no_value_of_any_field_does_more_than_be_refused(fields):
    try:
        request = read_request(CHAT, json.dumps(fields, allow_nan=False).encode())
    except ValueError:
        return  # NaN is not JSON
    except BadRequestError:
        return
    assert request.asked.input_bytes >= 1
    assert request.asked.choices >= 1


@given(st.dictionaries(st.text(max_size=8).filter(lambda name: name not in judged), json_values, max_size=6))
def test_what_we_do_not_know_goes_upstream_as_it_came(fields):
    try:
        body = json.dumps({"model": "m", **fields}, allow_nan=False).encode()
    except ValueError:
        return
    request = read_request(EMBEDDINGS, body)
    passed_on = json.loads(upstream_body(CHAT, request, json_text("theirs"), None, "max_tokens"))
    assert passed_on == json.loads(body) | {"model": "theirs"}


def test_numbers_go_upstream_digit_by_digit():
    request = read_request(
        CHAT, b'{"model":"m","temperature":0.10000000000000000555,"seed":123456789012345678901234567890}'
    )
    passed_on = upstream_body(CHAT, request, json_text("theirs"), None, "max_tokens")
    assert b"0.10000000000000000555" in passed_on
    assert b"123456789012345678901234567890" in passed_on


def test_a_field_given_twice_counts_once_and_is_sent_once():
    request = read_request(CHAT, b'{"model":"cheap","max_tokens":1,"model":"dear","max_tokens":9}')
    assert (request.asked.model, request.asked.max_output) == ("dear", 9)
    assert upstream_body(CHAT, request, json_text("theirs"), None, "max_tokens") == b'{"model":"theirs","max_tokens":9}'


def test_a_model_name_is_escaped_for_the_upstream():
    request = read()
    assert json.loads(upstream_body(CHAT, request, json_text('the"irs'), None, "max_tokens"))["model"] == 'the"irs'


def test_nothing_is_judged_that_is_the_upstream_s_to_judge():
    assert read(messages=[], temperature="hot", user=5).end_user is None
    assert read(user="anna").end_user == "anna"


# --- what bounds the cost ---


def test_of_two_bounds_of_the_output_the_larger_counts():
    """Which one an upstream follows, only it knows."""
    assert read(max_tokens=900, max_completion_tokens=1).asked.max_output == 900
    assert read(max_tokens=1, max_completion_tokens=900).asked.max_output == 900


def test_a_bound_that_is_null_counts_as_not_stated():
    assert read(max_tokens=None).asked.max_output is None
    assert read(max_tokens=5, max_completion_tokens=None).asked.max_output == 5
    assert read(n=None).asked.choices == 1


def test_choices_are_counted():
    assert read(n=3).asked.choices == 3
    assert read(COMPLETIONS, n=2, best_of=5).asked.choices == 5


texts = st.text(max_size=300)
roles = st.sampled_from(("user", "system", "assistant"))
plain_messages = st.lists(st.fixed_dictionaries({"role": roles, "content": texts}), min_size=1, max_size=5)


@given(plain_messages)
def test_the_input_is_never_bounded_below_the_bytes_of_its_text(messages):
    text = sum(len(message["content"].encode()) for message in messages)
    for ensure_ascii in (True, False):
        body = json.dumps({"model": "m", "messages": messages}, ensure_ascii=ensure_ascii).encode()
        assert read_request(CHAT, body).asked.input_bytes >= text


def test_a_field_given_many_times_hides_no_text():
    hiding = b",".join([b'"role":""'] * 1000)
    body = b'{"model":"m","messages":[{%b,"role":"user","content":"%b"}]}' % (hiding, b"x" * 5000)
    assert read_request(CHAT, body).asked.input_bytes >= 5000


@pytest.mark.parametrize("endpoint", [CHAT, COMPLETIONS, EMBEDDINGS])
def test_every_field_that_the_model_reads_counts(endpoint):
    for name in endpoint.prompt_fields:
        assert read(endpoint, **{name: "x" * 1000}).asked.input_bytes >= 1000


def test_what_the_model_does_not_read_does_not_count():
    assert read(messages=[], metadata={"a": "x" * 1000}).asked.input_bytes == 2


PICTURE = {"type": "image_url", "image_url": {"url": "data:image/png;base64," + "A" * 100_000}}


def test_a_picture_counts_as_a_picture_and_not_by_its_bytes():
    asked = read(messages=[{"role": "user", "content": [{"type": "text", "text": "What is it?"}, PICTURE]}]).asked
    assert asked.images == 1
    assert 11 <= asked.input_bytes < 1000


def test_a_picture_by_address_counts_too():
    picture = {"type": "image_url", "image_url": {"url": "https://pictures.example/1.png"}}
    assert read(messages=[{"role": "user", "content": [picture, picture]}]).asked.images == 2


def test_text_that_looks_like_a_picture_counts_as_text():
    text = {"type": "text", "text": "data:image/png;base64," + "A" * 100_000}
    assert read(messages=[{"role": "user", "content": [text, PICTURE]}]).asked.input_bytes >= 100_000


# --- streams ---


@pytest.mark.parametrize("value", [b"true", b" true ", b"\ttrue\n"])
def test_a_stream_is_a_stream_with_any_space_around(value):
    assert read_request(CHAT, b'{"model":"m","stream":' + value + b"}").stream


@pytest.mark.parametrize("value", [False, None, "true", 1])
def test_nothing_else_is_a_stream(value):
    assert not read(stream=value).stream


def test_usage_is_asked_for_and_hidden_from_a_client_that_did_not_ask():
    assert read(stream=True).hides_usage
    assert sent(stream=True)["stream_options"] == {"include_usage": True}
    assert read(stream=True, stream_options={"include_usage": False, "other": 1}).hides_usage
    assert sent(stream=True, stream_options={"include_usage": False, "other": 1})["stream_options"] == {
        "include_usage": True,
        "other": 1,
    }
    assert sent(stream=True, stream_options=None)["stream_options"] == {"include_usage": True}


def test_usage_is_not_hidden_from_a_client_that_asked():
    assert not read(stream=True, stream_options={"include_usage": True}).hides_usage
    assert sent(stream=True, stream_options={"include_usage": True})["stream_options"] == {"include_usage": True}


def test_a_call_that_is_no_stream_is_sent_without_stream_options():
    assert "stream_options" not in sent()
    assert not read(EMBEDDINGS, stream=True).stream


def test_the_budget_s_bound_is_written_where_the_upstream_looks_for_it():
    assert sent(max_output=77)["max_tokens"] == 77
    request = read()
    body = upstream_body(CHAT, request, json_text("theirs"), 77, "max_completion_tokens")
    assert json.loads(body)["max_completion_tokens"] == 77


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Model", "model"),
        ("MAX_TOKENS", "max_tokens"),
        ("max_to\u212aens", "max_tokens"),
        ("\u017ftream", "stream"),
        ("Stream_Options", "stream_options"),
        ("Messages", "messages"),
        ("N", "n"),
    ],
)
def test_a_field_that_go_would_take_for_one_that_we_read_is_refused(name, meant):
    with pytest.raises(BadRequestError, match=f"must be written '{meant}'") as refusal:
        read(messages=[], **{name: "x"})
    assert refusal.value.param == name


def test_a_field_of_another_spelling_goes_through_where_we_read_none_of_that_name():
    assert sent(extraBody={"Model": 1}, Prompt="x") == {"model": "theirs", "extraBody": {"Model": 1}, "Prompt": "x"}


def test_the_names_that_llama_cpp_has_for_bounds_count_as_bounds():
    asked = read(max_tokens=1, n_predict=500, n=2, n_cmpl=7).asked
    assert (asked.max_output, asked.choices) == (500, 7)


@pytest.mark.parametrize("field", ["n_predict", "n_cmpl"])
def test_no_bound_at_all_by_a_name_of_llama_cpp_s_is_refused(field):
    with pytest.raises(BadRequestError) as refusal:
        read(**{field: -1})
    assert refusal.value.param == field


IMAGE = '{"type": "image_url", "image_url": {"url": "https://a/b.png"}}'


@pytest.mark.parametrize(
    "part",
    [
        IMAGE.replace('"image_url",', r'"im\u0061ge_url",'),
        IMAGE.replace('"type"', r'"\u0074ype"'),
        IMAGE.replace('"type": "image_url", ', ""),
        IMAGE.replace('"type": "image_url", "image_url"', r'"image\u005Furl"'),
    ],
)
def test_an_image_counts_however_its_part_is_written(part):
    body = f'{{"model": "m", "messages": [{{"role": "user", "content": [{part}, {IMAGE}]}}]}}'
    assert read_request(CHAT, body.encode()).asked.images == 2


def test_what_was_written_with_escapes_goes_on_as_it_was_read():
    part = IMAGE.replace('"type"', r'"type": "text", "\u0074ype"')
    request = read_request(CHAT, f'{{"model": "m", "messages": [{part}]}}'.encode())
    assert request.asked.images == 1
    assert bytes(request.fields["messages"]).count(b'"type"') == 1


def test_a_parameter_of_a_tool_is_no_image():
    schema = {"type": "object", "properties": {"image_url": {"type": "string"}}}
    assert read(messages=[], tools=[{"type": "function", "function": {"parameters": schema}}]).asked.images == 0
