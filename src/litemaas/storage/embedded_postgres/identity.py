"""Decides which operating-system user PostgreSQL runs as.

PostgreSQL refuses to be root, or a user without an entry in the password database. An ordinary user just runs it.
Anybody else tries a user namespace first: PostgreSQL believes that it is `nobody`, while its files stay the caller's,
so no path needs to be opened to anyone. Containers often forbid that; then root, and only root, can really become
`nobody` where the paths allow it.
"""

import os
import pwd
import stat
from pathlib import Path

from litemaas.storage.embedded_postgres.errors import EmbeddedPostgresError
from litemaas.storage.embedded_postgres.launcher import Launcher
from litemaas.storage.embedded_postgres.programs import copy_programs, find_programs

_SUBSTITUTE = "nobody"


def choose_launcher(folder: Path) -> Launcher:
    """Return how to run PostgreSQL's programs for the cluster in `folder`, which is `<data-dir>/postgres`.

    Raises:
        EmbeddedPostgresError: There are no programs, or no user who may run them.
    """
    bin_dir = find_programs()
    uid, cluster = os.geteuid(), folder / "cluster"
    if uid == 0 and cluster.exists() and cluster.stat().st_uid != 0:
        return _become_owner(bin_dir, cluster)
    if uid != 0 and _has_account(uid):
        return Launcher(bin_dir, "same", uid, os.getegid())
    return _substitute(bin_dir, folder)


def _has_account(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _become_owner(bin_dir: Path, cluster: Path) -> Launcher:
    owner = cluster.stat()
    return _reachable(Launcher(bin_dir, "user", owner.st_uid, owner.st_gid), cluster.parent)


def _substitute(bin_dir: Path, folder: Path) -> Launcher:
    try:
        account = pwd.getpwnam(_SUBSTITUTE)
    except KeyError:
        raise _no_user() from None
    namespace = Launcher(bin_dir, "namespace", account.pw_uid, account.pw_gid)
    if namespace.works():
        return namespace
    is_new = not (folder / "cluster").exists()
    if os.geteuid() == 0 and is_new and all(_can_be_passed(parent) for parent in folder.parents):
        folder.chmod(0o711)  # what lies directly in it keeps its own mode, which opens nothing
        return _reachable(Launcher(bin_dir, "user", account.pw_uid, account.pw_gid), folder)
    raise _no_user()


def _can_be_passed(directory: Path) -> bool:
    return bool(directory.stat().st_mode & stat.S_IXOTH)


def _reachable(launcher: Launcher, folder: Path) -> Launcher:
    """Return `launcher`, with a copy of the programs where its user cannot reach the installed ones (a 0700 home)."""
    if launcher.works():
        return launcher
    return launcher._replace(bin_dir=copy_programs(launcher.bin_dir, folder / "programs"))


def _no_user() -> EmbeddedPostgresError:
    return EmbeddedPostgresError(
        f"PostgreSQL refuses to run as this user, and here it cannot become {_SUBSTITUTE}: start as an ordinary user, "
        "name a folder that every user can reach with --data-dir, or name a database with --database-url."
    )
