"""Edge for operators: the command `litemaas`.

Nothing here knows a rule. The data commands are HTTP clients of a running LiteMaaS, `serve` becomes the server's
process, and `up` is the small supervisor that runs everything on one machine. Commands load when they are called,
because `up` stays in memory and the others should start at once.

Exit codes: 0 done; 1 what was asked for failed; 2 the command line is wrong; 3 LiteMaaS, its database or its settings
cannot be reached or used.
"""

from litemaas.cli.commands import main

__all__ = ["main"]
