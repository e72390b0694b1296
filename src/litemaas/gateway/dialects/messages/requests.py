"""Requests, from Anthropic's form to that of a chat."""

from typing import Any, Literal

import msgspec
from msgspec import Struct

from litemaas.gateway.dialects.messages.blocks import MessageParam, TextBlock
from litemaas.gateway.dialects.messages.turns import chat_messages, joined
from litemaas.gateway.errors import BadRequestError

_TOOL_CHOICES = {"auto": "auto", "any": "required", "none": "none"}


class _Tool(Struct):
    name: str
    type: str | None = None
    description: str | None = None
    input_schema: dict[str, Any] | None = None
    strict: bool | None = None


class _ToolChoice(Struct):
    type: Literal["auto", "any", "none", "tool"]
    name: str | None = None
    disable_parallel_tool_use: bool = False


class _Metadata(Struct):
    user_id: str | None = None


class _Thinking(Struct):
    type: str = "disabled"


class _Format(Struct):
    type: Literal["json_schema"]
    schema: dict[str, Any]


class _OutputConfig(Struct):
    format: _Format | None = None


class MessagesRequest(Struct, kw_only=True):
    """A request, as far as a chat can do what it asks; what else it holds concerns Anthropic's own servers."""

    model: str
    messages: list[MessageParam]
    max_tokens: int
    system: str | list[TextBlock] | None = None
    stop_sequences: list[str] | None = None
    stream: bool = False
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    tools: list[_Tool] | None = None
    tool_choice: _ToolChoice | None = None
    metadata: _Metadata | None = None
    thinking: _Thinking | None = None
    output_config: _OutputConfig | None = None
    mcp_servers: list[Any] | None = None

    @property
    def wants_thoughts(self) -> bool:
        """Whether the client can take thinking blocks."""
        return self.thinking is not None and self.thinking.type != "disabled"


_decode = msgspec.json.Decoder(MessagesRequest).decode
_encode = msgspec.json.Encoder().encode


def read_messages_request(body: bytes) -> MessagesRequest:
    """Read a request that is to be translated.

    Raises:
        BadRequestError: It is not in Anthropic's form, or holds what a chat has nothing for.
    """
    try:
        return _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadRequestError(f"The request cannot be read: {error}.") from error


def chat_request(request: MessagesRequest) -> bytes:
    """The chat that asks the same.

    Raises:
        BadRequestError: It asks for what only Anthropic's servers can do.
    """
    if request.mcp_servers:
        raise BadRequestError("This model's server does not call MCP servers.", param="mcp_servers")
    messages = [{"role": "system", "content": joined(request.system)}] if request.system else []
    for number, turn in enumerate(request.messages):
        messages += chat_messages(turn, f"messages.{number}")
    fields: dict[str, Any] = {
        "model": request.model,
        "messages": messages,
        "max_tokens": request.max_tokens,
        "stop": request.stop_sequences or None,
        "stream": request.stream or None,
        "temperature": request.temperature,
        "top_p": request.top_p,
        "top_k": request.top_k,
        "tools": [_function(tool) for tool in request.tools] if request.tools else None,
        "user": request.metadata.user_id if request.metadata else None,
    }
    if request.tool_choice is not None and request.tools:
        fields |= _tool_choice(request.tool_choice)
    if request.output_config is not None and request.output_config.format is not None:
        schema = {"name": "answer", "schema": request.output_config.format.schema, "strict": True}
        fields["response_format"] = {"type": "json_schema", "json_schema": schema}
    return _encode({name: value for name, value in fields.items() if value is not None})


def _function(tool: _Tool) -> dict[str, Any]:
    if tool.type not in {None, "custom"} or tool.input_schema is None:
        raise BadRequestError(
            f"The tool {tool.name!r} ({tool.type or 'without input_schema'}) is Anthropic's own; this model's server "
            "takes tools with an input_schema.",
            param="tools",
        )
    function: dict[str, Any] = {"name": tool.name, "parameters": tool.input_schema}
    if tool.description is not None:
        function["description"] = tool.description
    if tool.strict is not None:
        function["strict"] = tool.strict
    return {"type": "function", "function": function}


def _tool_choice(choice: _ToolChoice) -> dict[str, Any]:
    fields: dict[str, Any] = {"parallel_tool_calls": False} if choice.disable_parallel_tool_use else {}
    if choice.type == "tool":
        if choice.name is None:
            raise BadRequestError("tool_choice of type 'tool' needs the tool's name.", param="tool_choice.name")
        return fields | {"tool_choice": {"type": "function", "function": {"name": choice.name}}}
    return fields | {"tool_choice": _TOOL_CHOICES[choice.type]}
