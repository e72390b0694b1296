"""Bounds, before the call, of what it costs besides tokens: the same that is charged where the upstream tells nothing.

Each reader takes the request's top-level fields. A field that we cannot read as what it must be is refused here: a
bound must not be guessed.
"""

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Raw

from litemaas.gateway.errors import BadRequestError
from litemaas.providers.units import Units

UnitsReader = Callable[[dict[str, Raw]], Units]

_MOST_IMAGES = 128
_CHUNK_BYTES = 500
"""A reranker cuts documents into pieces of at most 500 tokens, and a token has at least one byte."""
_DOCUMENTS_A_SEARCH = 100
"""Documents in one of Cohere's search units."""

_decode = msgspec.json.Decoder(Any).decode


def images_asked(fields: dict[str, Raw]) -> Units:
    """Images that `n` asks for.

    Raises:
        BadRequestError: It is no number of images.
    """
    count = _read(fields, "n")
    return Units(images=image_count(1 if count is None else count))


def image_count(count: object) -> int:
    """`n` as a number of images.

    Raises:
        BadRequestError: It is none.
    """
    if type(count) is not int or not 0 < count <= _MOST_IMAGES:
        raise BadRequestError(f"The field 'n' must be a whole number from 1 to {_MOST_IMAGES}.", param="n")
    return count


def characters_asked(fields: dict[str, Raw]) -> Units:
    """Characters of the text that is to be spoken.

    Raises:
        BadRequestError: It is no text.
    """
    text = _read(fields, "input")
    if not isinstance(text, str):
        raise BadRequestError("The field 'input' must be a string.", param="input")
    return Units(characters=len(text))


def searches_asked(fields: dict[str, Raw]) -> Units:
    """Search units of a query with its documents, as Cohere counts them: a long document counts as several.

    Raises:
        BadRequestError: There is no list of documents.
    """
    documents = _read(fields, "documents")
    if not isinstance(documents, list):
        raise BadRequestError("The field 'documents' must be a list.", param="documents")
    pieces = sum(-(-len(_text_of(document).encode()) // _CHUNK_BYTES) or 1 for document in documents)
    return Units(searches=max(1, -(-pieces // _DOCUMENTS_A_SEARCH)))


def _text_of(document: Any) -> str:
    return document if isinstance(document, str) else msgspec.json.encode(document).decode()


def _read(fields: dict[str, Raw], name: str) -> Any:
    try:
        return _decode(fields[name]) if name in fields else None
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadRequestError(f"The field {name!r} cannot be read.", param=name) from error
