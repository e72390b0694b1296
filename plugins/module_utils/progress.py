# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Lines about a long run, written where the action plugin on the controller reads and shows them."""

from __future__ import annotations

import threading


class Progress:
    """Appends lines to a file; without a file it is silent."""

    def __init__(self, path):
        self._path = path
        self._lock = threading.Lock()

    def __call__(self, line):
        """Appends one line, whole, from any thread."""
        if not self._path:
            return
        with self._lock, open(self._path, "a", encoding="utf-8") as file:
            file.write(line + "\n")
