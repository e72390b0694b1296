"""The page of the collection's variables: groups and defaults from the role's defaults, meanings from its specs.

What a mode asks for in all is added up from the same defaults: no table can say something else than what is deployed.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROLE = Path(__file__).parents[1] / "roles" / "ocp4_workload_litemaas"
PREFIX = "ocp4_workload_litemaas_"

_SIZE = re.compile(r"(.+)_(cpu|memory)_(request|limit)")
_MEBIBYTES = {"Mi": 1, "Gi": 1024}

# By mode: how many of which component it has, and the volumes.
_MODES: dict[str, tuple[dict[str, int], tuple[str, ...]]] = {
    "single": ({"postgres": 1, "litellm": 1}, ("postgres",)),
    "single with OAuth": ({"postgres": 1, "litellm": 1, "backend": 1, "frontend": 1}, ("postgres",)),
    "each lab user": ({"multi_user_postgres": 1, "multi_user_litellm": 1}, ("postgres",)),
    "each lab user with OAuth": (
        {f"multi_user_{name}": 1 for name in ("postgres", "litellm", "backend", "frontend")},
        ("postgres",),
    ),
    "high availability": ({"ha_postgres": 1, "ha_litellm": 2, "redis": 1}, ("postgres", "redis")),
    "high availability with OAuth": (
        {"ha_postgres": 1, "ha_litellm": 2, "redis": 1, "backend": 2, "frontend": 2},
        ("postgres", "redis"),
    ),
}


_HELD = {"postgres": (37, 49), "litellm": (91, 92), "backend": (89, 90), "frontend": (49, 49)}
"""MiB that a lab user's containers hold when idle, and after a login and 200 chats of 8 at a time.

Measured by `tests/cluster/collection/test_deployed_memory.py`, which holds them below what is asked for."""


def collection_page(note: str) -> str:
    """The page.

    Args:
        note: First line, which says where the page comes from.
    """
    return "\n".join(_lines(note)) + "\n"


def _lines(note: str) -> Iterator[str]:
    text = (ROLE / "defaults" / "main.yml").read_text(encoding="utf-8")
    defaults = yaml.safe_load(text)
    specs = yaml.safe_load((ROLE / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))
    options = specs["argument_specs"]["main"]["options"]
    yield from (note, "# Variables of the collection", "")
    yield f"Each begins with `{PREFIX}`; `num_users` works by its short name too."
    yield from ("", "## What a mode asks for", "")
    yield from _row("mode", "CPU requests / limits", "memory requests / limits", "volumes")
    yield from _rule(4)
    for mode, (components, volumes) in _MODES.items():
        yield from _row(mode, *_totals(defaults, components), _volumes(defaults, volumes))
    yield from ("", "What the containers of a lab user with OAuth hold of that, measured:", "")
    yield from _row("container", "memory request", "held when idle", "after a login and 200 chats")
    yield from _rule(4)
    for name, sizes in _HELD.items():
        yield from _row(name, defaults[f"{PREFIX}multi_user_{name}_memory_request"], *(f"{size} MiB" for size in sizes))
    for title, names in _groups(text):
        yield from ("", f"## {title}", "")
        sizes = [match for match in map(_SIZE.fullmatch, names) if match]
        if len(sizes) == len(names):
            yield from _sizes(defaults, dict.fromkeys(match[1] for match in sizes))
        else:
            yield from _variables(defaults, options, names)


def _groups(text: str) -> Iterator[tuple[str, list[str]]]:
    """The headings of the defaults, which are comments, and the variables below each without their prefix."""
    for paragraph in text.split("\n\n")[1:]:
        heading, _, body = paragraph.partition("\n")
        yield heading.removeprefix("# "), re.findall(rf"^{PREFIX}(\w+):", body, re.MULTILINE)


def _variables(defaults: dict[str, Any], options: dict[str, Any], names: list[str]) -> Iterator[str]:
    yield from _row("variable", "default", "meaning")
    yield from _rule(3)
    for name in names:
        meaning = re.sub(rf"O\({PREFIX}(\w+)\)", r"`\1`", options[PREFIX + name]["description"])
        choices = options[PREFIX + name].get("choices")
        meaning += f" One of: {', '.join(f'`{choice}`' for choice in choices)}." if choices else ""
        meaning = meaning.replace("<", "\\<")  # no tag of HTML
        yield from _row(f"`{name}`", _shown(defaults[PREFIX + name]), meaning)


def _sizes(defaults: dict[str, Any], components: dict[str, None]) -> Iterator[str]:
    yield from _row("variables", "CPU request / limit", "memory request / limit")
    yield from _rule(3)
    for component in components:
        values = [
            " / ".join(defaults[f"{PREFIX}{component}_{kind}_{bound}"] for bound in ("request", "limit"))
            for kind in ("cpu", "memory")
        ]
        yield from _row(f"`{component}_cpu_request`, `…_cpu_limit`, `…_memory_request`, `…_memory_limit`", *values)


def _totals(defaults: dict[str, Any], components: dict[str, int]) -> Iterator[str]:
    for kind, read, write in (("cpu", _millicores, _cores), ("memory", _mebibytes, _memory)):
        yield " / ".join(
            write(sum(count * read(defaults[f"{PREFIX}{name}_{kind}_{bound}"]) for name, count in components.items()))
            for bound in ("request", "limit")
        )


def _volumes(defaults: dict[str, Any], names: tuple[str, ...]) -> str:
    return _memory(sum(_mebibytes(defaults[f"{PREFIX}{name}_storage_size"]) for name in names))


def _shown(value: object) -> str:
    if value in ("", [], None):
        return ""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    follows = re.fullmatch(rf"{{{{ {PREFIX}(\w+) }}}}", text)
    return f"that of `{follows[1]}`" if follows else f"`{text.replace(PREFIX, '')}`"


def _millicores(quantity: str) -> int:
    return int(quantity[:-1]) if quantity.endswith("m") else int(quantity) * 1000


def _mebibytes(quantity: str) -> int:
    return int(quantity[:-2]) * _MEBIBYTES[quantity[-2:]]


def _cores(millicores: int) -> str:
    return f"{millicores}m" if millicores % 1000 else str(millicores // 1000)


def _memory(mebibytes: int) -> str:
    return f"{mebibytes}Mi" if mebibytes % 1024 else f"{mebibytes // 1024}Gi"


def _row(*cells: str) -> Iterator[str]:
    yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _rule(cells: int) -> Iterator[str]:
    yield "|---" * cells + "|"
