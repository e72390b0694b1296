"""`litemaas up`: the command line of it."""

from pathlib import Path

import click

from litemaas.cli.options import data_dir_option


@click.command()
@click.option("--host", default="127.0.0.1", help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=4000, help="TCP port; 0: a free one.")
@click.option(
    "--metrics-port",
    type=click.IntRange(0, 65535),
    default=9464,
    help="Port of /metrics; each further replica has the next. 0: none.",
)
@data_dir_option
@click.option(
    "--upstream",
    "upstreams",
    multiple=True,
    metavar="URL",
    help="Endpoint whose models are registered; may be repeated.",
)
@click.option(
    "--demo/--no-demo", default=True, help="Look for local model servers, and serve a demo model if there is none."
)
@click.option("--replicas", type=click.IntRange(1, 64), default=1, help="Server processes on the one port.")
@click.option(
    "--database-url",
    envvar="DATABASE_URL",
    metavar="URL",
    show_default="an embedded PostgreSQL",
    help="PostgreSQL to use; with a password in it, better name it in the variable DATABASE_URL.",
)
@click.option("--redis-url", envvar="REDIS_URL", metavar="URL", help="Redis or Valkey that replicas share.")
def up(
    *,
    host: str,
    port: int,
    metrics_port: int,
    data_dir: Path,
    upstreams: tuple[str, ...],
    demo: bool,
    replicas: int,
    database_url: str | None,
    redis_url: str | None,
) -> None:
    """Run LiteMaaS here, in the foreground. Database, gateway, portal, and a model to try."""
    from litemaas.cli.up.options import UpOptions  # noqa: PLC0415 - `litemaas --help` needs none of it
    from litemaas.cli.up.run import run_up  # noqa: PLC0415 - as above

    run_up(
        UpOptions(
            host=host,
            port=port,
            metrics_port=metrics_port,
            data_dir=data_dir,
            upstreams=upstreams,
            demo=demo,
            replicas=replicas,
            database_url=database_url,
            redis_url=redis_url,
        )
    )
