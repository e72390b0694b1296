"""Items of a response's output while they grow: which events tell of their beginning, each piece and their end."""

from typing import Any

from litemaas.gateway.dialects.responses.answers import (
    Item,
    call_item,
    message_item,
    reasoning_item,
    refusal_part,
    text_part,
)

Told = list[tuple[str, dict[str, Any]]]
"""Events by name, with their fields; the item's number in the output is for whoever sends them."""

_NAMES = {"text": "response.output_text", "refusal": "response.refusal", "reasoning": "response.reasoning_text"}
_DONE_FIELDS = {"text": "text", "refusal": "refusal", "reasoning": "text"}


class GrowingItem:
    """An item.

    Attributes:
        item_id: Its id.
        index: Its number in the output, once it has begun.
    """

    def __init__(self, item_id: str) -> None:
        self.item_id = item_id
        self.index = 0
        self.begun = False
        self._pieces: list[str] = []

    def whole(self, status: str) -> Item:
        """The item as far as it has come."""
        raise NotImplementedError

    def begin(self) -> Told:
        """What tells that it is there."""
        raise NotImplementedError

    def add(self, text: str) -> Told:
        """What tells of a piece."""
        raise NotImplementedError

    def end(self) -> Told:
        """What tells that it is complete."""
        raise NotImplementedError

    def _text(self) -> str:
        return "".join(self._pieces)

    def _done(self) -> tuple[str, dict[str, Any]]:
        return "response.output_item.done", {"item": self.whole("completed")}


class GrowingText(GrowingItem):
    """Text, a refusal, or what the model thinks: an item with one part."""

    def __init__(self, kind: str, item_id: str) -> None:
        super().__init__(item_id)
        self._kind = kind
        self._name = _NAMES[kind]

    def whole(self, status: str) -> Item:
        """The item as far as it has come."""
        if self._kind == "reasoning":
            return reasoning_item(self.item_id, self._text(), status)
        return message_item(self.item_id, [self._part()], status)

    def begin(self) -> Told:
        """What tells that it is there, with a part that is empty."""
        thinks = self._kind == "reasoning"
        item = self.whole("in_progress") if thinks else message_item(self.item_id, [], "in_progress")
        return [
            ("response.output_item.added", {"item": item}),
            ("response.content_part.added", self._place() | {"part": self._part()}),
        ]

    def add(self, text: str) -> Told:
        """What tells of a piece."""
        self._pieces.append(text)
        return [(f"{self._name}.delta", self._place() | {"delta": text} | self._logprobs())]

    def end(self) -> Told:
        """What tells that it is complete."""
        return [
            (f"{self._name}.done", self._place() | {_DONE_FIELDS[self._kind]: self._text()} | self._logprobs()),
            ("response.content_part.done", self._place() | {"part": self._part()}),
            self._done(),
        ]

    def _place(self) -> dict[str, Any]:
        return {"item_id": self.item_id, "content_index": 0}

    def _logprobs(self) -> dict[str, list[Any]]:
        return {"logprobs": []} if self._kind == "text" else {}

    def _part(self) -> Item:
        text = self._text()
        if self._kind == "reasoning":
            return {"type": "reasoning_text", "text": text}
        return text_part(text) if self._kind == "text" else refusal_part(text)


class GrowingCall(GrowingItem):
    """A function call, told of when its name and id are known."""

    def __init__(self, item_id: str) -> None:
        super().__init__(item_id)
        self.call_id: str | None = None
        self.name: str | None = None

    def keep(self, text: str) -> None:
        """Keep a piece until the call can be told of."""
        self._pieces.append(text)

    def whole(self, status: str) -> Item:
        """The item as far as it has come."""
        return self._item(self._text() or "{}", status)

    def begin(self) -> Told:
        """What tells that it is there, with the pieces that were kept."""
        kept = self._text()
        told: Told = [("response.output_item.added", {"item": self._item("", "in_progress")})]
        return [*told, self._delta(kept)] if kept else told

    def add(self, text: str) -> Told:
        """What tells of a piece."""
        self._pieces.append(text)
        return [self._delta(text)]

    def end(self) -> Told:
        """What tells that it is complete."""
        done = {"item_id": self.item_id, "name": self.name or "", "arguments": self._text() or "{}"}
        return [("response.function_call_arguments.done", done), self._done()]

    def _item(self, arguments: str, status: str) -> Item:
        return call_item(self.item_id, self.call_id or f"call_{self.item_id}", self.name or "", arguments, status)

    def _delta(self, text: str) -> tuple[str, dict[str, Any]]:
        return "response.function_call_arguments.delta", {"item_id": self.item_id, "delta": text}
