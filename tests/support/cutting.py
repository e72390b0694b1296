"""Texts cut into pieces, for what must not depend on how they came."""

from collections.abc import Callable

from hypothesis import strategies as st


def cuts(longest: int = 40) -> st.SearchStrategy[list[int]]:
    """Sizes of pieces, used in turn."""
    return st.lists(st.integers(1, longest), min_size=1, max_size=8)


def fed(feed: Callable[..., str], text: str, sizes: list[int]) -> str:
    """What a reader passes on when it gets `text` in pieces of these sizes."""
    passed, at, turn = [], 0, 0
    while at < len(text):
        size = sizes[turn % len(sizes)]
        passed.append(feed(text[at : at + size]))
        at, turn = at + size, turn + 1
    return "".join([*passed, feed("", final=True)])
