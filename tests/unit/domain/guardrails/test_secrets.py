import string
from base64 import urlsafe_b64encode
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litemaas.domain.guardrails.masking import TextReader, masked
from litemaas.domain.guardrails.secrets import SecretDetector
from support.cutting import cuts, fed

BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
BLOB = "Qk9vZ3Vz0aF5cVx7Tm2dLw8RsPyHu1JbKe4NiGt6CvXz3DoAqMfWl"
DETECTOR = SecretDetector()


def base62(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 62)
        digits = BASE62[digit] + digits
    return digits.rjust(6, "0")


def checksummed(opening: str, token: str) -> str:
    return opening + token + base62(crc32(token.encode()))


def encoded(part: bytes) -> str:
    return urlsafe_b64encode(part).decode().rstrip("=")


JWT = ".".join((encoded(b'{"alg":"HS256"}'), encoded(b'{"sub":"1"}'), BLOB[:43]))
PRIVATE = f"-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n{BLOB}\n{BLOB}==\n-----END EC PRIVATE KEY-----"
SECRETS = {
    "github_token": checksummed("ghp_", BLOB[:30]),
    "npm_token": checksummed("npm_", BLOB[5:35]),
    "gitlab_token": f"glpat-{BLOB[:20]}",
    "api_key": f"sk-proj-{BLOB[:40]}",
    "stripe_key": f"sk_live_{BLOB[:24]}",
    "aws_access_key": "AKIAQ3EGRUXY7Z2P4WMN",
    "aws_secret_key": f'aws_secret_access_key = "{BLOB[:40]}',
    "google_key": f"AIza{BLOB[:35]}",
    "slack_token": "xoxb-123456789012-abcdefGHIJKL3456",
    "hugging_face_token": f"hf_{BLOB[:34]}",
    "pypi_token": f"pypi-AgE{BLOB}{BLOB}",
    "sendgrid_key": f"SG.{BLOB[:22]}.{BLOB[:43]}",
    "azure_storage_key": f"AccountKey={(BLOB * 2)[:86]}==",
    "json_web_token": JWT,
    "private_key": PRIVATE,
}


def mask(finding):
    return f"[{finding.kind}]"


def read(text: str) -> str:
    return masked(text, DETECTOR, mask)


@pytest.mark.parametrize("kind", SECRETS)
def test_each_kind_is_found_wherever_it_stands(kind):
    secret = SECRETS[kind]
    for text in ("{}", "key: {}.", '"{}"', "é{}\n", "({}) and"):
        assert read(text.format(secret)) == text.format(f"[{kind}]")


@pytest.mark.parametrize(
    "text",
    [
        "task-force-of-the-17th-century-and-more",
        "sk-learn-with-some-nice-words-1",
        f"ghp_{BLOB[:36]}",  # its checksum is wrong
        "eyJub3QiOiJhIGp3dCJ9.eyJhIjoxfQ.too-short",
        f"{encoded(b'[1,2,3,4]')}.{encoded(b'[1]')}.{BLOB}",
        "It begins with -----BEGIN PRIVATE KEY----- and then base64.",
        "AKIAQ3EGRUXY7Z2P4WMNQ3EG",
        "AKIAAAAAAAAAAAAAAAAA",
        "hf_transformers",
        "SG.1",
    ],
)
def test_what_only_begins_like_a_secret_is_left_alone(text):
    assert read(text) == text


def test_a_private_key_without_its_end_is_masked_as_far_as_it_goes():
    assert read(PRIVATE[: -len("-----END EC PRIVATE KEY-----")] + '" and then') == '[private_key]\n" and then'


TEXTS = st.lists(
    st.one_of(
        st.sampled_from([*SECRETS.values()]),
        st.sampled_from([*SECRETS.values()]).map(lambda secret: secret[: len(secret) // 2]),
        st.text("abs kAIeyJ-_.\n日é", max_size=12),
        st.sampled_from(["sk-", "-----BEGIN ", "eyJ", ".", "AKIA", " "]),
    ),
    max_size=8,
).map("".join)


@given(TEXTS, cuts(60))
def test_a_text_is_masked_the_same_however_it_comes(text, sizes):
    assert fed(TextReader(DETECTOR, mask).feed, text, sizes) == read(text)


@given(st.sampled_from(list(SECRETS)), st.text("ab .,\n日", max_size=20), st.text("ab ,\n日", max_size=20), cuts(60))
def test_no_secret_is_in_what_is_passed_on(kind, before, after, sizes):
    text = f"{before} {SECRETS[kind]} {after}"
    assert SECRETS[kind] not in fed(TextReader(DETECTOR, mask).feed, text, sizes)


@given(st.text("abcdefgh ,.!?", max_size=60), cuts())
def test_what_cannot_be_a_secret_is_passed_on_at_once(text, sizes):
    reader = TextReader(DETECTOR, mask)
    held = 0
    for at in range(0, len(text), sizes[0]):
        piece = text[at : at + sizes[0]]
        held += len(piece) - len(reader.feed(piece))
        assert held <= len("gh")  # of a token that might begin
