# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Shows the progress of the module of the same name."""

from __future__ import annotations

from ansible_collections.rhpds.litemaas.plugins.plugin_utils.progress import ProgressAction


class ActionModule(ProgressAction):
    """See ProgressAction."""
