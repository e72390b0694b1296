# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""What failed, in as few words as a person needs: what went wrong in a whole lab for one reason is told once."""

from __future__ import annotations

_NAMES = 3
_REASONS = 5


def told(failed):
    """Tells of failures, those of the same reason together.

    Args:
        failed: Pairs of a name and a sentence.

    Returns:
        The text; no more reasons than a person reads at once.
    """
    by_sentence = {}
    for name, sentence in failed:
        by_sentence.setdefault(sentence, []).append(name)
    words = [f"{_listed(names)}: {sentence}" for sentence, names in list(by_sentence.items())[:_REASONS]]
    more = dict.fromkeys(name for names in list(by_sentence.values())[_REASONS:] for name in names)
    return " | ".join(words + ([f"also {', '.join(more)}"] if more else []))


def _listed(names):
    if len(names) <= _NAMES + 1:
        return ", ".join(names)
    return f"{', '.join(names[:_NAMES])} and {len(names) - _NAMES} others"
