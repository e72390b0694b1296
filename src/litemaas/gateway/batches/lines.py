"""The lines of a batch's file, each a call: they may name the batch's model only, and go out with the upstream's name.

Without this, a file could name any model that the upstream's account opens, whatever the key opens here.
"""

from collections.abc import Callable, Collection
from decimal import Decimal
from typing import BinaryIO, NamedTuple

import msgspec
from msgspec import Raw
from msgspec.structs import replace

from litemaas.domain.admission import Asked
from litemaas.gateway.endpoints.call_request import read_request
from litemaas.gateway.endpoints.rows import BY_PATH, CHAT, RESPONSES, Endpoint
from litemaas.gateway.errors import BadRequestError

_MOST_LINES = 50_000
_RESPONSES = ("/v1/responses", "/responses")
_MOST_LINE_BYTES = 32 * 1024 * 1024

_split = msgspec.json.Decoder(dict[str, Raw]).decode
_text = msgspec.json.Decoder(str).decode
_encode = msgspec.json.Encoder().encode


def first_model(file: BinaryIO) -> str | None:
    """The model that the first line names; None: it names none. Moves the file's position."""
    file.seek(0)
    try:
        return _text(_split(_split(file.readline(_MOST_LINE_BYTES))["body"])["model"])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, KeyError):
        return None


class Rewritten(NamedTuple):
    """Bytes written, and the most that the calls can cost together, in dollars."""

    size: int
    most_cost: Decimal


def rewrite_lines(
    source: BinaryIO,
    written: BinaryIO,
    names: Collection[str],
    upstream_model: str,
    bound: Callable[[Asked], Decimal],
) -> Rewritten:
    """Copy the lines of `source` to `written` with the upstream's name of the model in each.

    Args:
        source: Read from its beginning.
        written: Empty.
        names: What the lines may call the model.
        upstream_model: What the upstream calls it.
        bound: The most that a call can cost.

    Raises:
        BadRequestError: A line is no call, or names another model.
    """
    source.seek(0)
    size = count = 0
    most_cost = Decimal(0)
    model = Raw(_encode(upstream_model))
    while line := source.readline(_MOST_LINE_BYTES):
        if not line.strip():
            continue
        count += 1
        if count > _MOST_LINES:
            raise BadRequestError(f"The file has more than {_MOST_LINES} lines.", param="file")
        try:
            line.decode()  # msgspec does not look into the strings that it skips
            call = _split(line)
            body = _split(call["body"])
            name = _text(body["model"])
            asked = read_request(_endpoint(call), bytes(call["body"])).asked
        except BadRequestError as error:
            raise BadRequestError(f"Line {count}: {error.message}", param="file") from error
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, KeyError) as error:
            raise BadRequestError(f"Line {count} is no call with a body and a model.", param="file") from error
        if name not in names:
            raise BadRequestError(f"Line {count} calls another model than the file is for.", param="file")
        most_cost += bound(asked)
        body["model"] = model
        call["body"] = Raw(_encode(body))
        size += written.write(_encode(call) + b"\n")
    if not count:
        raise BadRequestError("The file has no line.", param="file")
    return Rewritten(size, most_cost)


def _endpoint(call: dict[str, Raw]) -> Endpoint:
    """What a line calls; where we do not know it, all of its body may be a prompt, and it may generate."""
    path = _text(call["url"]) if "url" in call else ""
    known = RESPONSES if path in _RESPONSES else BY_PATH.get(path)
    return known or replace(CHAT, prompt_fields=frozenset(_split(call["body"])))
