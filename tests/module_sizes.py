"""Fails where a module of ours is over 400 lines: such a module has more than one subject. Run by `make lint`."""

import subprocess
import sys
from pathlib import Path

LIMIT = 400
COUNTED = (".py", ".ts", ".tsx", ".c")
GENERATED = ("web/src/api/schema.ts",)


def main() -> int:
    """Count the lines of every tracked source file."""
    tracked = subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=True).stdout.splitlines()
    sources = [name for name in tracked if name.endswith(COUNTED) and not name.startswith(GENERATED)]
    present = [name for name in sources if Path(name).exists()]
    sizes = [(len(Path(name).read_text(encoding="utf-8").splitlines()), name) for name in present]
    too_long = sorted((size, name) for size, name in sizes if size > LIMIT)
    for size, name in too_long:
        print(f"{name}: {size} lines, {LIMIT} are allowed. Split it by subject.")  # noqa: T201 - this is its output
    return bool(too_long)


if __name__ == "__main__":
    sys.exit(main())
