"""Sessions while they last, and the brake on guessing."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from uuid import UUID, uuid4

from litemaas.domain.errors import NotFoundError
from litemaas.domain.sessions import store
from litemaas.domain.sessions.entities import LoggedIn, Session, Visitor
from litemaas.domain.sessions.errors import LoginStateError, TooManyLoginsError
from litemaas.settings import PortalSettings, Secret
from litemaas.storage.postgres import Connection, Pool

_SECRET_BYTES = 32
_TOUCH_AFTER = timedelta(seconds=60)
_ATTEMPT_WINDOW = timedelta(minutes=5)
_ATTEMPTS_PER_ADDRESS = 10
_ATTEMPTS_IN_ALL = 100  # also bounds guesses from many addresses; other ways to log in are not concerned
_EVERYBODY = "everybody"
_LONGEST_USER_AGENT = 300


class SessionService:
    """Sessions in the database, so that any replica may answer, and ending one ends it everywhere."""

    def __init__(self, pool: Pool, settings: PortalSettings) -> None:
        self._pool = pool
        self._idle = timedelta(seconds=settings.session_idle_seconds)
        self._lifetime = timedelta(seconds=settings.session_lifetime_seconds)

    async def open(
        self, connection: Connection, user_id: str, provider: str, visitor: Visitor, *, is_lab_admin: bool = False
    ) -> Secret:
        """Open a session within the caller's transaction. Returns its secret, which is not kept."""
        secret = Secret(token_urlsafe(_SECRET_BYTES))
        moment = datetime.now(UTC)
        session = Session(
            id=uuid4(),
            user_id=user_id,
            provider=provider,
            is_lab_admin=is_lab_admin,
            address=visitor.address,
            user_agent=(visitor.user_agent or "")[:_LONGEST_USER_AGENT] or None,
            created_at=moment,
            last_seen_at=moment,
            expires_at=moment + self._lifetime,
        )
        await store.add_session(connection, _hash(secret), session)
        return secret

    async def find(self, secret: str) -> LoggedIn | None:
        """Who holds `secret`, if the session goes on; role and name are those of this moment."""
        moment, id_hash = datetime.now(UTC), _hash(secret)
        async with self._pool.acquire() as connection:
            found = await store.find_session(connection, id_hash, moment, self._idle)
            if found is not None and moment - found.session.last_seen_at > _TOUCH_AFTER:
                await store.touch_session(connection, id_hash, moment)
        return found

    async def close(self, secret: str) -> Session | None:
        """End a session. Returns it as it was."""
        async with self._pool.acquire() as connection:
            return await store.delete_session(connection, _hash(secret))

    async def of_user(self, user_id: str) -> list[Session]:
        """The sessions of a user that go on, the latest used first."""
        async with self._pool.acquire() as connection:
            return await store.sessions_of(connection, user_id, datetime.now(UTC), self._idle)

    async def close_one(self, user_id: str, session_id: UUID) -> None:
        """End a session of a user.

        Raises:
            NotFoundError: The user has no such session.
        """
        async with self._pool.acquire() as connection:
            if not await store.delete_sessions_of(connection, user_id, [session_id]):
                raise NotFoundError("There is no such session.", param="id")

    async def close_all(self, user_id: str) -> None:
        """End every session of a user."""
        async with self._pool.acquire() as connection:
            await store.delete_sessions_of(connection, user_id)

    async def use_state(self, state_id: str, expires_at: datetime) -> None:
        """Let a login state count once.

        Raises:
            LoginStateError: It came back before.
        """
        async with self._pool.acquire() as connection:
            if not await store.use_state(connection, state_id, datetime.now(UTC), expires_at):
                raise LoginStateError("This login was ended already. Begin again.")

    async def check_attempt(self, address: str | None) -> None:
        """Count an attempt to log in by password, before the password is looked at.

        Raises:
            TooManyLoginsError: There were too many in the last minutes, from this address or in all.
        """
        moment = datetime.now(UTC)
        async with self._pool.acquire() as connection:
            for bucket, most in ((_bucket(address), _ATTEMPTS_PER_ADDRESS), (_EVERYBODY, _ATTEMPTS_IN_ALL)):
                attempts, seconds = await store.count_attempt(connection, bucket, moment, _ATTEMPT_WINDOW)
                if attempts > most:
                    raise TooManyLoginsError("Too many attempts. Try again in a few minutes.", retry_after=seconds)

    async def forgive(self, address: str | None) -> None:
        """Forget the attempts from an address: somebody got in."""
        async with self._pool.acquire() as connection:
            await store.forget_attempts(connection, _bucket(address), datetime.now(UTC) - _ATTEMPT_WINDOW)


def _hash(secret: str) -> bytes:
    return sha256(secret.encode()).digest()


def _bucket(address: str | None) -> str:
    return f"address:{address}"
