"""The command that builds the image, where it cannot."""

import subprocess
import sys

from tools.image.store import REPOSITORY


def test_without_buildah_a_sentence_names_the_packages():
    command = [sys.executable, "-m", "tools.image"]
    bare = {"PATH": "/nowhere"}
    answer = subprocess.run(command, cwd=REPOSITORY, env=bare, check=False, capture_output=True, text=True)
    assert answer.returncode != 0
    assert answer.stderr == "make image: it needs buildah and debootstrap: apt-get install -y buildah debootstrap\n"
