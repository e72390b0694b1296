"""Hands one target to Atheris: `python tests/fuzz/run.py edge -max_total_time=60`; further options are libFuzzer's."""

import importlib
import sys
import tempfile
from pathlib import Path

import atheris

TARGETS = ("edge", "streams", "bodies", "guarded")


def main() -> None:
    """Fuzz until the time is over; ends with an error where a target fails, and leaves the input that shows it."""
    name, *options = sys.argv[1:]
    if name not in TARGETS:
        sys.exit(f"There is no target {name}: {', '.join(TARGETS)}")
    sys.path.insert(0, str(Path(__file__).parents[1]))
    with atheris.instrument_imports(include=["litemaas"]):
        target = importlib.import_module(f"fuzz.{name}")
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(target.SEEDS):
            (Path(corpus) / f"seed-{number}").write_bytes(seed)
        atheris.Setup([sys.argv[0], *options, corpus], target.check)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
