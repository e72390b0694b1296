"""`python -m litemaas.cli`, for a supervisor that knows its interpreter better than its PATH."""

from litemaas.cli.commands import main

main()
