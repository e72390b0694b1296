"""LiteLLM's virtual keys as ours: by their hash, so that their holders keep them."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from litemaas.domain.errors import InvalidInputError
from litemaas.domain.keys.texts import hash_of
from litemaas.domain.moving.entities import Row
from litemaas.domain.moving.litellm.findings import Findings
from litemaas.domain.moving.litellm.grants import read_grants, read_routes
from litemaas.domain.moving.litellm.holders import created_at
from litemaas.domain.moving.litellm.holdings import Holdings, stable_id
from litemaas.domain.moving.litellm.losses import KEY, metadata_of, tell_losses
from litemaas.domain.moving.litellm.money import Treasury, rates_of, utc

_OWN_UI = "litellm-dashboard"  # the team of LiteLLM's own browser sessions
_HASH = re.compile(r"[0-9a-f]{64}")
_BY_MODEL = ("rpm_limit", "tpm_limit")


class KeyReader:
    """Reads virtual keys into rows.

    Args:
        previous: By hash of a key, the row of the text that it was rotated away from and that still works.
        access_groups: Names of models by the id of an access group.
    """

    def __init__(
        self,
        holdings: Holdings,
        findings: Findings,
        treasury: Treasury,
        previous: Mapping[str, Row],
        access_groups: Mapping[str, list[str]],
    ) -> None:
        self._holdings = holdings
        self._findings = findings
        self._treasury = treasury
        self._previous = previous
        self._access_groups = access_groups

    def read(self, row: Row, days: Iterable[Row]) -> None:
        """Read one key and its budgets.

        Args:
            row: As LiteLLM has it.
            days: What it spent by day.
        """
        if row.get("team_id") == _OWN_UI:
            self._findings.ignored("key", name_of(row), "It is a browser's session with LiteLLM's own UI.")
            return
        key_hash = hash_of(row["token"])
        key_id = stable_id("key", key_hash)
        before = len(self._holdings.rows["accounts"]), len(self._holdings.rows["balances"])
        try:
            routes = read_routes(row.get("allowed_routes"), row.get("key_type"))
            self._treasury.open(f"key:{key_id}", row)
            by_model = self._treasury.open_for_models(f"key:{key_id}", row.get("model_max_budget") or {}, list(days))
        except (InvalidInputError, TypeError, ValueError) as error:
            del self._holdings.rows["accounts"][before[0] :], self._holdings.rows["balances"][before[1] :]
            reason = getattr(error, "message", "A budget for a single model is not a number.")
            self._findings.refused("key", name_of(row), reason)
            return
        tell_losses(self._findings, "key", name_of(row), row, KEY)
        self._holdings.add(
            "keys",
            {
                "id": key_id,
                "key_hash": key_hash,
                "key_hint": (row.get("key_name") or "")[-4:],
                "alias": row.get("key_alias") or None,
                "user_id": row.get("user_id") or None,
                "team_id": row.get("team_id") or None,
                "models": self._grants(row),
                "aliases": row.get("aliases") or {},
                "allowed_routes": routes,
                "blocked": bool(row.get("blocked")),
                "expires_at": utc(row["expires"]) if row.get("expires") else None,
                "metadata": metadata_of(row),
                **{f"model_{rate}": _by_model(row, by_model, rate) for rate in _BY_MODEL},
                **rates_of(row),
                **self._rotation(key_hash),
                **created_at(row),
            },
        )

    def _grants(self, row: Row) -> list[str]:
        """The key's grants. A key with access groups and no models has those of the groups, not all."""
        of_groups = [name for group in row.get("access_group_ids") or () for name in self._access_groups.get(group, ())]
        if row.get("access_group_ids"):
            return sorted({*(row.get("models") or ()), *of_groups})
        return read_grants(self._findings, "key", name_of(row), row.get("models"), of_team=bool(row.get("team_id")))

    def _rotation(self, key_hash: str) -> Row:
        previous = self._previous.get(key_hash)
        if previous is None:
            return {}
        return {"previous_hash": previous["token"], "previous_expires_at": utc(previous["revoke_at"])}


def name_of(row: Row) -> str:
    """How people know a key: never by its text, which very old versions stored."""
    return str(row.get("key_alias") or row.get("key_name") or hash_of(row["token"])[:12])


def live_rotations(rows: Iterable[Row], moment: datetime) -> dict[str, Row]:
    """Texts that keys were rotated away from and that are still accepted, the last one by hash of the key."""
    living = [row for row in rows if utc(row["revoke_at"]) > moment and _HASH.fullmatch(row["token"])]
    return {row["active_token_id"]: row for row in sorted(living, key=lambda row: row["revoke_at"])}


def _by_model(row: Row, tables: Mapping[str, Row], rate: str) -> dict[str, Any]:
    """Limits per minute for single models, from the metadata and from budgets that hold some."""
    limits = {model: table[rate] for model, table in tables.items() if table.get(rate) is not None}
    given = (row.get("metadata") or {}).get(f"model_{rate}") or {}
    return limits | {model: limit for model, limit in given.items() if limit is not None}
