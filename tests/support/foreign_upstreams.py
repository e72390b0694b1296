"""Answers in the forms of Gemini and Cohere, for model servers that speak nothing of ours."""

import json

from support.upstream import STREAM_HEAD, Call, Script, framed, http


def gemini() -> Script:
    """Gemini's `generateContent`, whole or streamed as server-sent events, and `batchEmbedContents`."""

    def part(text: str, reason: str | None, output: int) -> dict:
        candidate = {"content": {"role": "model", "parts": [{"text": text}]}, "index": 0}
        usage = {"promptTokenCount": 11, "candidatesTokenCount": output, "totalTokenCount": 11 + output}
        return {
            "candidates": [candidate | ({"finishReason": reason} if reason else {})],
            "usageMetadata": usage,
            "modelVersion": "upstream-name",
            "responseId": "r-1",
        }

    async def script(call: Call) -> None:
        if "streamGenerateContent" in call.path:
            parts = (part("Hel", None, 2), part("lo.", "STOP", 7))
            stream = b"".join(b"data: " + json.dumps(one).encode() + b"\r\n\r\n" for one in parts)
            await call.send(STREAM_HEAD + framed(stream) + framed(b""))
        else:
            await call.send(http(json.dumps(part("Hello.", "STOP", 7)).encode()))

    return script


def cohere() -> Script:
    """Cohere's version 2: chats and rerankings."""
    usage = {
        "billed_units": {"input_tokens": 9, "output_tokens": 7},
        "tokens": {"input_tokens": 11, "output_tokens": 7},
    }
    chat = {
        "id": "c-1",
        "finish_reason": "COMPLETE",
        "message": {"role": "assistant", "content": [{"type": "text", "text": "Hello."}]},
        "usage": usage,
    }
    rerank = {
        "id": "r-1",
        "results": [{"index": 1, "relevance_score": 0.9}],
        "meta": {"api_version": {"version": "2"}, "billed_units": {"search_units": 1}},
    }

    async def script(call: Call) -> None:
        answer = rerank if call.path.endswith("/rerank") else chat
        await call.send(http(json.dumps(answer).encode()))

    return script
