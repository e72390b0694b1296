"""Turns of a conversation, from Anthropic's form to that of a chat.

One turn may become several messages: a chat has each tool's result in a message of its own, and those must follow the
message that called the tools. What a model thought earlier is left out: other models cannot read it.
"""

from typing import Any

import msgspec
from msgspec import UNSET

from litemaas.gateway.dialects.messages.blocks import (
    Base64Source,
    DocumentBlock,
    ImageBlock,
    MessageParam,
    SearchResultBlock,
    TextBlock,
    ToolResultBlock,
    ToolUseBlock,
)
from litemaas.gateway.errors import BadRequestError

Part = dict[str, Any]
_encode = msgspec.json.Encoder().encode


def chat_messages(turn: MessageParam, place: str) -> list[Part]:
    """The messages that a turn becomes; `place` names it in an error.

    Raises:
        BadRequestError: A chat has nothing for its role.
    """
    if turn.role not in {"user", "assistant", "system"}:
        raise BadRequestError(f"{place}.role must be 'user' or 'assistant'.", param=place)
    if isinstance(turn.content, str):
        return [{"role": turn.role, "content": turn.content}]
    return _assistant(turn.content) if turn.role == "assistant" else _from_user(turn.role, turn.content)


def joined(blocks: str | list[TextBlock]) -> str:
    """The text of a system prompt."""
    return blocks if isinstance(blocks, str) else "\n\n".join(block.text for block in blocks)


def _assistant(blocks: list[Any]) -> list[Part]:
    text = "".join(block.text for block in blocks if isinstance(block, TextBlock))
    calls = [
        {
            "id": block.id,
            "type": "function",
            "function": {"name": block.name, "arguments": _encode(block.input).decode()},
        }
        for block in blocks
        if isinstance(block, ToolUseBlock)
    ]
    message: Part = {"role": "assistant", "content": text or None if calls else text}
    return [message | {"tool_calls": calls} if calls else message]


def _from_user(role: str, blocks: list[Any]) -> list[Part]:
    results: list[Part] = []
    parts: list[Part] = []
    for block in blocks:
        if isinstance(block, ToolResultBlock):
            text, shown = _result(block)
            results.append({"role": "tool", "tool_call_id": block.tool_use_id, "content": text})
            parts += shown
        else:
            parts += _parts(block)
    return [*results, {"role": role, "content": _plain(parts)}] if parts else results


def _result(block: ToolResultBlock) -> tuple[str, list[Part]]:
    """The text of a tool's answer, and what a tool's message cannot hold: the user shows it after it."""
    if block.content is UNSET:
        return "", []
    if isinstance(block.content, str):
        return block.content, []
    parts = [part for item in block.content for part in _parts(item)]
    text = "\n\n".join(part["text"] for part in parts if part["type"] == "text")
    return text, [part for part in parts if part["type"] != "text"]


def _parts(block: Any) -> list[Part]:
    """The parts of a chat's message that say what a block says."""
    if isinstance(block, TextBlock):
        return [_text(block.text)]
    if isinstance(block, ImageBlock):
        source = block.source
        url = f"data:{source.media_type};base64,{source.data}" if isinstance(source, Base64Source) else source.url
        return [{"type": "image_url", "image_url": {"url": url}}]
    if isinstance(block, DocumentBlock):
        return _document(block)
    if isinstance(block, SearchResultBlock):
        return [_text(f"{block.title}\n{block.source}\n\n{joined(block.content)}")]
    return []


def _document(block: DocumentBlock) -> list[Part]:
    about = [_text(text) for text in (block.title, block.context) if text]
    source = block.source
    if isinstance(source, Base64Source):
        data = f"data:{source.media_type};base64,{source.data}"
        return [*about, {"type": "file", "file": {"filename": block.title or "document", "file_data": data}}]
    return [*about, _text(source.data)]


def _text(text: str) -> Part:
    return {"type": "text", "text": text}


def _plain(parts: list[Part]) -> str | list[Part]:
    """One text as a string: some servers' templates know nothing else."""
    return parts[0]["text"] if len(parts) == 1 and parts[0]["type"] == "text" else parts
