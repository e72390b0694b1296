"""What the pages promise: links that lead somewhere, and commands that the program understands."""

import re
import shlex
from pathlib import Path

import click
import pytest

from litemaas.cli.commands import litemaas

ROOT = Path(__file__).parents[3]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("roles/*/*.md")])
_CODE = re.compile(r"```(\w*)\n(.*?)```", re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
_COMMAND = re.compile(r"^(?:\$ )?(?:\S+=\S+ )*(?:\.venv/bin/)?(litemaas [a-z].*)$", re.MULTILINE)
_SHELL = re.compile(r" [|<>] | {2,}#|  +#")


def anchors(page: Path) -> set[str]:
    """What a page's headings are called in links to them."""
    plain = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower() for heading in _HEADING.findall(page.read_text()))
    return {re.sub(r"[^\w\- ]", "", heading.strip()).replace(" ", "-") for heading in plain}


def links(page: Path) -> list[str]:
    return [link for link in _LINK.findall(_CODE.sub("", page.read_text())) if not re.match(r"[a-z]+:", link)]


def commands(page: Path) -> list[str]:
    """The command lines of a page, whole also where they are broken."""
    blocks = [
        text.replace("\\\n", " ") for kind, text in _CODE.findall(page.read_text()) if kind in {"bash", "console"}
    ]
    return [_SHELL.split(command)[0] for text in blocks for command in _COMMAND.findall(text)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page):
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or target.suffix != ".md" or anchor in anchors(target), link


def test_every_guide_and_reference_page_is_linked_from_the_readme():
    linked = {(ROOT / link.partition("#")[0]).resolve() for link in links(ROOT / "README.md")}
    assert {page for page in PAGES if page.is_relative_to(ROOT / "docs")} <= linked


@pytest.mark.parametrize(
    ("page", "command"),
    [pytest.param(page, line, id=f"{page.name}: {line}") for page in PAGES for line in commands(page)],
)
def test_every_command_is_one_that_the_program_understands(page, command):
    _, *words = shlex.split(command)
    context = click.Context(litemaas, info_name="litemaas")
    found = litemaas
    while isinstance(found, click.Group):
        name, found, words = found.resolve_command(context, words)
        context = click.Context(found, parent=context, info_name=name)
        if name == "import":
            break  # it takes a file's name for a command
    found.make_context(context.info_name, words, parent=context.parent)
