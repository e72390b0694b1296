"""A model server that keeps files and runs batches: at once, when it is next asked about them."""

import json
from dataclasses import dataclass, field
from itertools import count

from support.forms import read_form
from support.upstream import Call, http


@dataclass
class BatchUpstream:
    """Its state.

    Attributes:
        files: Contents by id.
        tells_usage: In the batch itself, as OpenAI does, and not only in each result.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    purposes: dict[str, str] = field(default_factory=dict)
    batches: dict[str, dict] = field(default_factory=dict)
    forms: list[dict] = field(default_factory=list)
    tells_usage: bool = False
    _numbers: count = field(default_factory=lambda: count(1))

    async def script(self, call: Call) -> None:
        method = call.head.split(b" ", 1)[0].decode()
        parts = call.path.removeprefix("/v1/").split("/")
        answer = getattr(self, f"_{method.lower()}_{parts[0]}")(call, *parts[1:])
        status = "404 Not Found" if answer is None else "200 OK"
        if answer is None:
            answer = {"error": {"message": "There is no such thing."}}
        await call.send(http(answer if isinstance(answer, bytes) else json.dumps(answer).encode(), status))

    def _post_files(self, call: Call) -> dict:
        form = read_form(call.headers["content-type"], call.body)
        self.forms.append(form.fields)
        return self._keep(form.files["file"][2], form.fields["purpose"].decode())

    def _get_files(self, call: Call, file_id: str, below: str = "") -> dict | bytes | None:
        if file_id not in self.files:
            return None
        return self.files[file_id] if below else self._file(file_id)

    def _delete_files(self, call: Call, file_id: str) -> dict:
        del self.files[file_id]
        return {"id": file_id, "object": "file", "deleted": True}

    def _post_batches(self, call: Call, batch_id: str = "", below: str = "") -> dict:
        if below == "cancel":
            self.batches[batch_id]["status"] = "cancelled"
            return self.batches[batch_id]
        batch_id = f"batch_{next(self._numbers)}"
        batch = {"id": batch_id, "object": "batch", "status": "in_progress", "created_at": 1_790_000_000}
        self.batches[batch_id] = batch | call.json | {"output_file_id": None, "error_file_id": None}
        return self.batches[batch_id]

    def _get_batches(self, call: Call, batch_id: str) -> dict | None:
        batch = self.batches.get(batch_id)
        if batch and batch["status"] == "finishing":
            self._finish(batch)
        return batch

    def _finish(self, batch: dict) -> None:
        results = []
        for line in self.files[batch["input_file_id"]].splitlines():
            body = {"choices": [], "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}}
            results.append({"custom_id": json.loads(line)["custom_id"], "response": {"status_code": 200, "body": body}})
        content = b"\n".join(json.dumps(one).encode() for one in results)
        batch |= {"status": "completed", "output_file_id": self._keep(content, "batch_output")["id"]}
        if self.tells_usage:
            batch["usage"] = {"input_tokens": 100, "output_tokens": 50, "total_tokens": 150}

    def _keep(self, content: bytes, purpose: str) -> dict:
        file_id = f"file-{next(self._numbers)}"
        self.files[file_id], self.purposes[file_id] = content, purpose
        return self._file(file_id)

    def _file(self, file_id: str) -> dict:
        return {
            "id": file_id,
            "object": "file",
            "bytes": len(self.files[file_id]),
            "created_at": 1_790_000_000,
            "filename": "calls.jsonl",
            "purpose": self.purposes[file_id],
            "status": "processed",
        }
