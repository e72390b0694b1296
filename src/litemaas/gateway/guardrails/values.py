"""Which strings of a JSON body are text that people or models wrote, and reads those.

Everything is read but what is known to be none: a field that a provider adds tomorrow is read, too. Inside of what
users shape themselves, such as a tool's input, names mean nothing, and everything is read, numbers and names included.
"""

from collections.abc import Set as AbstractSet
from typing import Any

from litemaas.gateway.guardrails.json_text import JsonTextReader
from litemaas.gateway.guardrails.readers import Guards, Reader

_OPAQUE = frozenset(
    (
        "model", "id", "object", "type", "role", "index", "status", "user", "service_tier", "system_fingerprint",
        "finish_reason", "stop_reason", "stop_sequence", "tool_call_id", "tool_use_id", "call_id", "item_id",
        "previous_response_id", "response_id", "file_id", "encoding_format", "detail", "media_type", "format",
        "signature", "encrypted_content", "obfuscation", "b64_json", "file_data", "prompt_cache_key",
        "safety_identifier", "reasoning_effort", "tool_choice", "stream_options",
    )
)  # fmt: skip
"""Names whose values are ids, words of the protocol, or bytes."""
_SHAPED_BY_USERS = frozenset(("input", "arguments", "partial_json"))
_NAMED_BY_USERS = frozenset(
    ("metadata", "documents", "variables", "attributes", "env", "headers", "input_examples", "chat_template_kwargs")
)
"""Names of objects whose fields have names that users chose: a string in them is a text, also one called `user`."""
_JSON_TEXT = frozenset(("arguments", "partial_json"))
_BYTES_IN_URL = frozenset(("url", "image_url", "file_url"))
_SOUNDS = frozenset(("audio", "input_audio"))
_TELLTALE = frozenset(("logprobs", "prompt_logprobs", "token_ids", "prompt_token_ids"))
"""The answer's tokens, told a second time."""
_SHORTEST_NUMBER = 10**6


class ValueReader:
    """Reads JSON values.

    Args:
        guards: Read the texts.
        json_texts: Names of further fields whose text is JSON, as the client asked for.
        answers: It is an answer; what tells its tokens a second time is left out if texts are masked or kept back.
    """

    def __init__(self, guards: Guards, json_texts: AbstractSet[str] = frozenset(), *, answers: bool = False) -> None:
        self._guards = guards
        self._text = guards.reader()
        self._json_texts = _JSON_TEXT | json_texts
        self._drops = _TELLTALE if answers and guards.holds else frozenset()

    def reader(self, name: str) -> Reader:
        """A reader of its own for a text in a field of this name that comes in pieces."""
        reader = self._guards.reader()
        return JsonTextReader(reader) if name in self._json_texts else reader

    def read(self, value: Any, name: str = "") -> Any:
        """Read a field's value; returns what may be passed on.

        Raises:
            GuardrailBlockedError: Nothing may.
            GuardrailFailedError: A guardrail could not read it.
        """
        if isinstance(value, str):
            return value if name in _OPAQUE or _is_bytes(name, value) else self._read_text(value, name)
        if isinstance(value, list):
            return [
                self.read(one, "" if isinstance(one, dict) and name not in _NAMED_BY_USERS else name) for one in value
            ]
        if isinstance(value, dict):
            if name in _SHAPED_BY_USERS:
                return self._read_freely(value)
            return self._read_named(value) if name in _NAMED_BY_USERS else self._read_object(value, name)
        return value

    def _read_object(self, value: dict[str, Any], name: str) -> dict[str, Any]:
        opaque = bytes_in(value, name)
        kept = _without(value, self._drops)
        return {key: one if key == opaque else self.read(one, key) for key, one in kept.items()}

    def _read_text(self, text: str, name: str) -> str:
        reader = JsonTextReader(self._text) if name in self._json_texts else self._text
        return reader.feed(text, final=True)

    def _read_named(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._read_text(value, "")
        if isinstance(value, list):
            return [self._read_named(one) for one in value]
        if isinstance(value, dict):
            return {key: self._read_part(one) for key, one in value.items()}
        return value

    def _read_part(self, value: Any) -> Any:
        """Read what a field that users named holds: their own, or a part of a message, such as a picture."""
        if isinstance(value, dict) and isinstance(value.get("type"), str):
            return self._read_object(value, "")
        return self._read_named(value)

    def _read_freely(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {self._read_text(key, ""): self._read_freely(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self._read_freely(one) for one in value]
        if isinstance(value, str):
            return self._read_text(value, "")
        if isinstance(value, int | float) and abs(value) >= _SHORTEST_NUMBER:
            told = self._read_text(str(value), "")
            return value if told == str(value) else told
        return value


def bytes_in(value: dict[str, Any], name: str) -> str | None:
    """The name of the field of an object called `name` that carries bytes, as pictures, sounds and thoughts have it."""
    carries = name in _SOUNDS or "media_type" in value or value.get("type") == "redacted_thinking"
    return "data" if carries and value.get("type") != "text" else None


def _is_bytes(name: str, value: str) -> bool:
    """Tell whether a string carries a picture, a sound or a file, which no guardrail can read."""
    return name in _BYTES_IN_URL and value.startswith("data:")


def is_opaque(name: str) -> bool:
    """Tell whether a field of this name holds no text."""
    return name in _OPAQUE


def _without(value: dict[str, Any], names: AbstractSet[str]) -> dict[str, Any]:
    """The fields of an object, what is `names` emptied: clients expect them to be there."""
    if names.isdisjoint(value):
        return value
    return {key: ([] if isinstance(one, list) else None) if key in names else one for key, one in value.items()}
