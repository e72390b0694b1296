"""Answers in Anthropic's form, for a model server that speaks its messages."""

import json

from support.upstream import STREAM_HEAD, Call, Script, framed, http

USAGE = {
    "input_tokens": 11,
    "cache_creation_input_tokens": 3,
    "cache_read_input_tokens": 5,
    "output_tokens": 7,
}
PIECES = ("Hel", "lo", ".")


def message(**fields: object) -> dict:
    """A message that says Hello."""
    return {
        "id": "msg_up",
        "type": "message",
        "role": "assistant",
        "model": "upstream-name",
        "content": [{"type": "text", "text": "Hello."}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": USAGE,
    } | fields


def event(name: str, **fields: object) -> bytes:
    return f"event: {name}\ndata: {json.dumps({'type': name} | fields)}\n\n".encode()


def begun(*pieces: str) -> bytes:
    """A stream as far as its text; its usage tells one token of output, as Anthropic's does."""
    begun = message(content=[], stop_reason=None, usage=USAGE | {"output_tokens": 1})
    block = {"type": "text", "text": ""}
    deltas = (event("content_block_delta", index=0, delta={"type": "text_delta", "text": piece}) for piece in pieces)
    start = event("message_start", message=begun) + event("content_block_start", index=0, content_block=block)
    return start + event("ping") + b"".join(deltas)


ENDED = (
    event("content_block_stop", index=0)
    + event("message_delta", delta={"stop_reason": "end_turn", "stop_sequence": None}, usage={"output_tokens": 7})
    + event("message_stop")
)


def messages() -> Script:
    """Answer what was asked: a message, a stream, or a count of tokens."""

    async def script(call: Call) -> None:
        if call.path.endswith("/count_tokens"):
            await call.send(http(b'{"input_tokens": 42}'))
        elif call.json.get("stream"):
            await call.send(STREAM_HEAD + framed(begun(*PIECES) + ENDED) + framed(b""))
        else:
            await call.send(http(json.dumps(message()).encode()))

    return script


def refusal(status: str, kind: str, text: str) -> Script:
    """Refuse in Anthropic's form."""

    async def script(call: Call) -> None:
        await call.send(http(json.dumps({"type": "error", "error": {"type": kind, "message": text}}).encode(), status))

    return script
