# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""The one way in which something on a gateway becomes as it shall be: look, compare, change only what differs.

What a module manages is an object with

- C(identity): the fields that name it, for the diff;
- C(wanted): the fields that were given, as they shall be;
- C(find()): its row, or None;
- C(create()), C(change(row, changes)), C(delete(row)), of which the first two return the new row;
- C(present(row)): the fields of a row in the form of C(wanted);
- C(KIND): its kind, which is its name in results;
- C(SECRETS): names of fields that no diff may show.
"""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule

from .errors import GatewayError
from .fields import differing
from .management import ARGUMENT_SPEC, connect

HIDDEN = "(hidden)"

STATE_SPEC = {"state": {"type": "str", "choices": ["present", "absent"], "default": "present"}}


def settle(resource, state, check_mode):
    """Makes something present or absent.

    Args:
        resource: See the module's docstring.
        state: C(present) or C(absent).
        check_mode: Whether to change nothing.

    Returns:
        A dictionary with C(changed), C(row) (None where there is none) and C(diff).

    Raises:
        GatewayError: The gateway refused or does not answer.
    """
    row = resource.find()
    if state == "absent":
        if row is not None and not check_mode:
            resource.delete(row)
        return _outcome(row is not None, None, resource.identity if row else {}, {})
    if row is None:
        planned = _shown(resource, dict(resource.identity, **resource.wanted))
        return _outcome(True, planned if check_mode else resource.create(), {}, planned)
    live = resource.present(row)
    changes = differing(resource.wanted, live)
    if not changes:
        return _outcome(False, row, {}, {})
    after = dict(row, **_shown(resource, changes)) if check_mode else resource.change(row, changes)
    before = dict(resource.identity, **{name: live.get(name) for name in changes})
    return _outcome(True, after, _shown(resource, before), _shown(resource, dict(resource.identity, **changes)))


def run(module, kind):
    """Runs a module that manages one thing; its row is in the result under its kind.

    Args:
        module: The AnsibleModule.
        kind: Class of what it manages, made from a Gateway and the parameters; see the module's docstring.
    """
    try:
        outcome = settle(kind(connect(module.params), module.params), module.params["state"], module.check_mode)
    except GatewayError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=outcome["changed"], diff=outcome["diff"], **{kind.KIND: outcome["row"]})


def inform(plural, find, **options):
    """Runs a module that reads.

    Args:
        plural: Name of the rows in the result.
        find: From a Gateway and the parameters to the rows.
        **options: By which the rows are chosen, as an argument specification.
    """
    module = AnsibleModule(argument_spec=dict(ARGUMENT_SPEC, **options), supports_check_mode=True)
    try:
        rows = find(connect(module.params), module.params)
    except GatewayError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, **{plural: rows})


def _outcome(changed, row, before, after):
    return {"changed": changed, "row": row, "diff": {"before": before, "after": after}}


def _shown(resource, fields):
    return {name: HIDDEN if name in resource.SECRETS and value else value for name, value in fields.items()}
