"""The public LiteMaaS: its own database, on top of that of the LiteLLM which serves its calls.

LiteLLM's knows what was enforced: models, keys, budgets, spend. The application's knows the people: who they are at
their identity provider, which models they were given (*subscriptions*), and what they call their keys. Texts of keys,
which it stores, are hashed by PostgreSQL and never read.
"""

from collections import defaultdict
from datetime import UTC, datetime

from litemaas.domain.errors import InvalidInputError
from litemaas.domain.moving.entities import Bundle, Row
from litemaas.domain.moving.errors import UnreadableSourceError
from litemaas.domain.moving.foreign import read_table, require_table
from litemaas.domain.moving.litellm.database import REPLACES, read_into
from litemaas.domain.moving.litellm.environment import Environment
from litemaas.domain.moving.litellm.findings import Findings
from litemaas.domain.moving.litellm.holdings import Holdings, stable_id
from litemaas.domain.moving.litellm.money import Treasury, rates_of
from litemaas.domain.moving.litellm.sealed import Unsealer
from litemaas.storage.postgres import Connection

_OPENSHIFT = "openshift"
"""Identity provider that has the same name, and the same subjects, there and here."""

_SYSTEM = "system"  # provider of the user that owns automatic changes
_ASKED = {"pending": "pending", "denied": "denied"}
_KEYS = """
SELECT key.id, key.user_id, key.name, key.litellm_key_alias, key.is_active, key.revoked_at, key.archived_at,
       key.model_max_budget, key.model_rpm_limit, key.model_tpm_limit,
       COALESCE(encode(sha256(convert_to(key.lite_llm_key_value, 'UTF8')), 'hex'), key.key_hash) AS hash,
       ARRAY(SELECT model_id FROM api_key_models WHERE api_key_id = key.id ORDER BY model_id) AS models,
       subscription.model_id AS subscribed_model
FROM api_keys key LEFT JOIN subscriptions subscription ON subscription.id = key.subscription_id
ORDER BY key.created_at, key.id
"""


async def read_app(
    app: Connection, litellm: Connection, unsealer: Unsealer, environment: Environment, issuer: str | None
) -> Bundle:
    """Read both databases.

    Args:
        app: To the application's, in a transaction.
        litellm: To LiteLLM's, in a transaction; the same where both share one database.
        unsealer: Opens the secrets of providers.
        environment: What `os.environ/NAME` means.
        issuer: Of people who logged in by another provider than OpenShift.

    Raises:
        UnreadableSourceError: They are not what they are said to be.
    """
    await require_table(app, "api_key_models", "the public LiteMaaS")
    try:
        await require_table(litellm, "LiteLLM_VerificationToken", "LiteLLM")
    except UnreadableSourceError as error:
        raise UnreadableSourceError(f"{error.message} Name the one of LiteLLM too.") from error
    reader = _Reader(app, issuer)
    await read_into(reader.holdings, reader.findings, litellm, unsealer, environment)
    await reader.read()
    return Bundle(
        source="litemaas databases",
        chunks=list(reader.holdings.chunks()),
        findings=reader.findings,
        replaces=REPLACES,
        wants_list_prices=True,
    )


