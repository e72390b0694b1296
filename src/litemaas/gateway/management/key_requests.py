"""Request bodies of the key routes, and what they mean to the domain."""

from typing import Annotated, Any, ClassVar, Literal

from msgspec import UNSET
from pydantic import BaseModel, BeforeValidator, Field, model_validator

from litemaas.domain.administration.key_orders import KeyOrder
from litemaas.domain.budgets.entities import Limits
from litemaas.domain.errors import InvalidInputError
from litemaas.domain.keys.entities import KeyFilter
from litemaas.domain.keys.texts import hash_of
from litemaas.gateway.management import unsupported
from litemaas.gateway.management.fields import (
    MONEY_FIELDS,
    RATE_FIELDS,
    Dollars,
    Grants,
    Limit,
    LimitFields,
    ManagementRequest,
    Metadata,
    Name,
    OptionalText,
    Text,
)
from litemaas.gateway.management.paging import PageNumber

_ALL_INFERENCE = "llm_api_routes"
_KEY_FIELDS = {
    **RATE_FIELDS,
    "key_alias": "alias",
    "user_id": "user_id",
    "team_id": "team_id",
    "aliases": "aliases",
    "model_rpm_limit": "model_rpm_limit",
    "model_tpm_limit": "model_tpm_limit",
    "allowed_routes": "allowed_routes",
    "blocked": "blocked",
    "uses_cache": "uses_cache",
    "metadata": "metadata",
}
_LIMIT_FIELDS = {**MONEY_FIELDS, "budget_id": "budget_id"}


class ModelBudget(BaseModel):
    """Money that a key may spend on one model; each field has two names in LiteLLM."""

    max_budget: Dollars = None
    budget_limit: Dollars = None
    budget_duration: OptionalText = None
    time_period: OptionalText = None

    @model_validator(mode="before")
    @classmethod
    def _refuse_rates(cls, body: Any) -> Any:
        if isinstance(body, dict) and (body.get("rpm_limit") is not None or body.get("tpm_limit") is not None):
            raise InvalidInputError(
                "Set limits per minute for a model in model_rpm_limit and model_tpm_limit.", param="model_max_budget"
            )
        return {"max_budget": body} if isinstance(body, int | float | str) else body

    def limits(self) -> Limits:
        """As the domain has it."""
        amount = self.budget_limit if self.max_budget is None else self.max_budget
        return Limits(max_budget=amount, budget_duration=self.budget_duration or self.time_period)


def _path_prefixes(routes: Any) -> Any:
    if not isinstance(routes, list):
        return routes
    if _ALL_INFERENCE in routes:
        return []
    for route in routes:
        if not (isinstance(route, str) and route.startswith("/")):
            raise InvalidInputError(
                f"allowed_routes takes paths such as /v1/embeddings, or {_ALL_INFERENCE}.", param="allowed_routes"
            )
    return [route.removesuffix("*") for route in routes]


class KeyFields(LimitFields):
    """What can be said about a key."""

    unsupported: ClassVar = unsupported.KEY

    key_alias: OptionalText = None
    user_id: OptionalText = None
    team_id: OptionalText = None
    budget_id: OptionalText = Field(default=None, description="Named budget whose limits apply where the key has none")
    models: Grants | None = Field(default=None, description="Names granted; absent: all there are; []: none")
    aliases: dict[Name, Name] | None = None
    model_max_budget: dict[Name, ModelBudget] | None = None
    model_rpm_limit: dict[Name, Limit] | None = None
    model_tpm_limit: dict[Name, Limit] | None = None
    allowed_routes: Annotated[list[Text], BeforeValidator(_path_prefixes)] | None = None
    blocked: bool | None = None
    uses_cache: bool | None = Field(default=None, description="False: is never answered from a response cache")
    duration: OptionalText = Field(default=None, description="Life from now on, e.g. 30d; null or -1: for ever")
    metadata: Metadata | None = None
    tags: list[Name] | None = None
    spend: Dollars = None

    def order(self, text: str | None = None) -> KeyOrder:
        """What the domain is to do."""
        fields = self.given(_KEY_FIELDS)
        for name in ("model_rpm_limit", "model_tpm_limit"):
            if fields.get(name):
                fields[name] = {model: limit for model, limit in fields[name].items() if limit is not None}
        budgets = self.model_max_budget
        sent = self.model_fields_set
        return KeyOrder(
            fields=fields,
            limits=self.given(_LIMIT_FIELDS),
            models=self.models if "models" in sent else UNSET,
            tags=self.tags if "tags" in sent and self.tags is not None else UNSET,
            duration=self.duration if "duration" in sent else UNSET,
            model_budgets=UNSET
            if "model_max_budget" not in sent
            else {model: budget.limits() for model, budget in (budgets or {}).items()},
            spent=self.spend,
            text=text,
        )


class GenerateKey(KeyFields):
    """Body of `/key/generate`."""

    key: OptionalText = Field(default=None, description="The key's text; absent: made here", repr=False)


class UpdateKey(KeyFields):
    """Body of `/key/update`: a merge patch; absent keeps, null clears."""

    key: OptionalText = Field(default=None, description="The key, by text or hash", repr=False)


class RegenerateKey(KeyFields):
    """Body of `/key/regenerate`: changes that come with the new text."""

    key: OptionalText = Field(default=None, description="The key, by text or hash", repr=False)
    new_key: OptionalText = Field(default=None, description="The new text; absent: made here", repr=False)
    grace_period: OptionalText = Field(default=None, description="How long the old text stays valid, e.g. 24h")


class DeleteKeys(ManagementRequest):
    """Body of `/key/delete`."""

    keys: list[Name] = Field(default_factory=list)
    key_aliases: list[Name] = Field(default_factory=list)


class NameKey(ManagementRequest):
    """Body that names a key, by text or hash."""

    key: Name = Field(repr=False)


class NameKeys(ManagementRequest):
    """Body that names keys, by text or hash."""

    keys: list[Name] = Field(default_factory=list)


class ResetSpend(ManagementRequest):
    """Body of `/key/{key}/reset_spend`."""

    reset_to: Dollars = None


class KeyQuery(BaseModel):
    """Query of `/key/list`."""

    page: PageNumber = 1
    size: Annotated[int, Field(ge=1, le=100)] = 10
    user_id: Text | None = None
    team_id: Text | None = None
    key_hash: Text | None = None
    key_alias: Text | None = None
    search: Text | None = None
    status: Literal["active", "expired", "blocked", "revoked", "deleted"] | None = None
    sort_by: str = "created_at"
    sort_order: Literal["asc", "desc"] = "desc"
    return_full_object: bool = False
    include_created_by_keys: bool = False
    substring_matching: bool = False

    def filter(self) -> KeyFilter:
        """Which keys are wanted."""
        return KeyFilter(
            user_id=self.user_id,
            team_id=self.team_id,
            key_hash=hash_of(self.key_hash) if self.key_hash else None,
            alias=None if self.substring_matching else self.key_alias,
            alias_part=self.key_alias if self.substring_matching else None,
            search=self.search,
            status="blocked" if self.status == "revoked" else self.status,
            created_by=self.user_id if self.include_created_by_keys else None,
        )
