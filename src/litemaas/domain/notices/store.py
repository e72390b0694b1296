"""SQL of channels."""

from typing import Any

import asyncpg
import msgspec
from msgspec.structs import asdict

from litemaas.domain.notices.entities import Channel
from litemaas.domain.notices.errors import ChannelExistsError, ChannelNotFoundError
from litemaas.storage.postgres import Connection
from litemaas.storage.rows import insert_row

_COLUMNS = Channel.__struct_fields__


async def add_channel(connection: Connection, channel: Channel) -> None:
    """Store a new channel.

    Raises:
        ChannelExistsError: The name is taken.
    """
    values = asdict(channel) | {"options": msgspec.to_builtins(channel.options)}
    try:
        await connection.execute(insert_row("notice_channels", _COLUMNS), *values.values())
    except asyncpg.UniqueViolationError as error:
        raise ChannelExistsError(f"There is a channel {channel.name!r} already.", param="name") from error


async def read_channel(connection: Connection, name: str) -> Channel:
    """Read a channel by its name.

    Raises:
        ChannelNotFoundError: There is none of this name.
    """
    row = await connection.fetchrow("SELECT * FROM notice_channels WHERE name = $1", name)
    if row is None:
        raise ChannelNotFoundError(f"There is no channel {name!r}.", param="name")
    return channel_of(row)


async def delete_channel(connection: Connection, channel: Channel) -> None:
    """Delete a channel, with what waits for it."""
    await connection.execute("DELETE FROM notice_channels WHERE id = $1", channel.id)


async def list_channels(connection: Connection) -> list[Channel]:
    """All channels, by name."""
    return [channel_of(row) for row in await connection.fetch("SELECT * FROM notice_channels ORDER BY name")]


def channel_of(row: Any) -> Channel:
    """The channel of a row of `notice_channels`."""
    return msgspec.convert({name: row[name] for name in _COLUMNS}, Channel)
