"""Why the demo cannot start, each in one sentence for the person at the terminal.

StartError                 exit code 1
├── MissingExtraError      exit code 3: packages of the extra `demo` are not installed
├── WeightsError           the models' files cannot be had
└── AddressError           the port cannot be had
"""


class StartError(Exception):
    """Base of the reasons; `exit_code` is the process's."""

    exit_code = 1


class MissingExtraError(StartError):
    """Packages of the extra `demo` are not installed."""

    exit_code = 3


class WeightsError(StartError):
    """The models' files cannot be put together or read."""


class AddressError(StartError):
    """The port cannot be listened on."""
