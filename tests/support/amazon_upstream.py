"""Amazon's Bedrock and SageMaker, as far as calls of models go."""

import json
import struct
import zlib
from urllib.parse import unquote

from support.upstream import Call, Script, framed, http

USAGE = {"inputTokens": 11, "outputTokens": 7, "totalTokens": 18}
EVENT_STREAM = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.amazon.eventstream\r\nTransfer-Encoding: chunked\r\n\r\n"
)
BEGINNING = [
    ("messageStart", {"role": "assistant"}),
    ("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": "Hel"}}),
]
END = [
    ("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": "lo."}}),
    ("contentBlockStop", {"contentBlockIndex": 0}),
    ("messageStop", {"stopReason": "end_turn"}),
    ("metadata", {"usage": USAGE, "metrics": {"latencyMs": 5}}),
]


def event(kind: str, told: dict) -> bytes:
    """One message of the encoding that AWS's event streams have."""
    headers = b"".join(
        bytes([len(name)]) + name + b"\x07" + struct.pack(">H", len(value)) + value
        for name, value in (
            (b":event-type", kind.encode()),
            (b":content-type", b"application/json"),
            (b":message-type", b"event"),
        )
    )
    body = json.dumps(told).encode()
    prelude = struct.pack(">II", 16 + len(headers) + len(body), len(headers))
    message = prelude + struct.pack(">I", zlib.crc32(prelude)) + headers + body
    return message + struct.pack(">I", zlib.crc32(message))


def amazon() -> Script:
    """Answers chats, whole or streamed, and embeddings."""
    message = {"role": "assistant", "content": [{"text": "Hello."}]}
    converse = {"output": {"message": message}, "stopReason": "end_turn", "usage": USAGE, "metrics": {"latencyMs": 5}}
    choice = {"index": 0, "message": {"role": "assistant", "content": "Hello."}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
    told = {
        "converse": converse,
        "invoke": {"embedding": [0.5, -0.25], "inputTextTokenCount": 11},
        "invocations": {"choices": [choice], "usage": usage},
    }

    async def script(call: Call) -> None:
        action = unquote(call.path).rpartition("/")[2]
        if action == "converse-stream":
            events = b"".join(event(*one) for one in (*BEGINNING, *END))
            await call.send(EVENT_STREAM + framed(events) + framed(b""))
        else:
            await call.send(http(json.dumps(told[action]).encode()))

    return script
