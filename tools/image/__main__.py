"""`make image`: says what it does, and in one sentence what it lacks."""

import argparse
import os
import subprocess
import sys

from tools.image.bases import NODE, PYTHON, make_base
from tools.image.build import IMAGE, build
from tools.image.store import MissingToolError, Store


def main() -> None:
    """Build the image and print its name and identity."""
    argparse.ArgumentParser(prog="make image", description=__doc__).parse_args()
    if os.geteuid() != 0:
        sys.exit("make image: run it as root: debootstrap and the store need it. Elsewhere, 'podman build .' does not.")
    try:
        store = Store()
        for base in (PYTHON, NODE):
            make_base(store, base)
        identity = build(store)
    except MissingToolError as error:
        sys.exit(f"make image: {error}")
    except subprocess.CalledProcessError as error:
        sys.exit(f"make image: '{error.cmd[0]}' failed with code {error.returncode}; the lines above say why.")
    sys.stdout.write(f"{IMAGE} {identity}\n")


if __name__ == "__main__":
    main()
