import json

import pytest
from tools.image.bases import PYTHON
from tools.image.build import IMAGE
from tools.image.store import Store

from image.pod import Image


@pytest.fixture(scope="session")
def image(tmp_path_factory):
    """The image that `make image` has built."""
    store = Store()
    if not store.has(IMAGE):
        pytest.fail("There is no image to test: run 'make image'.", pytrace=False)
    folder = tmp_path_factory.mktemp("layers")
    store.call("push", "--quiet", "--disable-compression", IMAGE, f"dir:{folder}")
    layers = [folder / layer["digest"].removeprefix("sha256:") for layer in _layers(folder)]
    of_the_base = len(store.inspect(PYTHON.name)["rootfs"]["diff_ids"])
    with store.container(IMAGE) as container:
        root = store.ask("mount", container)
        yield Image(root, store.inspect(IMAGE), tuple(layers[of_the_base:]))
        store.ask("umount", container)


def _layers(folder):
    return json.loads((folder / "manifest.json").read_text())["layers"]
