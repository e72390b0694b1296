"""The library's answers as OpenAI's JSON."""

from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from pydantic import BaseModel  # the library's; a gateway that does not use it must not pay for it

_encode = msgspec.json.Encoder(enc_hook=str).encode


def whole_json(answer: "BaseModel") -> bytes:
    """A whole answer."""
    fields = answer.model_dump(mode="json", exclude_none=True)
    for choice in fields.get("choices", ()):
        _flatten_reasoning(choice.get("message", {}))
    return _encode(fields)


def chunk_json(chunk: "BaseModel") -> bytes:
    """One chunk of a stream."""
    fields = chunk.model_dump(mode="json", exclude_none=True)
    for choice in fields.get("choices", ()):
        choice.setdefault("finish_reason", None)  # clients compare it before they look for it
        _flatten_reasoning(choice.get("delta", {}))
    return _encode(fields)


def _flatten_reasoning(message: dict[str, Any]) -> None:
    """Write the model's thoughts where vLLM, DeepSeek and LiteLLM have them."""
    reasoning = message.pop("reasoning", None)
    if isinstance(reasoning, dict) and reasoning.get("content"):
        message["reasoning_content"] = reasoning["content"]
