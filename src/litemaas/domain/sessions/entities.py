"""What a login and a session are."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from litemaas.domain.users.entities import Role


class Identity(Struct, frozen=True, kw_only=True):
    """Who an identity provider says somebody is.

    Attributes:
        provider: Which of ours: `openshift`, `google`, `oidc` or `password`.
        issuer: With `subject`, who this is, for ever. Nothing else identifies: names and addresses change hands.
        username: What the person logs in as there.
        email: Only one that the provider has verified.
        hosted_domain: The Google Workspace domain that the account belongs to, as Google says (claim `hd`).
        proposed_id: Id for the user to be created, if it is free; None: a random one.
    """

    provider: str
    issuer: str
    subject: str
    username: str
    name: str | None = None
    email: str | None = None
    groups: frozenset[str] = frozenset()
    hosted_domain: str | None = None
    proposed_id: str | None = None


class Visitor(Struct, frozen=True, kw_only=True):
    """Where a request comes from."""

    address: str | None = None
    user_agent: str | None = None


class Session(Struct, frozen=True, kw_only=True):
    """A session that goes on; its secret is known only to the browser."""

    id: UUID
    user_id: str
    provider: str
    is_lab_admin: bool
    address: str | None
    user_agent: str | None
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime


class LoggedIn(Struct, frozen=True, kw_only=True):
    """A session together with the person as the database has them now."""

    session: Session
    name: str
    email: str | None
    role: Role

    @property
    def user_id(self) -> str:
        """The person."""
        return self.session.user_id