class _Reader:
    """Adds what the application knows to what LiteLLM's database had."""

    def __init__(self, app: Connection, issuer: str | None) -> None:
        self.holdings, self.findings = Holdings(), Findings()
        self._users: dict[str, Row] = {}
        self._keys: dict[str, Row] = {}
        self._accounts: set[str] = set()
        self._app = app
        self._issuer = issuer
        self._treasury = Treasury(self.holdings, {}, datetime.now(UTC))

    async def read(self) -> None:
        self._users = {row["id"]: row for row in self.holdings.rows["users"]}
        self._keys = {name: row for row in self.holdings.rows["keys"] for name in (row["alias"], row["key_hash"])}
        self._accounts = {row["id"] for row in self.holdings.rows["accounts"]}
        subscriptions = await read_table(self._app, "subscriptions")
        grants: dict[str, list[str]] = defaultdict(list)
        for row in subscriptions:
            if row["status"] == "active":
                grants[str(row["user_id"])].append(row["model_id"])
        for row in await read_table(self._app, "users"):
            if row["oauth_provider"] != _SYSTEM:
                self._read_user(row, grants[str(row["id"])])
        for row in subscriptions:
            self._read_request(row)
        self._read_restrictions(await read_table(self._app, "models"))
        for key in await self._app.fetch(_KEYS):
            self._read_key(dict(key))

    def _read_user(self, row: Row, grants: list[str]) -> None:
        user_id = str(row["id"])
        present = self._users.get(user_id)
        if present is None:
            present = {"id": user_id, **rates_of(row)}
            try:
                self._treasury.open(f"user:{user_id}", {**row, "max_budget": _number(row.get("max_budget"))})
            except InvalidInputError as error:
                self.findings.refused("user", row["username"], error.message)
                return
            self.holdings.add("users", present)
        if "admin" in " ".join(row["roles"] or ()):
            self.findings.ignored("user", row["username"], "Roles come from the groups at the next login.")
        present |= {
            "email": row["email"],
            "alias": row["full_name"] or row["username"],
            "models": sorted(grants),
            "blocked": not row["is_active"],
            **self._identity(row),
        }

    def _identity(self, row: Row) -> Row:
        issuer = _OPENSHIFT if row["oauth_provider"] == _OPENSHIFT else self._issuer
        if issuer is None:
            reason = (
                f"No issuer is known for {row['oauth_provider']}: this person becomes a new user at the next login."
            )
            self.findings.noted("user", row["username"], reason)
            return {}
        return {"issuer": issuer, "subject": row["oauth_id"]}

    def _read_request(self, row: Row) -> None:
        if status := _ASKED.get(row["status"]):
            decided_at = row.get("status_changed_at") or row["updated_at"] if status == "denied" else None
            self.holdings.add(
                "access_requests",
                {
                    "id": stable_id("access_request", row["id"]),
                    "user_id": str(row["user_id"]),
                    "model": row["model_id"],
                    "status": status,
                    "decision_reason": row.get("status_reason") if status == "denied" else None,
                    "created_at": row["created_at"],
                    "decided_at": decided_at,
                },
            )

    def _read_restrictions(self, models: list[Row]) -> None:
        by_name = {row["id"]: row for row in models}
        for group in self.holdings.rows["model_groups"]:
            if (row := by_name.get(group["name"])) is not None:
                group["restricted"] = bool(row.get("restricted_access"))
                group.setdefault("description", row.get("description"))

    def _read_key(self, row: Row) -> None:
        is_usable = row["is_active"] and row["revoked_at"] is None and row["archived_at"] is None
        present = self._keys.get(row["hash"]) or self._keys.get(row["litellm_key_alias"] or row["hash"])
        if present is None:
            if is_usable:
                self.findings.refused("key", row["name"], "LiteLLM does not know this key, so it opens nothing.")
            else:
                self.findings.ignored("key", row["name"], "It was revoked.")
            return
        models = row["models"] or ([row["subscribed_model"]] if row["subscribed_model"] else [])
        by_model = {f"model_{rate}": {**(row[f"model_{rate}"] or {}), **present[f"model_{rate}"]} for rate in _RATES}
        present |= {
            "user_id": str(row["user_id"]),
            "models": models or present["models"],
            "blocked": present["blocked"] or not is_usable,
            "metadata": {**present["metadata"], "name": row["name"]},
            **by_model,
        }
        self._read_model_budgets(f"key:{present['id']}", row)

    def _read_model_budgets(self, account_id: str, row: Row) -> None:
        """Open budgets for single models, which LiteLLM enforces for paying customers only: here they hold."""
        wanted = {
            model: given
            for model, given in (row["model_max_budget"] or {}).items()
            if f"{account_id}/model:{model}" not in self._accounts
        }
        try:
            self._treasury.open_for_models(account_id, wanted, ())
        except InvalidInputError as error:
            self.findings.refused("limit", row["name"], error.message)


_RATES = ("rpm_limit", "tpm_limit")


def _number(amount: object) -> object:
    return None if amount is None else float(str(amount))
