"""The schema's history: raw SQL in `versions/`, one file per revision, applied by `migrate`.

A new revision is a file `NNNN_slug.py` with `revision = "NNNN"`, `down_revision` of the one before, and an `upgrade`
that uses `run_script`. There is no way back but a backup: a downgrade that drops columns loses money.
"""

from litemaas.migrations.errors import MigrationError
from litemaas.migrations.revisions import current_revision, head_revision
from litemaas.migrations.runner import Patience, migrate

__all__ = ["MigrationError", "Patience", "current_revision", "head_revision", "migrate"]
