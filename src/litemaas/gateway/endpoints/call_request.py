"""Reads of a request's body what routes or costs, and writes the body that goes upstream.

The body is split at its top level only; what we do not know goes through byte for byte. A field given twice counts
once, the last, and is sent once: nobody can show us one model and the upstream another.
"""

import re
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Raw, Struct

from litemaas.domain.admission import Asked
from litemaas.gateway.endpoints.rows import Endpoint
from litemaas.gateway.errors import BadRequestError

_ROLE = b'"role"'  # of each message; no chat template turns its name into tokens
_TYPE = b'"type"'  # of each part; a quote is rare, and so found quickly to be missing
_MAX_COUNT = 2**31 - 1
_ESCAPE = b"\\u00"
_ESCAPED_LETTER = re.compile(rb"\\u00[4-7]")  # or an underscore: nobody needs to write one so
_IMAGE_NAME = b'"image_url"'
_IMAGE_MEMBER = re.compile(rb'"image_url"\s*:')  # vLLM takes a part for an image by it, also without a type
_IMAGE_PART = re.compile(rb'"type"\s*:\s*"(?:image_url|input_image|image)"')
_DATA_URL = re.compile(
    rb'"(?:url|image_url)"\s*:\s*"data:[^"\\]{0,128};base64,[^"]*"'
    rb'|"media_type"\s*:\s*"image/[a-z0-9.+-]+"\s*,\s*"data"\s*:\s*"[^"\\]*"'
)
_TRUE = b"true"

_Count = Annotated[int, Meta(ge=0, le=_MAX_COUNT)] | None


class _Known(Struct, gc=False):
    """The fields that we must understand, of all endpoints; what an upstream may judge is anything.

    `n_predict` and `n_cmpl` are llama.cpp's own names of `max_tokens` and `n`; there they win.
    """

    model: str = ""
    stream: Any = None
    n: _Count = None
    best_of: _Count = None
    max_tokens: _Count = None
    max_completion_tokens: _Count = None
    max_output_tokens: _Count = None
    n_predict: _Count = None
    n_cmpl: _Count = None
    user: Any = None


_READ = frozenset((*_Known.__struct_fields__, "stream_options"))

_split = msgspec.json.Decoder(dict[str, Raw]).decode
_decode = msgspec.json.Decoder(Any).decode
_read_known = msgspec.json.Decoder(_Known).decode
_options = msgspec.json.Decoder(dict[str, Raw] | None).decode
_encode = msgspec.json.Encoder().encode
_CONVERSATIONS = ("messages", "input")
_INCLUDE_USAGE = Raw(b'{"include_usage":true}')
_A_STRING, _A_COUNT = "a string", "a whole number of at least 0"
_FIELD = re.compile(r"`\$\.(\w+)`$")


class CallRequest(Struct):
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
        known = _read_known(body)
    except (UnicodeDecodeError, msgspec.DecodeError, RecursionError) as error:
        raise _why(error) from error
    model = known.model
    if not model:
        raise BadRequestError(
            "The field 'model' is missing. GET /v1/models lists the models you may call.", param="model"
        )
    names = "".join(fields)
    if not (names.isascii() and names.islower()):
        _check_spelling(endpoint, fields)
    size, images = _input_bound(endpoint, fields)
    end_user = known.user if type(known.user) is str else None
    if not endpoint.generates:
        units = None if endpoint.units is None else endpoint.units(fields)
        most = endpoint.most_output
        asked = Asked(model, size, images, most, known.n or 1, most is not None, units)
        return CallRequest(fields, asked, endpoint.streams and known.stream is True, False, end_user)
    # Of several bounds the largest counts: which of them an upstream follows, only it knows. 0 bounds nothing for sure.
    bound = max(
        known.max_tokens or 0,
        known.max_completion_tokens or 0,
        known.max_output_tokens or 0,
        known.n_predict or 0,
    )
    choices = max(known.n or 1, known.best_of or 1, known.n_cmpl or 1)
    asked = Asked(model, size, images, bound or None, choices)
    if known.stream is not True:
        return CallRequest(fields, asked, False, False, end_user)
    return CallRequest(fields, asked, True, endpoint.asks_usage and not _asks_for_usage(fields), end_user)


