"""Which role a person has: groups at the identity provider, explicit grants, and the rule of the lab."""

from collections.abc import Iterable

from msgspec import Struct

from litemaas.domain.sessions.entities import Identity
from litemaas.domain.users.entities import Role

_GOOGLE = "google"
_STRENGTH = (Role.USER, Role.ADMIN_READONLY, Role.ADMIN)


class EntryRules(Struct, frozen=True, kw_only=True):
    """Who may enter, and as what.

    Attributes:
        user_groups: Whose members may enter; empty: everybody.
        google_allowed: Hosted domains and e-mail addresses that may enter by Google, in lower case; None: all.
        lab_user: In a lab, the one person who may enter besides admins; None: this is no lab.
    """

    admin_groups: frozenset[str] = frozenset()
    admin_readonly_groups: frozenset[str] = frozenset()
    user_groups: frozenset[str] = frozenset()
    google_allowed: frozenset[str] | None = frozenset()
    lab_user: str | None = None

    def role_of(self, identity: Identity) -> Role | None:
        """The role that the person's groups give, None: they may not enter.

        In a lab everybody but the lab user and admins stays outside, whatever other groups they are in.
        """
        if identity.provider == _GOOGLE and not self._admits_google_account(identity):
            return None
        groups = identity.groups
        if groups & self.admin_groups or self.is_lab_user(identity):
            return Role.ADMIN
        if self.lab_user is not None:
            return None
        if groups & self.admin_readonly_groups:
            return Role.ADMIN_READONLY
        if not self.user_groups or groups & self.user_groups:
            return Role.USER
        return None

    def _admits_google_account(self, identity: Identity) -> bool:
        """Tell whether a Google account is named, by what Google vouches for.

        The part of an address behind its @ is no proof of a domain: anybody may have registered the address at Google.
        """
        if self.google_allowed is None:
            return True
        vouched = {name.lower() for name in (identity.hosted_domain, identity.email) if name}
        return not vouched.isdisjoint(self.google_allowed)

    def is_lab_user(self, identity: Identity) -> bool:
        """Tell whether this lab is theirs."""
        return self.lab_user is not None and identity.username == self.lab_user


def strongest(roles: Iterable[Role | None]) -> Role:
    """The role with the most rights; `user` if there is none."""
    return max((role for role in roles if role is not None), key=_STRENGTH.index, default=Role.USER)
