"""Writes the reference pages whose source is the code: `make docs`. `make lint` fails where that was forgotten."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_type_hints

from collection_page import collection_page
from command_page import command_page
from error_page import error_page
from msgspec import Meta

from litemaas.gateway.management.scopes import scopes_page
from litemaas.portal.openapi import portal_document
from litemaas.portal.permissions import permissions_page
from litemaas.settings import Secret, Settings, variable_of

REFERENCE = Path(__file__).parent / "reference"
NOTE = "<!-- Written by `make docs`; change the source instead. -->\n"


def settings_page() -> str:
    """The page of all settings."""
    return "\n".join(_settings_lines()) + "\n"


def _settings_lines() -> Iterator[str]:
    yield NOTE
    yield "# Settings"
    yield ""
    yield "Every setting is an environment variable, read once at the start. An empty variable counts as not set."
    for name, group in get_type_hints(Settings).items():
        yield ""
        yield f"## {name.capitalize()}"
        yield ""
        yield (group.__doc__ or "").strip()
        yield ""
        yield "| variable | default | meaning |"
        yield "|---|---|---|"
        for field, hint in get_type_hints(group, include_extras=True).items():
            meta = next(item for item in hint.__metadata__ if isinstance(item, Meta))
            default = getattr(group(), field)
            shown = "" if hint.__origin__ is Secret or default == "" else f"`{default}`"
            yield f"| `{variable_of(field, hint)}` | {shown} | {meta.description} |"


def portal_page() -> str:
    """The portal's OpenAPI document, of which the web UI's types are made."""
    return json.dumps(portal_document(), indent=1, ensure_ascii=False) + "\n"


PAGES = {
    "collection.md": lambda: collection_page(NOTE),
    "command-line.md": lambda: command_page(NOTE),
    "errors.md": lambda: error_page(NOTE),
    "management-scopes.md": lambda: scopes_page(NOTE),
    "permissions.md": lambda: permissions_page(NOTE),
    "portal.openapi.json": portal_page,
    "settings.md": settings_page,
}


def main() -> int:
    """Write all pages; with `--check`, only tell whether one is out of date."""
    check = "--check" in sys.argv
    stale = []
    for name, page in PAGES.items():
        path, text = REFERENCE / name, page()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if not check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
    if check and stale:
        print(f"docs/reference is out of date ({', '.join(stale)}): run make docs")  # noqa: T201 - this is its output
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
