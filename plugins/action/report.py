# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Says at the end of a play what there is now, and fails the play if an instance failed.

The result carries C(instances) for programs that read the play's output: a list of C(namespace), C(admin_url),
C(frontend_url), C(changed) and C(error).
"""

from __future__ import annotations

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display
from ansible_collections.rhpds.litemaas.plugins.module_utils.failures import told

display = Display()


class ActionModule(ActionBase):
    """Arguments: C(instances), and C(lines) to show."""

    TRANSFERS_FILES = False
    _VALID_ARGS = frozenset(("instances", "lines"))

    def run(self, tmp=None, task_vars=None):
        """Shows the lines; fails when an instance has an error."""
        result = super().run(tmp, task_vars)
        self._supports_check_mode = True
        instances, lines = self._task.args["instances"], self._task.args.get("lines") or []
        failed = [one for one in instances if one.get("error")]
        result.update(
            msg=list(lines) or "nothing to tell",
            instances=instances,
            changed=False,  # the tasks that changed something have said so
        )
        for line in lines:
            display.display(line)  # as text: the result of a lab would be a thousand lines of JSON
        if failed:
            words = told((one["namespace"], one["error"]) for one in failed)
            result.update(failed=True, msg=f"{len(failed)} of {len(instances)} instances failed. {words}")
        return result
