"""A model server that serves OpenAI's responses itself, and keeps them."""

import json
from uuid import uuid4

from support.upstream import STREAM_HEAD, Call, framed, http

USAGE = {
    "input_tokens": 11,
    "input_tokens_details": {"cached_tokens": 5},
    "output_tokens": 7,
    "output_tokens_details": {"reasoning_tokens": 2},
    "total_tokens": 18,
}
_NOT_FOUND = json.dumps({"error": {"message": "not found here", "type": "invalid_request_error"}}).encode()


class ResponsesUpstream:
    """A script: answers whatever it is asked, and gives each a new id.

    Args:
        name: Part of the ids, so that a test sees which server it was.
    """

    def __init__(self, name: str = "up") -> None:
        self._name = name
        self.kept: dict[str, dict] = {}

    async def __call__(self, call: Call) -> None:
        method, path = call.head.split(b" ", 2)[0].decode(), call.path.partition("?")[0]
        if method == "POST" and path.endswith("/responses"):
            await self._make(call)
            return
        response_id, _, below = path.partition("/responses/")[2].partition("/")
        if response_id not in self.kept:
            await call.send(http(_NOT_FOUND, "404 Not Found"))
        elif method == "DELETE":
            del self.kept[response_id]
            deleted = {"id": response_id, "object": "response", "deleted": True}
            await call.send(http(json.dumps(deleted).encode()))
        elif below == "input_items":
            item = {"id": "msg_1", "type": "message", "role": "user", "status": "completed", "content": []}
            items = {"object": "list", "data": [item], "first_id": "msg_1", "last_id": "msg_1", "has_more": False}
            await call.send(http(json.dumps(items).encode()))
        else:
            await call.send(http(json.dumps(self.kept[response_id]).encode()))

    async def _make(self, call: Call) -> None:
        response = self._response()
        if call.json.get("store") is not False:
            self.kept[response["id"]] = response
        if not call.json.get("stream"):
            await call.send(http(json.dumps(response).encode()))
            return
        begun = response | {"status": "in_progress", "usage": None, "output": []}
        item = response["output"][0]
        place = {"item_id": item["id"], "output_index": 0, "content_index": 0}
        events = [
            ("response.created", {"response": begun}),
            ("response.output_item.added", {"output_index": 0, "item": item | {"content": []}}),
            ("response.content_part.added", place | {"part": item["content"][0] | {"text": ""}}),
            *(("response.output_text.delta", place | {"delta": piece, "logprobs": []}) for piece in ("Hel", "lo.")),
            ("response.output_text.done", place | {"text": "Hello.", "logprobs": []}),
            ("response.content_part.done", place | {"part": item["content"][0]}),
            ("response.output_item.done", {"output_index": 0, "item": item}),
            ("response.completed", {"response": response}),
        ]
        await call.send(STREAM_HEAD)
        for number, (name, fields) in enumerate(events):
            event = {"type": name, "sequence_number": number} | fields
            await call.send(framed(f"event: {name}\ndata: {json.dumps(event)}\n\n".encode()))
        await call.send(framed(b""))

    def _response(self) -> dict:
        text = {"type": "output_text", "text": "Hello.", "annotations": []}
        message = {"id": "msg_up", "type": "message", "role": "assistant", "status": "completed", "content": [text]}
        return {
            "id": f"resp_{self._name}_{uuid4().hex}",
            "object": "response",
            "created_at": 1,
            "status": "completed",
            "model": "upstream-name",
            "output": [message],
            "parallel_tool_calls": True,
            "tool_choice": "auto",
            "tools": [],
            "usage": USAGE,
        }
