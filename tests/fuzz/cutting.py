"""Bytes of a fuzzer as choices: what it finds stays readable, and it learns which byte decides what."""


class Choices:
    """Takes choices off the end of `data`; what is left is the material."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def number(self, below: int) -> int:
        """A number of at least 0."""
        if not self._data:
            return 0
        last, self._data = self._data[-1], self._data[:-1]
        return last % below

    def rest(self) -> bytes:
        """All that is left."""
        return self._data

    def pieces(self) -> list[bytes]:
        """What is left, cut into pieces of two sizes in turn."""
        sizes = (1 + self.number(7), 1 + self.number(64))
        data, pieces = self._data, []
        while data:
            size = sizes[len(pieces) % 2]
            pieces.append(data[:size])
            data = data[size:]
        return pieces
