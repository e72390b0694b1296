"""`litemaas rotate-salt`."""

import asyncio
from pathlib import Path

import click

from litemaas.cli.errors import CommandError, SetupError
from litemaas.cli.moving.data_folder import salt_key_of
from litemaas.cli.moving.destination import open_destination
from litemaas.cli.options import data_dir_option, json_option
from litemaas.cli.output import print_json
from litemaas.cli.serve import checked_settings
from litemaas.domain.administration.salt_rotation import Rotation, rotate_salt
from litemaas.domain.audit.entities import Actor
from litemaas.settings import Secret
from litemaas.storage.vault import Vault, VaultError

_KeyFile = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command("rotate-salt")
@click.option("--key-file", type=_KeyFile, help="File with the new salt key; otherwise LITEMAAS_SALT_KEY has it.")
@click.option(
    "--previous-key-file", type=_KeyFile, help="File with the one until now; otherwise LITEMAAS_SALT_KEY_PREVIOUS."
)
@click.option("--dry-run", is_flag=True, help="Open every secret, change nothing.")
@json_option
@data_dir_option
def rotate_salt_key(
    key_file: Path | None, previous_key_file: Path | None, data_dir: Path, *, dry_run: bool, as_json: bool
) -> None:
    """Seal every stored secret with a new salt key.

    It is done in one transaction, in the database of DATABASE_URL: all of them or none.

    Running replicas must know both keys meanwhile: see the guide on rotating the salt key. If it is broken off, nothing
    has changed: run it again.
    """
    access = checked_settings().access
    new = _read(key_file) or access.salt_key
    previous = _read(previous_key_file) or access.salt_key_previous or salt_key_of(data_dir)
    if not new or not previous:
        raise SetupError(
            "Two salt keys are needed: the new one in LITEMAAS_SALT_KEY or --key-file, the one until now in "
            "LITEMAAS_SALT_KEY_PREVIOUS or --previous-key-file."
        )
    if new == previous:
        raise SetupError("The new salt key is the one until now: choose another one.")
    rotation = asyncio.run(_rotate(data_dir, Secret(new), Secret(previous), dry_run=dry_run))
    if as_json:
        print_json({"dry_run": dry_run, "resealed": rotation.resealed, "already": rotation.already})
        return
    done = "Would be sealed anew" if dry_run else "Sealed anew"
    print(f"{done}: {sum(rotation.resealed.values())}. Had the new key before: {sum(rotation.already.values())}.")


async def _rotate(data_dir: Path, new: Secret, previous: Secret, *, dry_run: bool) -> Rotation:
    async with open_destination(data_dir, Vault(new, previous)) as (pool, _):
        actor = Actor("litemaas rotate-salt")
        try:
            return await rotate_salt(pool, actor, previous=Vault(previous), new=Vault(new), dry_run=dry_run)
        except VaultError as error:
            raise CommandError(str(error)) from error


def _read(path: Path | None) -> str:
    if path is None:
        return ""
    try:
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"{path} cannot be read: run this as the user whose file it is.") from error
    if not text:
        raise SetupError(f"{path} is empty: it must hold a salt key.")
    return text
