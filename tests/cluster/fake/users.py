"""Who calls, and what they may do.

Not RBAC: a cluster administrator may do everything, a project administrator everything that OpenShift's `admin` and
`basic-user` roles allow in the named namespaces; a test then takes single permissions away with denials.
"""

import secrets
import uuid
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

# What `admin` on a namespace does not give: objects that only the cluster's administrators may write there.
_NOT_FOR_PROJECT_ADMINS = {"resourcequotas", "limitranges", "events"}
# What every authenticated user may do outside of a namespace (ClusterRole basic-user and system:discovery).
_FOR_EVERYONE = {
    ("get", "users"),
    ("list", "projects"),
    ("list", "storageclasses"),
    ("get", "storageclasses"),
    ("create", "selfsubjectaccessreviews"),
    ("create", "selfsubjectrulesreviews"),
    ("create", "selfsubjectreviews"),
}


@dataclass(frozen=True)
class User:
    """An authenticated caller; `namespaces` are those that a project administrator administers."""

    name: str
    groups: tuple[str, ...] = ("system:authenticated",)
    cluster_admin: bool = False
    namespaces: frozenset[str] = frozenset()
    uid: str = field(default_factory=lambda: str(uuid.uuid4()))


@dataclass(frozen=True)
class Access:
    """What a request wants to do; empty strings for what does not apply."""

    verb: str
    resource: str
    group: str = ""
    namespace: str = ""
    name: str = ""


@dataclass(frozen=True)
class Denial:
    """A permission taken away; each field is a shell pattern. The resource may name a subresource: `pods/exec`.

    Whoever asks for everything (`*`) asks for what was taken away too.
    """

    user: str = "*"
    verb: str = "*"
    group: str = "*"
    resource: str = "*"
    namespace: str = "*"

    def covers(self, user: User, access: Access) -> bool:
        return all(
            value == "*" or fnmatchcase(value, pattern)
            for value, pattern in (
                (user.name, self.user),
                (access.verb, self.verb),
                (access.group, self.group),
                (access.resource, self.resource),
                (access.namespace, self.namespace),
            )
        )


class Directory:
    """All users by their token, and the denials in force."""

    def __init__(self) -> None:
        self._by_token: dict[str, User] = {}
        self.denials: list[Denial] = []

    def add(self, user: User) -> str:
        """Register a user and return a new token for them."""
        token = f"sha256~{secrets.token_urlsafe(32)}"
        self._by_token[token] = user
        return token

    def authenticate(self, token: str) -> User | None:
        return self._by_token.get(token)

    def named(self, name: str) -> User | None:
        return next((user for user in self._by_token.values() if user.name == name), None)

    def all(self) -> list[User]:
        return list(self._by_token.values())

    def allows(self, user: User, access: Access) -> bool:
        if any(denial.covers(user, access) for denial in self.denials):
            return False
        return user.cluster_admin or _project_admin_may(user, access)


def _project_admin_may(user: User, access: Access) -> bool:
    if (access.verb, access.resource) in _FOR_EVERYONE:
        return True
    if access.namespace not in user.namespaces:
        return False
    if (access.verb, access.resource) == ("update", "routes/custom-host"):
        return False
    reading = access.verb in {"get", "list", "watch"}
    if access.resource in {"namespaces", "projects"}:
        return reading and bool(access.name)
    return reading or access.resource not in _NOT_FOR_PROJECT_ADMINS