def upstream_body(
    endpoint: Endpoint, request: CallRequest, model: Raw, max_output: int | None, max_output_field: str
) -> bytes:
    """The body for the upstream.

    Args:
        endpoint: What it is for.
        request: The client's.
        model: The upstream's own name of the model, as JSON.
        max_output: Bound that the budget sets, in tokens; None: as the client asked.
        max_output_field: Where this upstream expects a bound.
    """
    fields = request.fields.copy()
    fields["model"] = model
    if request.hides_usage:
        options = _options(fields["stream_options"]) if "stream_options" in fields else None
        if options:
            options["include_usage"] = Raw(_TRUE)
            fields["stream_options"] = Raw(_encode(options))
        else:
            fields["stream_options"] = _INCLUDE_USAGE
    if endpoint.upstream_path and max_output_field != "max_tokens" and "max_tokens" in fields:
        fields[max_output_field] = fields.pop("max_tokens")  # translated bodies know no other name for it
    if max_output is not None:
        fields[max_output_field] = Raw(b"%d" % max_output)
    return _encode(fields)


def json_text(text: str) -> Raw:
    """`text` as JSON."""
    return Raw(_encode(text))


def _check_spelling(endpoint: Endpoint, fields: dict[str, Raw]) -> None:
    """Refuse a field that only some servers take for one that we read: Go's do not heed case (`encoding/json`).

    Raises:
        BadRequestError: There is one.
    """
    for name in fields:
        meant = name.casefold()
        if meant != name and (meant in _READ or meant in endpoint.prompt_fields):
            raise BadRequestError(f"The field {name!r} must be written {meant!r}.", param=name)


def _input_bound(endpoint: Endpoint, fields: dict[str, Raw]) -> tuple[int, int]:
    """Bytes of the prompt's text, which are at least its tokens, and the number of image parts.

    A field whose names hide behind escapes is written anew, so that the upstream reads what we count.
    """
    size = images = 0
    for name in fields.keys() & endpoint.prompt_fields:
        text = bytes(fields[name])
        if text.find(_ESCAPE) >= 0 and _ESCAPED_LETTER.search(text):
            fields[name] = _spelled_out(name, text)
            text = bytes(fields[name])
        size += len(text) - len(_ROLE) * text.count(_ROLE)
        if (text.find(_TYPE) >= 0 or text.find(_IMAGE_NAME) >= 0) and (parts := _image_parts(endpoint, name, text)):
            images += parts
            size -= sum(len(found[0]) for found in _DATA_URL.finditer(text))
    return size or 1, images


def _spelled_out(name: str, text: bytes) -> Raw:
    try:
        return Raw(_encode(_decode(text)))
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadRequestError(f"The field {name!r} cannot be read: {error}.", param=name) from error


def _image_parts(endpoint: Endpoint, name: str, text: bytes) -> int:
    """How many images a field has; a tool's parameter may be called `image_url`, too, and is none."""
    typed = len(_IMAGE_PART.findall(text))
    if endpoint.dialect != "openai" or name not in _CONVERSATIONS:
        return typed
    return max(typed, len(_IMAGE_MEMBER.findall(text)))


def _asks_for_usage(fields: dict[str, Raw]) -> bool:
    if "stream_options" not in fields:
        return False
    try:
        options = _options(fields["stream_options"])
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadRequestError(
            "The field 'stream_options' must be an object or null.", param="stream_options"
        ) from error
    return bool(options) and bytes(options.get("include_usage", b"")) == _TRUE


def _why(error: Exception) -> BadRequestError:
    """What is wrong with a body, so that its sender can mend it."""
    if isinstance(error, UnicodeDecodeError):
        return BadRequestError("The body is not valid UTF-8.")
    if isinstance(error, RecursionError):
        return BadRequestError("The body is nested too deeply.")
    found = _FIELD.search(str(error)) if isinstance(error, msgspec.ValidationError) else None
    if found is not None:
        name = found[1]
        return BadRequestError(f"The field {name!r} must be {_A_STRING if name == 'model' else _A_COUNT}.", param=name)
    return BadRequestError(f"The body is not a JSON object: {error}.")
