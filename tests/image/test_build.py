"""What the image is built from, and the command that builds it where it cannot."""

import os
import subprocess
import sys
from pathlib import Path

from plugins.module_utils import source
from tools.image.store import REPOSITORY, Store


def test_a_build_here_takes_the_same_files_as_one_in_a_cluster(tmp_path):
    store = Store()
    everything = tmp_path / "Containerfile"
    everything.write_text("FROM scratch\nCOPY . /\n")
    ignored = f"--ignorefile={REPOSITORY / '.containerignore'}"
    name = f"localhost/litemaas-context-{os.getpid()}"
    store.call("build", "--quiet", f"--file={everything}", ignored, f"--tag={name}", str(REPOSITORY))
    try:
        with store.container(name) as container:
            root = Path(store.ask("mount", container))
            taken = sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())
            store.ask("umount", container)
    finally:
        store.ask("rmi", name)
    sent = source.files(REPOSITORY)
    sent.remove(source.CONTAINERFILE)  # a build reads it from beside the context
    assert taken == sent


def test_without_buildah_a_sentence_names_the_packages():
    command = [sys.executable, "-m", "tools.image"]
    bare = {"PATH": "/nowhere"}
    answer = subprocess.run(command, cwd=REPOSITORY, env=bare, check=False, capture_output=True, text=True)
    assert answer.returncode != 0
    assert answer.stderr == "make image: it needs buildah and debootstrap: apt-get install -y buildah debootstrap\n"
