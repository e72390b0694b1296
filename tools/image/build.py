"""The build itself: the repository's Containerfile on the bases made here."""

import runpy

from tools.image.bases import NODE, PYTHON
from tools.image.mirrors import mirror_options
from tools.image.store import REPOSITORY, Store

IMAGE = "localhost/litemaas"


def build(store: Store) -> str:
    """Build the image from the repository as it is.

    Returns:
        Its identity, a digest.

    Raises:
        subprocess.CalledProcessError: A step failed; buildah has shown its output.
    """
    version = runpy.run_path(str(REPOSITORY / "src" / "litemaas" / "__init__.py"))["__version__"]
    with mirror_options() as options:
        store.call(
            "build",
            # The OCI format has no place for HEALTHCHECK.
            "--format=docker",
            "--pull=never",
            # The store is on the machine's own disk: intermediate layers, each a whole copy, are not worth it.
            "--layers=false",
            "--force-rm",
            f"--build-arg=PYTHON_IMAGE={PYTHON.name}",
            f"--build-arg=NODE_IMAGE={NODE.name}",
            f"--label=org.opencontainers.image.version={version}",
            *options,
            f"--tag={IMAGE}",
            str(REPOSITORY),
        )
    store.ask("rmi", "--prune")  # what had the name until now, a few hundred megabytes each
    return store.ask("images", "--quiet", "--no-trunc", IMAGE)
