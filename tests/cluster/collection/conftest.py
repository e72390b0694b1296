"""Makes the collection's code and this folder's helpers importable."""

import sys
from pathlib import Path

HERE = Path(__file__).parent

# Beside the playbooks lies the collection under the name by which its parts import one another.
sys.path[:0] = [str(HERE), str(HERE.parents[2] / "playbooks" / "collections")]
