"""The demo model as a service of `up`: started where there is no other model, and on the same port after a crash."""

from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from litemaas.cli.up.children import Child, start_announcing_on_output
from litemaas.cli.up.folder import DataFolder
from litemaas.cli.up.services import Service
from litemaas.providers.demo import WEIGHTS_NOTICE

_TERMS_MARKER = "demo-terms-shown"


def demo_service(command: Sequence[str], folder: DataFolder, say: Callable[[str], None]) -> Service:
    """Return the demo process as a service, and show the terms of its models once for each data folder.

    Args:
        command: Its command line, to which `--port` is added.
        folder: Remembers that the terms were shown.
        say: Is told what users must know.
    """
    if folder.is_first_time(_TERMS_MARKER):
        say(WEIGHTS_NOTICE.rstrip())

    def start() -> Child:
        port = 0 if service.announced is None else urlsplit(service.announced["url"]).port
        return start_announcing_on_output([*command, "--port", str(port)])

    service = Service("The demo model", start, say, is_required=False)
    return service
