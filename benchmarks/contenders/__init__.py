"""The programs that can be measured, one module each; a module is found by being here."""

import importlib
import pkgutil

from benchmarks.contender import Contender

BASELINE = "nginx"
"""The contender that the others are compared with."""


def names() -> list[str]:
    """Return the names of all contenders."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def create(name: str) -> Contender:
    """Return the contender of that name, not yet started."""
    contender: Contender = importlib.import_module(f"{__name__}.{name}").create()
    return contender
