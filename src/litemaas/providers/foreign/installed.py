"""Tells whether what a provider needs is installed, without importing it: that costs seconds and tens of megabytes."""

from importlib.util import find_spec

from litemaas.providers.registry import Provider

_LIBRARY = "any_llm"


def missing_modules(provider: Provider) -> list[str]:
    """The modules that are not there; none for a provider that needs none."""
    return [name for name in (_LIBRARY, provider.needs) if provider.library and not _is_there(name)]


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # its parent is not there
        return False
