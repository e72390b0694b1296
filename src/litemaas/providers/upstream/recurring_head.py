"""A head that comes again and again but for its `Content-Length`, known by comparing bytes.

A client sends the same head with each of its calls, and a model server answers with the same for a second or longer. To
compare bytes takes a tenth of the work of parsing them.
"""

_LENGTH_LINES = (b"\r\nContent-Length: ", b"\r\ncontent-length: ")
_LENGTH_LINE_BYTES = len(_LENGTH_LINES[0])
_MAX_LENGTH_DIGITS = 12


class RecurringHead:
    """One head that a parser has accepted, with the blank line that ends it."""

    __slots__ = ("_after_length", "_before_length", "_length_at")

    def __init__(self, head: bytes) -> None:
        for line in _LENGTH_LINES:
            start = head.find(line)
            if start >= 0:
                self._length_at = start + _LENGTH_LINE_BYTES
                self._before_length = head[: self._length_at]
                self._after_length = head[head.index(b"\r", self._length_at) :]
                return
        self._length_at = 0
        self._before_length = self._after_length = head  # nothing is longer than its own head, and ends with it again

    def body_of(self, data: bytes, limit: int) -> bytes | None:
        """The body, of up to `limit` bytes, of a message with this very head, but for its length.

        Returns:
            None if `data` is not just such a message.
        """
        if data.startswith(self._before_length):
            at = self._length_at
            end = data.find(b"\r", at, at + _MAX_LENGTH_DIGITS)
            if data.startswith(self._after_length, end):
                digits = data[at:end]
                body = data[end + len(self._after_length) :]
                if digits.isdigit() and int(digits) == len(body) <= limit:
                    return body
        return None
