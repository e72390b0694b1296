"""Does a list of grants open a model?

A grant is a public name, an upstream name as `openai/<id>`, an access group, a pattern with `*`, or one of the words
below. A grant on either name of a model covers both. The rule is the same for keys, teams and users; all that apply
must agree.
"""

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from typing import Protocol

ALL_PROXY_MODELS = "all-proxy-models"
"""Everything there is, now and later."""

ALL_OPEN_MODELS = "all-open-models"
"""Everything that is not restricted, now and later: what people have who may ask for the rest."""

ALL_TEAM_MODELS = "all-team-models"
"""On a key: whatever its team has. It opens nothing on a key without a team."""

NO_DEFAULT_MODELS = "no-default-models"
"""Nothing of one's own; LiteLLM's word for an empty list."""


class Grantable(Protocol):
    """What a grant can name."""

    @property
    def name(self) -> str:
        """The public name."""

    @property
    def upstream_names(self) -> Sequence[str]:
        """The `<provider>/<id>` names of its deployments."""

    @property
    def access_groups(self) -> Sequence[str]:
        """The access groups it is in."""

    @property
    def restricted(self) -> bool:
        """Whether an administrator decides who may call it."""


def opens(grants: Iterable[str], model: Grantable) -> bool:
    """Tell whether one of `grants` opens `model`; `all-team-models` must have been replaced by the team's grants."""
    return any(_names(grant, model) for grant in grants)


def _names(grant: str, model: Grantable) -> bool:
    if grant == ALL_PROXY_MODELS or (grant == ALL_OPEN_MODELS and not model.restricted):
        return True
    if grant == model.name or grant in model.upstream_names or grant in model.access_groups:
        return True
    return "*" in grant and (
        fnmatchcase(model.name, grant) or any(fnmatchcase(name, grant) for name in model.upstream_names)
    )
