"""`litemaas version`."""

import click

from litemaas import __version__
from litemaas.cli.options import json_option
from litemaas.cli.output import print_json


@click.command()
@json_option
def version(*, as_json: bool) -> None:
    """Print the version of this LiteMaaS."""
    if as_json:
        print_json({"version": __version__})
    else:
        print(__version__)
