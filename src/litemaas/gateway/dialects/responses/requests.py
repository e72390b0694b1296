"""Requests, from OpenAI's responses to a chat."""

from typing import Any

import msgspec
from msgspec import Struct

from litemaas.gateway.dialects.responses.items import chat_messages, read_items
from litemaas.gateway.errors import BadRequestError

_STATEFUL = {
    "previous_response_id": "it does not keep responses: send the whole conversation as 'input'",
    "conversation": "it does not keep conversations: send the whole conversation as 'input'",
    "prompt": "it does not keep prompts: send 'instructions' and 'input'",
    "background": "it answers at once: leave 'background' out",
}
_MAX_DEPTH = 200


class _Reasoning(Struct):
    effort: str | None = None


class _Text(Struct):
    format: dict[str, Any] | None = None
    verbosity: str | None = None


class _Tool(Struct):
    type: str
    name: str | None = None
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None


class ResponsesRequest(Struct, kw_only=True):
    """A request, as far as a chat can do what it asks, or the answer repeats it."""

    model: str
    input: str | list[dict[str, Any]]
    instructions: str | None = None
    max_output_tokens: int | None = None
    metadata: dict[str, str] | None = None
    parallel_tool_calls: bool | None = None
    prompt_cache_key: str | None = None
    reasoning: _Reasoning | None = None
    safety_identifier: str | None = None
    service_tier: str | None = None
    stream: bool | None = None
    temperature: float | None = None
    text: _Text | None = None
    tool_choice: str | dict[str, Any] | None = None
    tools: list[dict[str, Any]] | None = None
    top_p: float | None = None
    truncation: str | None = None
    user: str | None = None
    previous_response_id: str | None = None
    conversation: Any = None
    prompt: Any = None
    background: bool | None = None


_decode = msgspec.json.Decoder(ResponsesRequest).decode
_encode = msgspec.json.Encoder().encode


def read_responses_request(body: bytes) -> ResponsesRequest:
    """Read a request that is to be translated.

    Raises:
        BadRequestError: It is not in OpenAI's form.
    """
    try:
        request = _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadRequestError(f"The request cannot be read: {error}.") from error
    if _depth([request.tools, request.tool_choice, request.text and request.text.format]) > _MAX_DEPTH:
        raise BadRequestError("The request is nested too deeply.")  # the answer repeats these
    return request


def chat_request(request: ResponsesRequest) -> bytes:
    """The chat that asks the same.

    Raises:
        BadRequestError: It asks for what a chat cannot do.
    """
    for name, reason in _STATEFUL.items():
        if getattr(request, name):
            raise BadRequestError(f"This model's server does not take {name!r}; {reason}.", param=name)
    messages = [{"role": "system", "content": request.instructions}] if request.instructions else []
    if isinstance(request.input, str):
        messages.append({"role": "user", "content": request.input})
    else:
        messages += chat_messages(read_items(request.input))
    fields: dict[str, Any] = {
        "model": request.model,
        "messages": messages,
        "max_tokens": request.max_output_tokens,
        "stream": request.stream or None,
        "temperature": request.temperature,
        "top_p": request.top_p,
        "user": request.user,
        "safety_identifier": request.safety_identifier,
        "prompt_cache_key": request.prompt_cache_key,
        "service_tier": request.service_tier,
        "reasoning_effort": request.reasoning.effort if request.reasoning else None,
    }
    if request.tools:
        fields["tools"] = [_function(tool) for tool in request.tools]
        fields["tool_choice"] = _tool_choice(request.tool_choice)
        fields["parallel_tool_calls"] = request.parallel_tool_calls
    if request.text is not None:
        fields["verbosity"] = request.text.verbosity
        fields["response_format"] = _response_format(request.text.format)
    return _encode({name: value for name, value in fields.items() if value is not None})


def _depth(value: Any) -> int:
    """How deeply a JSON value is nested."""
    depth, level = 0, [value]
    while level:
        depth += 1
        inner = [one.values() if isinstance(one, dict) else one for one in level if isinstance(one, dict | list)]
        level = [one for values in inner for one in values]
    return depth


def _function(given: dict[str, Any]) -> dict[str, Any]:
    try:
        tool = msgspec.convert(given, _Tool)
    except msgspec.ValidationError as error:
        raise BadRequestError(f"A tool cannot be read: {error}.", param="tools") from error
    if tool.type != "function" or tool.name is None:
        raise BadRequestError(
            f"This model's server has no tool of type {tool.type!r}; it takes functions.", param="tools"
        )
    function: dict[str, Any] = {"name": tool.name, "parameters": tool.parameters or {"type": "object"}}
    if tool.description is not None:
        function["description"] = tool.description
    if tool.strict is not None:
        function["strict"] = tool.strict
    return {"type": "function", "function": function}


def _tool_choice(choice: str | dict[str, Any] | None) -> Any:
    if not isinstance(choice, dict):
        return choice
    if choice.get("type") != "function":
        raise BadRequestError("tool_choice must be 'auto', 'none', 'required' or a function.", param="tool_choice")
    return {"type": "function", "function": {"name": choice.get("name")}}


def _response_format(given: dict[str, Any] | None) -> dict[str, Any] | None:
    if given is None or given.get("type") == "text":
        return None
    if given.get("type") == "json_schema":
        return {"type": "json_schema", "json_schema": {name: given[name] for name in given if name != "type"}}
    return given
