import base64
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from litemaas.domain.moving.errors import WrongSecretError
from litemaas.domain.moving.litellm.sealed import Unsealer
from litemaas.settings import Secret

SALT_KEY = Secret("sk-salt-of-litellm")
# Made with PyNaCl's SecretBox under SHA-256 of the salt key, as LiteLLM 1.81 does.
BOX = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcY9usyVD3gIjlbPzchXsw5crEwdDo3OEXueN8tbETrce26YA=="
BOX_WITH_DASHES = "AgMEBQYHCAkKCwwNDg8QERITFBUWFxgZLjetsmBm7L19PHCAS12gvVMJjpNYGv-YGg7sNh6Ezg8="
EMPTY_BOX = "AwQFBgcICQoLDA0ODxAREhMUFRYXGBkajXrNPqm4x9wGyU0ELiQtdA=="


def gcm(text: str, version: str) -> str:
    if version == "v3":
        key = HKDF(SHA256(), length=32, salt=None, info=b"litellm-at-rest-v3").derive(SALT_KEY.encode())
    else:
        key = sha256(SALT_KEY.encode()).digest()
    nonce = bytes(range(12))
    return (
        f"{version}:gcm:" + base64.urlsafe_b64encode(nonce + AESGCM(key).encrypt(nonce, text.encode(), None)).decode()
    )


@pytest.mark.parametrize(
    ("sealed", "text"),
    [
        (BOX, "sk-upstream-secret"),
        (BOX_WITH_DASHES, "openai/granite-3"),
        (BOX_WITH_DASHES.replace("-", "+").replace("_", "/"), "openai/granite-3"),
        (EMPTY_BOX, ""),
        (gcm("sk-newer", "v2"), "sk-newer"),
        (gcm("sk-newest", "v3"), "sk-newest"),
    ],
)
def test_what_litellm_sealed_opens_with_its_salt_key(sealed, text):
    assert Unsealer(SALT_KEY).open(sealed) == text


@pytest.mark.parametrize("sealed", [BOX, gcm("sk-newer", "v2"), gcm("sk-newest", "v3")])
@pytest.mark.parametrize("salt_key", [Secret("sk-other"), None])
def test_without_the_right_salt_key_nothing_is_taken_for_plain_text(sealed, salt_key):
    with pytest.raises(WrongSecretError):
        Unsealer(salt_key).open(sealed)


@pytest.mark.parametrize("text", ["openai/gpt-4o", "https://upstream/v1", "sk-short", "os.environ/OPENAI_API_KEY", ""])
def test_plain_text_stays(text):
    assert Unsealer(None).open(text) == text


def test_only_texts_are_opened():
    assert Unsealer(SALT_KEY).open_all({"api_key": BOX, "rpm": 5}) == {"api_key": "sk-upstream-secret", "rpm": 5}
