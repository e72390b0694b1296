"""Answers, from a chat to OpenAI's response."""

from typing import Any

import msgspec

from litemaas.gateway.dialects.chat import Delta, ToolCall, first_choice, read_answer
from litemaas.gateway.dialects.responses.requests import ResponsesRequest
from litemaas.providers.usage import Usage

_INCOMPLETE = {"length": "max_output_tokens", "content_filter": "content_filter"}
_encode = msgspec.json.Encoder().encode

Item = dict[str, Any]


def response(
    body: bytes, usage: Usage, request: ResponsesRequest, *, response_id: str, created_at: int
) -> bytes | None:
    """The response that says what a chat completion says; None: `body` is no chat completion."""
    answer = read_answer(body)
    choice = first_choice(answer) if answer is not None else None
    if choice is None or choice.message is None:
        return None
    output = _output(choice.message, response_id)
    ended = how_it_ended(choice.finish_reason)
    return _encode(frame(request, response_id, created_at) | {"output": output, "usage": told_usage(usage)} | ended)


def frame(request: ResponsesRequest, response_id: str, created_at: int) -> dict[str, Any]:
    """A response that has no output yet: what of it repeats the request."""
    text = request.text
    return {
        "id": response_id,
        "object": "response",
        "created_at": created_at,
        "status": "in_progress",
        "background": False,
        "error": None,
        "incomplete_details": None,
        "instructions": request.instructions,
        "max_output_tokens": request.max_output_tokens,
        "metadata": request.metadata or {},
        "model": request.model,
        "output": [],
        "parallel_tool_calls": request.parallel_tool_calls is not False,
        "previous_response_id": None,
        "reasoning": {"effort": request.reasoning.effort if request.reasoning else None, "summary": None},
        "service_tier": request.service_tier,
        "store": False,
        "temperature": request.temperature,
        "text": {"format": (text.format if text else None) or {"type": "text"}},
        "tool_choice": request.tool_choice or "auto",
        "tools": request.tools or [],
        "top_p": request.top_p,
        "truncation": "disabled",
        "usage": None,
        "user": request.user,
    }


def how_it_ended(finish_reason: str | None) -> dict[str, Any]:
    """Status of a response whose chat ended so."""
    reason = _INCOMPLETE.get(finish_reason or "")
    return {
        "status": "incomplete" if reason else "completed",
        "incomplete_details": {"reason": reason} if reason else None,
    }


def told_usage(usage: Usage) -> dict[str, Any]:
    """Usage as responses tell it."""
    return {
        "input_tokens": usage.input,
        "input_tokens_details": {"cached_tokens": usage.cached_input, "cache_write_tokens": usage.cache_write},
        "output_tokens": usage.output,
        "output_tokens_details": {"reasoning_tokens": usage.reasoning},
        "total_tokens": usage.input + usage.output,
    }


def reasoning_item(item_id: str, text: str, status: str) -> Item:
    """What the model thought."""
    content = [{"type": "reasoning_text", "text": text}] if text else []
    return {"id": item_id, "type": "reasoning", "status": status, "summary": [], "content": content}


def message_item(item_id: str, parts: list[Item], status: str) -> Item:
    """What the model said."""
    return {"id": item_id, "type": "message", "role": "assistant", "status": status, "content": parts}


def text_part(text: str) -> Item:
    """A part of what the model said."""
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}


def refusal_part(text: str) -> Item:
    """What the model said in place of an answer."""
    return {"type": "refusal", "refusal": text}


def call_item(item_id: str, call_id: str, name: str, arguments: str, status: str) -> Item:
    """A function that the model wants called."""
    return {
        "id": item_id,
        "type": "function_call",
        "status": status,
        "call_id": call_id,
        "name": name,
        "arguments": arguments,
    }


def _output(said: Delta, response_id: str) -> list[Item]:
    output: list[Item] = []
    if said.thought:
        output.append(reasoning_item(f"rs_{response_id}", said.thought, "completed"))
    calls = said.tool_calls or []
    parts = [text_part(said.text)] if said.text else []
    if said.refusal:
        parts.append(refusal_part(said.refusal))
    if parts or not calls:
        output.append(message_item(f"msg_{response_id}", parts or [text_part("")], "completed"))
    return output + [_call(call, f"fc_{response_id}_{number}") for number, call in enumerate(calls)]


def _call(call: ToolCall, item_id: str) -> Item:
    function = call.function
    name, arguments = (function.name or "", function.given or "{}") if function else ("", "{}")
    return call_item(item_id, call.id or f"call_{item_id}", name, arguments, "completed")
