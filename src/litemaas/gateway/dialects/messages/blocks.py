"""The content of Anthropic's messages: blocks, told apart by their `type`."""

from typing import Any

from msgspec import UNSET, Struct, UnsetType


class TextBlock(Struct, tag="text"):
    """Text."""

    text: str


class Base64Source(Struct, tag="base64"):
    """A file, inline."""

    media_type: str
    data: str


class UrlSource(Struct, tag="url"):
    """A file at an address."""

    url: str


class TextSource(Struct, tag="text"):
    """A plain text document, inline."""

    data: str


class ImageBlock(Struct, tag="image"):
    """An image."""

    source: Base64Source | UrlSource


class DocumentBlock(Struct, tag="document"):
    """A document."""

    source: Base64Source | TextSource
    title: str | None = None
    context: str | None = None


class SearchResultBlock(Struct, tag="search_result"):
    """A passage that the client has found."""

    source: str
    title: str
    content: list[TextBlock]


class ToolUseBlock(Struct, tag="tool_use"):
    """The model's wish to have a tool called."""

    id: str
    name: str
    input: dict[str, Any]


class ToolResultBlock(Struct, tag="tool_result"):
    """What the tool answered."""

    tool_use_id: str
    content: str | list[TextBlock | ImageBlock | DocumentBlock | SearchResultBlock] | UnsetType = UNSET


class ThinkingBlock(Struct, tag="thinking"):
    """What a model thought earlier."""


class RedactedThinkingBlock(Struct, tag="redacted_thinking"):
    """What a model thought earlier, encrypted."""


Block = (
    TextBlock
    | ImageBlock
    | DocumentBlock
    | SearchResultBlock
    | ToolUseBlock
    | ToolResultBlock
    | ThinkingBlock
    | RedactedThinkingBlock
)


class MessageParam(Struct):
    """One turn."""

    role: str
    content: str | list[Block]
