"""Where in an event of a stream there is a piece of a longer text, and which event ends that text.

Three kinds of streams are known: chats and completions, whose choices end with a `finish_reason`; OpenAI's responses,
where an event `….delta` brings a piece and `….done` ends it; Anthropic's messages, whose blocks start and stop.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

from litemaas.gateway.guardrails.values import bytes_in, is_opaque

Key = tuple[Any, ...]

_PLACES = ("item_id", "output_index", "content_index", "summary_index", "index")
_NAME = "name"
"""Of a tool: comes whole, before its arguments, and clients wait for it."""
_LAST = frozenset(
    (
        "message_delta",
        "message_stop",
        "response.completed",
        "response.incomplete",
        "response.failed",
        "response.cancelled",
    )
)


class Piece(NamedTuple):
    """A piece of a text.

    Attributes:
        key: Of the text, in its stream.
        name: Of the field.
        text: The piece.
        put: Puts something else in its place.
        alone: Makes an event that carries a text in this place and nothing else.
    """

    key: Key
    name: str
    text: str
    put: Callable[[object], None]
    alone: Callable[[str], dict[str, Any]]


def pieces_of(event: dict[str, Any]) -> Iterator[Piece]:
    """The pieces of texts that an event brings."""
    if isinstance(choices := event.get("choices"), list):
        for choice in choices:
            if isinstance(choice, dict):
                yield from _of_choice(event, choice)
        return
    kind, delta = str(event.get("type", "")), event.get("delta")
    place = _place(event)
    if isinstance(delta, str):
        stem = kind.removesuffix(".delta")
        name = "arguments" if "arguments" in stem else "text" if stem.endswith("output_text") else ""
        yield Piece((stem, *place), name, delta, _putter(event, "delta"), partial(_told, event))
    elif isinstance(delta, dict) and kind == "content_block_delta":
        for name, put, text, path in _strings(delta, "delta", ()):
            yield Piece((kind, *place, *path), name, text, put, partial(_alone, event, delta, path))


def ended_by(event: dict[str, Any]) -> Callable[[Key], bool]:
    """Which texts an event ends, by their keys."""
    if isinstance(choices := event.get("choices"), list):
        ended, goes_on = _choices_ended(choices)
        return lambda key: key[1] in ended or key[2] not in goes_on.get(key[1], (key[2],))
    kind, place = str(event.get("type", "")), _place(event)
    if kind in _LAST:
        return lambda key: True  # noqa: ARG005 - all
    if kind == "content_block_stop":
        return lambda key: key[1 : 1 + len(place)] == place
    stem = kind.removesuffix(".done")
    return lambda key: kind != stem and key == (stem, *place)


def _choices_ended(choices: list[Any]) -> tuple[set[Any], dict[Any, set[Any]]]:
    """Which choices end, and with which fields the others go on: reasoning ends where content begins."""
    ended, goes_on = set(), {}
    for choice in choices:
        if isinstance(choice, dict):
            index = choice.get("index", 0)
            if choice.get("finish_reason"):
                ended.add(index)
            fields = {path[0] for _, _, text, path in _strings(choice.get("delta"), "delta", ()) if text}
            if fields:
                goes_on[index] = fields
    return ended, goes_on


def _of_choice(event: dict[str, Any], choice: dict[str, Any]) -> Iterator[Piece]:
    index = choice.get("index", 0)
    if isinstance(text := choice.get("text"), str):
        alone = partial(_alone_in_choice, event, choice, ("text",))
        yield Piece(("text", index, "text"), "text", text, _putter(choice, "text"), alone)
    for name, put, text, path in _strings(choice.get("delta"), "delta", ()):
        yield Piece(
            ("delta", index, *path), name, text, put, partial(_alone_in_choice, event, choice, ("delta", *path))
        )


def _alone(event: dict[str, Any], delta: dict[str, Any], path: Key, text: str) -> dict[str, Any]:
    return _scalars(event) | {"delta": _rebuilt(delta, path, text)}


def _alone_in_choice(event: dict[str, Any], choice: dict[str, Any], path: Key, text: str) -> dict[str, Any]:
    return _scalars(event) | {"choices": [{"index": 0, "finish_reason": None} | _rebuilt(choice, path, text)]}


def _told(event: dict[str, Any], text: str) -> dict[str, Any]:
    return _scalars(event) | {"delta": text} | ({"logprobs": []} if "logprobs" in event else {})


def _strings(value: Any, name: str, path: Key) -> Iterator[tuple[str, Callable[[object], None], str, Key]]:
    """All texts in a delta: name, what puts another in its place, the text, and where it is."""
    if isinstance(value, dict):
        opaque = bytes_in(value, name)
        for key, one in value.items():
            if isinstance(one, str):
                if key not in {opaque, _NAME} and not is_opaque(key):
                    yield key, _putter(value, key), one, (*path, key)
            else:
                yield from _strings(one, key, (*path, key))
    elif isinstance(value, list):
        for position, one in enumerate(value):
            place = one.get("index", position) if isinstance(one, dict) else position
            if isinstance(one, str):
                yield name, _putter(value, position), one, (*path, place)
            else:
                yield from _strings(one, name, (*path, place))


def _putter(holder: Any, key: Any) -> Callable[[object], None]:
    def put(value: object) -> None:
        holder[key] = value

    return put


def _rebuilt(value: Any, path: Key, text: str) -> Any:
    """A delta of the same form with one text in it, at `path`."""
    if not path:
        return text
    if isinstance(value, dict):
        kept = {key: one for key, one in value.items() if key == "index" or (key == "type" and isinstance(one, str))}
        return kept | {path[0]: _rebuilt(value.get(path[0]), path[1:], text)}
    if isinstance(value, list):
        for position, one in enumerate(value):
            if (one.get("index", position) if isinstance(one, dict) else position) == path[0]:
                return [_rebuilt(one, path[1:], text)]
    return [text]


def _scalars(event: dict[str, Any]) -> dict[str, Any]:
    """Of an event its ids and numbers; no text."""
    return {key: one for key, one in event.items() if is_opaque(key) or isinstance(one, int | float)}


def _place(event: dict[str, Any]) -> Key:
    return tuple(event.get(name) for name in _PLACES)
