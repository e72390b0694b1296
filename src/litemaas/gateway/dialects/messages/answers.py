"""Answers, from a chat to Anthropic's message."""

from collections.abc import Collection
from typing import Any

import msgspec

from litemaas.gateway.dialects.chat import Choice, ToolCall, first_choice, read_answer
from litemaas.providers.usage import Usage

_STOP_REASONS = {
    "stop": "end_turn",
    "length": "max_tokens",
    "tool_calls": "tool_use",
    "function_call": "tool_use",
    "content_filter": "refusal",
}
_encode = msgspec.json.Encoder().encode
_object = msgspec.json.Decoder(dict[str, Any]).decode


def message(
    body: bytes,
    usage: Usage,
    *,
    message_id: str,
    model: str,
    stop_sequences: Collection[str] = (),
    with_thoughts: bool = False,
) -> bytes | None:
    """The message that says what a chat completion says; None: `body` is no chat completion.

    Args:
        model: As the client named it.
        stop_sequences: Those of the request.
        with_thoughts: The client can take what the model thought.
    """
    answer = read_answer(body)
    choice = first_choice(answer) if answer is not None else None
    if choice is None or choice.message is None:
        return None
    content: list[dict[str, Any]] = []
    said = choice.message
    if with_thoughts and said.thought:
        content.append({"type": "thinking", "thinking": said.thought, "signature": ""})
    if text := said.text or said.refusal:
        content.append({"type": "text", "text": text})
    calls = said.tool_calls or []
    content += [_tool_use(call, message_id, number) for number, call in enumerate(calls)]
    reason, sequence = stop_reason(choice, stop_sequences, called=bool(calls))
    return _encode(
        empty_message(message_id, model)
        | {"content": content, "stop_reason": reason, "stop_sequence": sequence, "usage": told_usage(usage)}
    )


def empty_message(message_id: str, model: str) -> dict[str, Any]:
    """A message that nothing was said in yet."""
    return {
        "id": message_id,
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": told_usage(Usage()),
    }


def stop_reason(choice: Choice, stop_sequences: Collection[str], *, called: bool) -> tuple[str, str | None]:
    """Why the model stopped, and at which of the client's sequences, if the server tells."""
    sequence = choice.stop_reason
    if isinstance(sequence, str) and sequence in stop_sequences:
        return "stop_sequence", sequence
    reason = _STOP_REASONS.get(choice.finish_reason or "", "end_turn")
    return ("tool_use" if called and reason == "end_turn" else reason), None


def told_usage(usage: Usage) -> dict[str, int]:
    """Usage as Anthropic tells it: input from or to the cache is not part of `input_tokens`."""
    return {
        "input_tokens": usage.input - usage.cached_input - usage.cache_write,
        "cache_creation_input_tokens": usage.cache_write,
        "cache_read_input_tokens": usage.cached_input,
        "output_tokens": usage.output,
    }


def tool_use_id(message_id: str, number: int) -> str:
    """An id for a call of a server that gives none: clients need one to answer it."""
    return f"toolu_{message_id}_{number}"


def _tool_use(call: ToolCall, message_id: str, number: int) -> dict[str, Any]:
    function = call.function
    name, arguments = (function.name or "", function.given or "{}") if function else ("", "{}")
    try:
        given = _object(arguments)
    except msgspec.DecodeError:
        given = {"invalid_json": arguments}  # the model's mistake: the client is to see it, and may tell the model
    return {"type": "tool_use", "id": call.id or tool_use_id(message_id, number), "name": name, "input": given}
