"""`python -m litemaas.providers.demo`: the demo model server as a process.

It ends with code 0 on SIGTERM, SIGINT, and when the pipe that is its standard input ends; with 3 if the extra `demo` is
not installed; with 1 if it cannot start for another reason. Standard output carries one line of JSON, as soon as it can
answer: `{"url": …, "models": [{"id", "mode", "max_input_tokens", "max_output_tokens"}]}`. All else is on standard
error.
"""

import argparse
import os
import signal
import sys
from pathlib import Path
from typing import NoReturn

from litemaas.providers.demo.start_errors import StartError
from litemaas.providers.demo.weights import require_extra


def main() -> int:
    """Run the server and return the exit code."""
    options = _parser().parse_args()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _exit)
    # One thread for each model, as for llama.cpp: these libraries size their pools when they are imported.
    for pool in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "RAYON_NUM_THREADS"):
        os.environ.setdefault(pool, "1")
    try:
        require_extra()
        from litemaas.providers.demo.serving import serve  # noqa: PLC0415 - importable only once the extra is there

        serve(options.port, options.cache_dir)
    except StartError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m litemaas.providers.demo",
        description="Serve a tiny chat model and an embedding model on 127.0.0.1, with OpenAI's API.",
        epilog="If standard input is a pipe, the server stops when it ends.",
    )
    parser.add_argument("--port", type=int, default=0, help="TCP port (default: one that is free)")
    parser.add_argument(
        "--cache-dir", type=Path, help="folder for the chat model's file, 241 MB (default: below ~/.cache)"
    )
    return parser


def _exit(*_: object) -> NoReturn:
    raise SystemExit(0)


if __name__ == "__main__":
    raise SystemExit(main())
