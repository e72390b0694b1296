"""A head that comes again and again but for its `Content-Length`, known by comparing bytes.

A client sends the same head with each of its calls, and a model server answers with the same for a second or longer. To
compare bytes takes a tenth of the work of parsing them.
"""

_LENGTH_LINES = (b"\r\nContent-Length: ", b"\r\ncontent-length: ")
_LENGTH_LINE_BYTES = len(_LENGTH_LINES[0])
_MAX_LENGTH_DIGITS = 12


class RecurringHead:
    """One head that a parser has accepted, with the blank line that ends it."""

    __slots__ = ("_after_length", "_before_length", "_end", "_length", "_length_at", "_whole")

    def __init__(self, head: bytes) -> None:
        self._whole, self._end, self._length = head, len(head), -1
        self._length_at = 0
        self._before_length = self._after_length = head  # nothing is longer than its own head, and ends with it again
        for line in _LENGTH_LINES:
            start = head.find(line)
            if start >= 0:
                at = self._length_at = start + _LENGTH_LINE_BYTES
                end = head.index(b"\r", at)
                self._before_length, self._after_length = head[:at], head[end:]
                self._length = int(head[at:end])
                return

    def body_of(self, data: bytes, limit: int) -> bytes | None:
        """The body, of up to `limit` bytes, of a message with this very head, but for its length.

        Returns:
            None if `data` is not just such a message.
        """
        size = len(data) - self._end
        if size == self._length <= limit and data.startswith(self._whole):
            return data[self._end :]
        if data.startswith(self._before_length):
            at = self._length_at
            end = data.find(b"\r", at, at + _MAX_LENGTH_DIGITS)
            if data.startswith(self._after_length, end):
                digits = data[at:end]
                body = data[end + len(self._after_length) :]
                if digits.isdigit() and int(digits) == len(body) <= limit:
                    return body
        return None
