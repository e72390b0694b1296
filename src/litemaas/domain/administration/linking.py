"""Letting a person go on as a user who is there already, when the identity provider knows them by another id.

People are known by issuer and subject, for ever: names and addresses change hands. After a move to another cluster, or
from one provider to another, the same person therefore arrives as a new user. Nobody but an administrator can tell
that both are the same, so that an administrator says it, and the audit log keeps who did.
"""

from msgspec.structs import replace

from litemaas.domain.audit.entities import Actor
from litemaas.domain.audit.store import record
from litemaas.domain.errors import InvalidInputError
from litemaas.domain.sessions.store import delete_sessions_of
from litemaas.domain.users import rows
from litemaas.domain.users.entities import User
from litemaas.storage.postgres import Connection


async def link_login(connection: Connection, actor: Actor, user_id: str, login_of: str) -> User:
    """Let the login of the user `login_of` enter as `user_id`, within the caller's transaction; both are logged out.

    What either of them has stays theirs; `login_of` is a user without a login then.

    Raises:
        UserNotFoundError: One of them is not there.
        InvalidInputError: They are the same, or `login_of` never logged in through an identity provider.
    """
    if user_id == login_of:
        raise InvalidInputError("Name two users: the one to go on as, and the one who logs in now.", param="login_of")
    both = sorted((user_id, login_of))  # always in this order, so that two links do not wait in a circle
    found = {one: await rows.find_user(connection, one, lock=True) for one in both}
    before, other = found[user_id], found[login_of]
    if other.issuer is None:
        raise InvalidInputError(f"{login_of!r} has no login: let the person log in first.", param="login_of")
    user = replace(before, issuer=other.issuer, subject=other.subject)
    await rows.save_user(connection, replace(other, issuer=None, subject=None))
    await rows.save_user(connection, user)
    for one in both:
        await delete_sessions_of(connection, one)
    was = {"issuer": before.issuer, "subject": before.subject}
    told = {"issuer": user.issuer, "subject": user.subject, "login_of": login_of}
    await record(connection, actor, "link_login", "user", user_id, before=was, after=told)
    return user
