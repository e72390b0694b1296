"""Input items of a response, told apart by their `type`, and the messages of a chat that say the same."""

from typing import Any

import msgspec
from msgspec import Struct

from litemaas.gateway.errors import BadRequestError

Part = dict[str, Any]


class InputText(Struct, tag="input_text"):
    """Text of a user."""

    text: str


class OutputText(Struct, tag="output_text"):
    """Text of the model."""

    text: str


class Refusal(Struct, tag="refusal"):
    """The model's words when it refused."""

    refusal: str


class InputImage(Struct, tag="input_image"):
    """An image, inline or at an address."""

    image_url: str
    detail: str | None = None


class InputFile(Struct, tag="input_file"):
    """A file, inline."""

    file_data: str
    filename: str | None = None


class _Audio(Struct):
    data: str
    format: str


class InputAudio(Struct, tag="input_audio"):
    """Sound, inline."""

    input_audio: _Audio


Content = str | list[InputText | OutputText | Refusal | InputImage | InputFile | InputAudio]


class Message(Struct, tag="message"):
    """What somebody said."""

    role: str
    content: Content


class FunctionCall(Struct, tag="function_call"):
    """The model's wish to have a function called."""

    call_id: str
    name: str
    arguments: str


class FunctionCallOutput(Struct, tag="function_call_output"):
    """What the function answered."""

    call_id: str
    output: Content


class Reasoning(Struct, tag="reasoning"):
    """What a model thought earlier; other models cannot read it."""


Item = Message | FunctionCall | FunctionCallOutput | Reasoning
_ROLES = {"user": "user", "assistant": "assistant", "system": "system", "developer": "system"}


def read_items(items: list[dict[str, Any]]) -> list[Item]:
    """Read input items; one without a type is a message.

    Raises:
        BadRequestError: One is of a type that a chat has nothing for, or not as it must be.
    """
    try:
        return msgspec.convert([{"type": "message", **item} for item in items], list[Item])
    except msgspec.ValidationError as error:
        raise BadRequestError(f"An item of the input cannot be read: {error}.", param="input") from error


def chat_messages(items: list[Item]) -> list[Part]:
    """The messages that say what the items say.

    Raises:
        BadRequestError: A role is unknown.
    """
    messages: list[Part] = []
    for item in items:
        if isinstance(item, Message):
            role = _ROLES.get(item.role)
            if role is None:
                raise BadRequestError(f"There is no role {item.role!r}.", param="input")
            content = _said(item.content) if role == "assistant" else _content(item.content)
            messages.append({"role": role, "content": content})
        elif isinstance(item, FunctionCall):
            _caller(messages)["tool_calls"].append(
                {
                    "id": item.call_id,
                    "type": "function",
                    "function": {"name": item.name, "arguments": item.arguments},
                }
            )
        elif isinstance(item, FunctionCallOutput):
            messages.append({"role": "tool", "tool_call_id": item.call_id, "content": _said(item.output)})
    return messages


def _caller(messages: list[Part]) -> Part:
    """The assistant's message that a function call belongs to: calls that follow one another share it."""
    if not messages or messages[-1]["role"] != "assistant":
        messages.append({"role": "assistant", "content": None})
    messages[-1].setdefault("tool_calls", [])
    return messages[-1]


def _said(content: Content) -> str:
    """Content as text alone: what an assistant's or a tool's message can hold."""
    if isinstance(content, str):
        return content
    texts = []
    for part in content:
        if isinstance(part, InputText | OutputText):
            texts.append(part.text)
        elif isinstance(part, Refusal):
            texts.append(part.refusal)
        else:
            raise BadRequestError("This model's server takes text only from assistants and functions.", param="input")
    return "\n".join(texts)


def _content(content: Content) -> str | list[Part]:
    if isinstance(content, str):
        return content
    parts = [_part(part) for part in content]
    return parts[0]["text"] if len(parts) == 1 and parts[0]["type"] == "text" else parts


def _part(part: Any) -> Part:
    if isinstance(part, InputImage):
        image = {"url": part.image_url} | ({"detail": part.detail} if part.detail else {})
        return {"type": "image_url", "image_url": image}
    if isinstance(part, InputFile):
        return {"type": "file", "file": {"filename": part.filename or "file", "file_data": part.file_data}}
    if isinstance(part, InputAudio):
        sound = part.input_audio
        return {"type": "input_audio", "input_audio": {"data": sound.data, "format": sound.format}}
    return {"type": "text", "text": part.refusal if isinstance(part, Refusal) else part.text}
