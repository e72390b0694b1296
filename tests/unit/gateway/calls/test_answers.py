"""What a client may see of an upstream that refuses."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litemaas.gateway.calls.answers import upstream_refusal

CREDENTIAL = "sk-upstream-canary"


def told(status: int, body: object, credential: str | None = CREDENTIAL):
    refusal = upstream_refusal(status, body if isinstance(body, bytes) else json.dumps(body).encode(), credential)
    return refusal, json.loads(refusal.body)["error"]


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"message": "max_tokens is too large", "code": "too_long", "param": "max_tokens"}},
        {"message": "max_tokens is too large", "code": "too_long", "param": "max_tokens", "object": "error"},
        {"error": {"detail": "max_tokens is too large", "code": "too_long", "param": "max_tokens"}},
    ],
)
def test_a_4xx_keeps_its_status_message_and_code_in_each_dialect(body):
    refusal, error = told(400, body)
    assert refusal.status == 400
    assert error == {
        "message": "max_tokens is too large",
        "type": "upstream_error",
        "param": "max_tokens",
        "code": "too_long",
    }


def test_an_error_that_is_only_a_sentence_is_told():
    assert told(404, {"error": "model 'x' not found"})[1]["message"] == "model 'x' not found"


@pytest.mark.parametrize("body", [b"", b"<html>nginx</html>", b"[]", b'{"error": 5}', b"[" * 100_000, b"\xff"])
def test_a_refusal_in_no_known_form_gets_a_sentence_of_ours(body):
    refusal, error = told(422, body)
    assert refusal.status == 422
    assert error["message"] == "The model's server refuses the request."


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_credential_is_a_502_that_tells_nothing(status):
    refusal, error = told(status, {"error": {"message": f"Incorrect API key provided: {CREDENTIAL}"}})
    assert (refusal.status, error["code"]) == (502, "upstream_auth")
    assert CREDENTIAL.encode() not in refusal.body


@pytest.mark.parametrize("status", [500, 503, 599, 301, 304])
def test_what_is_neither_success_nor_4xx_is_a_502_that_tells_nothing(status):
    refusal, _ = told(status, {"error": {"message": "Traceback: /srv/secret.py"}})
    assert refusal.status == 502
    assert b"secret" not in refusal.body


@pytest.mark.parametrize("status", [400, 404, 409, 422, 429])
@pytest.mark.parametrize(
    "body",
    [
        {"error": {"message": f"bad key {CREDENTIAL}!"}},
        {"error": {"message": "bad", "code": CREDENTIAL}},
        {"error": {"message": "bad", "param": f"Bearer {CREDENTIAL}"}},
        {"error": {"message": {"headers": {"authorization": f"Bearer {CREDENTIAL}"}}}},
        {"error": f"bad key {CREDENTIAL}"},
        {"detail": [CREDENTIAL]},
        {"error": {"message": "x" * (2000 - 5) + CREDENTIAL}},
    ],
)
def test_the_credential_is_told_in_no_field(status, body):
    refusal, _ = told(status, body)
    assert CREDENTIAL.encode() not in refusal.body
    assert CREDENTIAL not in refusal.code


def test_a_credential_cannot_hide_behind_escapes():
    escaped = CREDENTIAL.replace("-", "\\u002d")
    refusal, error = told(400, b'{"error":{"message":"bad key %b"}}' % escaped.encode())
    assert CREDENTIAL not in error["message"]
    assert refusal.status == 400


def test_a_long_text_is_cut():
    assert len(told(400, {"error": "x" * 10_000})[1]["message"]) == 2000
    assert len(told(400, {"error": {"message": "x", "code": "y" * 10_000}})[0].code) == 2000


def test_a_nul_which_the_ledger_cannot_keep_is_left_out():
    refusal, error = told(400, {"error": {"message": f"a\0{CREDENTIAL[:4]}\0{CREDENTIAL[4:]}", "code": "b\0"}})
    assert (error["message"], refusal.code) == ("a…", "b")


@given(st.integers(400, 499), st.binary(max_size=200))
def test_no_answer_does_more_than_be_translated(status, body):
    refusal, error = told(status, body)
    assert refusal.status in (status, 502)
    assert error["type"] == "upstream_error"


@pytest.mark.parametrize(
    "error",
    [
        {"message": "no", "code": "context_length_exceeded"},
        {"message": "This model's maximum context length is 8 tokens. However, you requested 9 tokens.", "code": 400},
        {"message": "The decoder prompt (length 9) is longer than the maximum model length of 8.", "code": 400},
        {"message": "the request exceeds the available context size. try increasing it", "code": 400},
    ],
)
def test_a_prompt_that_does_not_fit_has_openai_s_code_whoever_says_so(error):
    refusal, body = told(400, {"error": error})
    assert refusal.code == body["code"] == "context_length_exceeded"
    assert body["message"] == error["message"]


def test_a_code_of_the_upstream_s_own_is_believed():
    assert told(400, {"error": {"message": "context window", "code": "policy"}})[0].code == "policy"
