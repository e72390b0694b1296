"""Reads of a request's body what routes or costs, and writes the body that goes upstream.

The body is split at its top level only; what we do not know goes through byte for byte. A field given twice counts
once, the last, and is sent once: nobody can show us one model and the upstream another.
"""

import re
from typing import Any, NamedTuple

import msgspec
from msgspec import Raw

from litemaas.domain.admission import Asked
from litemaas.gateway.endpoints import Endpoint
from litemaas.gateway.errors import BadRequestError

_ROLE = b'"role"'  # of each message; no chat template turns its name into tokens
_MAX_TOKENS = 2**31
_IMAGE_PART = re.compile(rb'"type"\s*:\s*"(?:image_url|input_image|image)"')
_DATA_URL = re.compile(rb'"(?:url|image_url)"\s*:\s*"data:[^"\\]{0,128};base64,[^"]*"')
_TRUE = b"true"

_split = msgspec.json.Decoder(dict[str, Raw]).decode
_text = msgspec.json.Decoder(str).decode
_number = msgspec.json.Decoder(int | float | None).decode
_options = msgspec.json.Decoder(dict[str, Raw] | None).decode
_encode = msgspec.json.Encoder().encode
_INCLUDE_USAGE = Raw(b'{"include_usage":true}')


class CallRequest(NamedTuple):
    """A request, read.

    Attributes:
        fields: The body's top level.
        asked: What routes or costs.
        stream: The client wants a stream.
        hides_usage: The client did not ask for usage in its stream, so it must not see the one that we ask for.
    """

    fields: dict[str, Raw]
    asked: Asked
    stream: bool
    hides_usage: bool
    end_user: str | None


def read_request(endpoint: Endpoint, body: bytes) -> CallRequest:
    """Read `body`.

    Raises:
        BadRequestError: It is not JSON, or a field that we must understand is not what it must be.
    """
    try:
        body.decode()  # msgspec does not look into the strings that it skips
        fields = _split(body)
    except UnicodeDecodeError as error:
        raise BadRequestError("The body is not valid UTF-8.") from error
    except msgspec.DecodeError as error:
        raise BadRequestError(f"The body is not a JSON object: {error}.") from error
    except RecursionError as error:
        raise BadRequestError("The body is nested too deeply.") from error
    model = _read(_text, fields, "model", "a string") if "model" in fields else ""
    if not model:
        raise BadRequestError(
            "The field 'model' is missing. GET /v1/models lists the models you may call.", param="model"
        )
    stream = endpoint.generates and "stream" in fields and bytes(fields["stream"]) == _TRUE
    input_bytes, images = _input_bound(endpoint, fields)
    max_output = _read_max_output(endpoint, fields)
    choices = 1
    for name in endpoint.choices_fields:
        if name in fields:
            choices = max(choices, _read_count(fields, name) or 1)
    end_user = None
    if "user" in fields:
        try:
            end_user = _text(fields["user"])
        except msgspec.DecodeError:
            end_user = None  # the upstream's to refuse
    return CallRequest(
        fields,
        Asked(model, input_bytes, images, max_output, choices, endpoint.generates),
        stream,
        stream and endpoint.asks_usage and not _asks_for_usage(fields),
        end_user,
    )


def upstream_body(request: CallRequest, model: str, max_output: int | None, max_output_field: str) -> bytes:
    """The body for the upstream.

    Args:
        request: The client's.
        model: The upstream's own name of the model.
        max_output: Bound that the budget sets, in tokens; None: as the client asked.
        max_output_field: Where this upstream expects a bound.
    """
    fields = request.fields.copy()
    fields["model"] = Raw(_encode(model))
    if request.hides_usage:
        options = _options(fields["stream_options"]) if "stream_options" in fields else None
        if options:
            options["include_usage"] = Raw(_TRUE)
            fields["stream_options"] = Raw(_encode(options))
        else:
            fields["stream_options"] = _INCLUDE_USAGE
    if max_output is not None:
        fields[max_output_field] = Raw(b"%d" % max_output)
    return _encode(fields)


def _input_bound(endpoint: Endpoint, fields: dict[str, Raw]) -> tuple[int, int]:
    """Bytes of the prompt's text, which are at least its tokens, and the number of image parts."""
    size = images = 0
    for name in endpoint.prompt_fields:
        if name not in fields:
            continue
        text = bytes(fields[name])
        size += len(text)
        if name == "messages":
            size -= len(_ROLE) * text.count(_ROLE)  # never more than what stands there: a client may repeat it
        if b"image" in text and (parts := len(_IMAGE_PART.findall(text))):
            images += parts
            size -= sum(len(found[0]) for found in _DATA_URL.finditer(text))
    return max(size, 1), images


def _read_max_output(endpoint: Endpoint, fields: dict[str, Raw]) -> int | None:
    """The largest bound given: which of two an upstream follows, only it knows."""
    largest = None
    for name in endpoint.max_output_fields:
        if name in fields:
            count = _read_count(fields, name)
            if count is not None and (largest is None or count > largest):
                largest = count
    return largest


def _read_count(fields: dict[str, Raw], name: str) -> int | None:
    number = _read(_number, fields, name, "a whole number")
    if number is None:
        return None
    if number != int(number) or not 0 <= number < _MAX_TOKENS:
        raise BadRequestError(f"The field {name!r} must be a whole number of at least 0.", param=name)
    return int(number)


def _asks_for_usage(fields: dict[str, Raw]) -> bool:
    if "stream_options" not in fields:
        return False
    options = _read(_options, fields, "stream_options", "an object or null")
    return bool(options) and bytes(options.get("include_usage", b"")) == _TRUE


def _read(decode: Any, fields: dict[str, Raw], name: str, expected: str) -> Any:
    try:
        return decode(fields[name])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadRequestError(f"The field {name!r} must be {expected}.", param=name) from error
