"""`litemaas import` and `litemaas export`: they work on the database itself, not through the management API.

The API takes texts of keys, which nobody but their holders has, and one thing at a time. A move is one transaction that
is there whole or not at all, with balances and daily spend in it, and secrets that travel over no connection but the
database's. Running replicas hear of it as of any other change.
"""

from litemaas.cli.moving.exporting import export
from litemaas.cli.moving.importing import import_

__all__ = ["export", "import_"]
