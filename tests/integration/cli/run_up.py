"""`litemaas up` with other programs under it: `run_up.py OPTIONS`, a JSON object of `UpOptions`.

With `NOHUP` in its environment it begins as nohup(1) has it; else as a terminal does, however the tests were begun.
"""

import json
import os
import signal
import sys
from pathlib import Path

import click

from litemaas.cli.up.options import Programs, UpOptions
from litemaas.cli.up.run import run_up

HERE = Path(__file__).parent


@click.command()
@click.argument("options")
def main(options: str) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN if "NOHUP" in os.environ else signal.SIG_DFL)
    given = json.loads(options)
    programs = Programs(
        server=(sys.executable, str(HERE / "server_stand_in.py")), demo=(sys.executable, str(HERE / "demo_stand_in.py"))
    )
    run_up(UpOptions(**given | {"data_dir": Path(given["data_dir"])}), programs)


main()
