"""What `os.environ/NAME` in LiteLLM's configuration means."""

from collections.abc import Mapping
from typing import Any, get_type_hints

from litemaas.domain.moving.entities import Row
from litemaas.domain.moving.errors import MissingVariableError
from litemaas.settings import Secret, Settings, variable_of

_PREFIX = "os.environ/"
_OUR_SECRETS = frozenset(
    variable_of(name, hint)
    for group in get_type_hints(Settings).values()
    for name, hint in get_type_hints(group, include_extras=True).items()
    if hint.__origin__ is Secret
)


class Environment:
    """Variables, as LiteLLM sees them where it runs.

    Args:
        variables: Of the process that imports. Our own secrets among them are not for upstreams.
    """

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = {name: value for name, value in variables.items() if name not in _OUR_SECRETS}

    def with_variables(self, given: Mapping[str, Any]) -> "Environment":
        """The same with those that LiteLLM's configuration sets."""
        return Environment({**self._variables, **{name: str(value) for name, value in given.items()}})

    def resolve(self, values: Row) -> Row:
        """Replace texts that name a variable by its value.

        Raises:
            MissingVariableError: One is not set, or is a secret of ours.
        """
        return {name: self._value(value) for name, value in values.items()}

    def _value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return self.resolve(value)
        if not (isinstance(value, str) and value.startswith(_PREFIX)):
            return value
        name = value.removeprefix(_PREFIX)
        if name not in self._variables:
            raise MissingVariableError(f"The environment variable {name} is not set for models.")
        return self._variables[name].strip()
