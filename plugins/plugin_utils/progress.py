# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Runs a module and shows its progress meanwhile: a module itself can only speak when it is done."""

from __future__ import annotations

import os
import tempfile
import threading

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

POLL_SECONDS = 0.5

display = Display()


class ProgressAction(ActionBase):
    """Adds a progress file to the module's arguments and shows what is written to it."""

    def run(self, tmp=None, task_vars=None):
        """Runs the module; its lines are shown where it runs on this machine."""
        result = super().run(tmp, task_vars)
        arguments = dict(self._task.args)
        with tempfile.TemporaryDirectory(prefix="litemaas-") as folder:
            path = os.path.join(folder, "progress")
            open(path, "w", encoding="utf-8").close()
            if self._connection.transport == "local":
                arguments["progress_path"] = path
            done = threading.Event()
            reader = threading.Thread(target=_show, args=(path, done), daemon=True)
            reader.start()
            try:
                result.update(self._execute_module(module_args=arguments, task_vars=task_vars))
            finally:
                done.set()
                reader.join()
        return result


def _show(path, done):
    with open(path, encoding="utf-8") as file:
        finished = False
        while not finished:
            finished = done.wait(POLL_SECONDS)  # one more look after the end
            for line in file:
                display.display(f"  {line.rstrip()}")
