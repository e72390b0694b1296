"""Just enough of PromQL to tell what an expression names."""

import re

_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"')
_MATCHERS = re.compile(r"\{([^{}]*)\}")
_MATCHER = re.compile(r"([A-Za-z_]\w*)\s*(?:=~|!~|!=|=)")
_RANGES = re.compile(r"\[[^\]]*\]|\boffset \w+")
_GROUPINGS = re.compile(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^()]*)\)")
_NAMES = re.compile(r"[A-Za-z_:][\w:]*")
_WORDS = frozenset(
    ("absent", "and", "histogram_quantile", "increase", "max", "or", "rate", "sum", "topk", "unless", "vector")
)


def metrics_in(expression: str) -> set[str]:
    """Every name that is neither a function nor an operator nor a label."""
    bare = _RANGES.sub("", _GROUPINGS.sub("", _MATCHERS.sub("", _STRINGS.sub("", expression))))
    return set(_NAMES.findall(bare)) - _WORDS


def labels_in(expression: str) -> set[str]:
    """The labels that an expression selects by or groups by."""
    bare = _STRINGS.sub("", expression)
    selected = {label for matchers in _MATCHERS.findall(bare) for label in _MATCHER.findall(matchers)}
    grouped = {label.strip() for labels in _GROUPINGS.findall(bare) for label in labels.split(",")}
    return selected | grouped - {""}
