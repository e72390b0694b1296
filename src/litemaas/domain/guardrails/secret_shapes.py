"""Secrets that are known by their shape: how they begin, what they are made of, and how to tell a real one.

A shape is searched for by its beginning; from there runs the longest text of its alphabet, and `measure` says how much
of that run is the secret. What is not told apart by a checksum or a structure must look random: names and words that
happen to begin like a key are left alone.
"""

import binascii
import math
import re
import string
from base64 import urlsafe_b64decode
from collections import Counter
from collections.abc import Callable
from zlib import crc32

import msgspec
from msgspec import Struct

_BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
_CHECKSUM = 6
_LEAST_ENTROPY = 3.3
"""Bits a character; random text of 20 characters of Base62 has 4.0 ± 0.2."""
_LEAST_DIGITS = 0.1
_LONG_WORD = 16


class Shape(Struct, frozen=True):
    """One kind of secret.

    Attributes:
        kind: What it is, for the mask.
        openings: How it begins; one of these.
        alphabet: Matches the longest text that may belong to it.
        most: Characters; what goes on for longer is judged by so many.
        measure: Of opening and run, the number of characters that are the secret; 0: it is none.
        closing: What ends it for certain; empty: only a character outside of the alphabet does.
    """

    kind: str
    openings: tuple[str, ...]
    alphabet: re.Pattern[str]
    most: int
    measure: Callable[[str], int]
    closing: str = ""


def looks_random(text: str) -> bool:
    """Tell whether `text` has the entropy of something that was drawn by lot, and is not words joined by hyphens."""
    size = len(text)
    entropy = -sum(count / size * math.log2(count / size) for count in Counter(text).values())
    digits = sum(map(str.isdigit, text))
    longest = max(map(len, re.split("[-_]", text)))
    mixed = digits > 0 and any(map(str.isalpha, text))
    return entropy >= _LEAST_ENTROPY and mixed and (digits >= _LEAST_DIGITS * size or longest >= _LONG_WORD)


def _random(pattern: str) -> Callable[[str], int]:
    """Measures what `pattern` matches, if its group 1 looks random."""
    expression = re.compile(pattern)

    def measure(run: str) -> int:
        found = expression.match(run)
        return found.end() if found and looks_random(found[1]) else 0

    return measure


def _checksummed(run: str) -> int:
    """Measure a token of GitHub or npm: 30 characters and their CRC-32 in Base62.

    Source: GitHub's article "Behind GitHub's new authentication token formats" (2021).
    """
    opening, _, rest = run.partition("_")
    token = rest[: 30 + _CHECKSUM]
    number, told = crc32(token[:30].encode()), ""
    for _ in range(_CHECKSUM):
        number, digit = divmod(number, 62)
        told = _BASE62[digit] + told
    return len(opening) + 1 + len(token) if token[30:] == told else 0


_JWT = re.compile(r"(eyJ[A-Za-z0-9_-]{5,})\.eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{16,}")


def _signed(run: str) -> int:
    """Measure a JSON Web Token (RFC 7519) by its header, which names the algorithm of its signature."""
    found = _JWT.match(run)
    if found is None:
        return 0
    try:
        header = msgspec.json.decode(urlsafe_b64decode(found[1] + "=" * (-len(found[1]) % 4)))
    except (binascii.Error, msgspec.DecodeError, UnicodeDecodeError):
        return 0
    return found.end() if isinstance(header, dict) and "alg" in header else 0


_PRIVATE_KEY = re.compile(
    r"-----BEGIN [A-Z ]+-----"
    r"(?:.*-----END [A-Z ]+-----"
    r"|(?:(?:\s|\\[nr])*(?:[A-Z][A-Za-z-]{2,20}: [A-Za-z0-9,-]{1,80}|[A-Za-z0-9+/=]{16,}))+)",
    re.DOTALL,
)


def _private_key(run: str) -> int:
    """Measure a private key (RFC 7468), also one whose end was cut off; not its first line alone."""
    found = _PRIVATE_KEY.match(run)
    return found.end() if found else 0


_WORD = re.compile(r"[A-Za-z0-9_-]*")
_ALNUM = re.compile(r"[A-Za-z0-9]*")
_DOTTED = re.compile(r"[A-Za-z0-9_.-]*")
_BASE64 = re.compile(r"[A-Za-z0-9+/=]*")
_ASSIGNED = re.compile(r"[A-Za-z0-9+/=\"':\s]*")
_BLOCKS = re.compile(r"[A-Za-z0-9+/=\s:,\\-]*")

_KEY_KINDS = ("", "RSA ", "EC ", "DSA ", "OPENSSH ", "ENCRYPTED ")
_KEY_CLOSING = "PRIVATE KEY-----"
_KEY_OPENINGS = tuple(f"-----BEGIN {kind}{_KEY_CLOSING}" for kind in _KEY_KINDS)

SHAPES = (
    Shape("github_token", ("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), _ALNUM, 40, _checksummed),
    Shape("github_token", ("github_pat_",), _WORD, 93, _random(r"github_pat_(\w{82})")),
    Shape("npm_token", ("npm_",), _ALNUM, 40, _checksummed),
    Shape("gitlab_token", ("glpat-",), _WORD, 255, _random(r"glpat-([\w-]{20,})")),
    Shape("api_key", ("sk-",), _WORD, 255, _random(r"sk-([\w-]{20,})")),
    Shape(
        "stripe_key",
        ("sk_live_", "sk_test_", "rk_live_", "rk_test_"),
        _ALNUM,
        255,
        _random(r"[sr]k_\w{4}_([A-Za-z0-9]{24,})"),
    ),
    # Base 32: with a 17th character it is another word.
    Shape("aws_access_key", ("AKIA", "ASIA"), _ALNUM, 21, _random(r"A[KS]IA([A-Z2-7]{16})\Z")),
    Shape(
        "aws_secret_key",
        ("aws_secret_access_key", "AWS_SECRET_ACCESS_KEY", "SecretAccessKey"),
        _ASSIGNED,
        100,
        _random(r"[A-Za-z_]+[\"']?\s{0,4}[:=]\s{0,4}[\"']?([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])"),
    ),
    Shape("google_key", ("AIza",), _WORD, 39, _random(r"AIza([\w-]{35})")),
    Shape(
        "slack_token",
        ("xoxa-", "xoxb-", "xoxp-", "xoxr-", "xoxs-", "xapp-"),
        _WORD,
        255,
        _random(r"x\w{3}-([\w-]{20,})"),
    ),
    Shape("hugging_face_token", ("hf_",), _ALNUM, 40, _random(r"hf_([A-Za-z0-9]{30,37})")),
    Shape("pypi_token", ("pypi-AgE",), _WORD, 512, _random(r"pypi-([\w-]{50,})")),
    Shape("sendgrid_key", ("SG.",), _DOTTED, 80, _random(r"SG\.([\w-]{22}\.[\w-]{43})")),
    Shape("azure_storage_key", ("AccountKey=",), _BASE64, 99, _random(r"AccountKey=([A-Za-z0-9+/]{86}==)")),
    Shape("json_web_token", ("eyJ",), _DOTTED, 4096, _signed),
    Shape("private_key", _KEY_OPENINGS, _BLOCKS, 8192, _private_key, closing=_KEY_CLOSING),
)
