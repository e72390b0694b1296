# Copyright (c) The LiteMaaS contributors
# MIT License (see LICENSE)
"""Models: each is one deployment, a way to reach a model that clients call by its public name.

The gateway keeps an upstream's key encrypted and never tells it. So that a changed key is noticed and an unchanged one is
not sent again, a digest under the master key, which says nothing to those who do not hold it, is kept in C(model_info).
"""

from __future__ import annotations

import hmac

from . import fields
from .addresses import base_of, model_of
from .errors import GatewayError

PARAMETERS = "litellm_params."
INFO = "model_info."
ROUTING = INFO + "routing."
CREDENTIAL = PARAMETERS + "api_key"
DIGEST = INFO + "api_key_digest"

ENVIRONMENT = "os.environ/"

TEXTS = {"model": PARAMETERS + "model", "api_base": PARAMETERS + "api_base"}
ABOUT = {name: INFO + name for name in ("mode", "description", "access_groups", "base_model")}
COUNTS = {
    "rpm_limit": PARAMETERS + "rpm",
    "tpm_limit": PARAMETERS + "tpm",
    "max_parallel_requests": PARAMETERS + "max_parallel_requests",
    "max_input_tokens": INFO + "max_input_tokens",
    "max_output_tokens": INFO + "max_output_tokens",
}
AMOUNTS = {
    "upstream_timeout": PARAMETERS + "timeout",
    **{
        name: PARAMETERS + name
        for name in ("weight", "stream_timeout", "input_cost_per_token", "output_cost_per_token")
    },
}

OPTIONS = dict(
    # Said because ansible-test takes a count of tokens for a secret.
    {name: {"type": "str", "no_log": False} for name in (*TEXTS, *ABOUT, *COUNTS, *AMOUNTS)},
    model_name={"type": "str", "required": True},
    model_id={"type": "str"},
    api_key={"type": "str", "no_log": True},
    access_groups={"type": "list", "elements": "str"},
    cache_ttl={"type": "int"},
    cache_shared={"type": "bool"},
    routing={"type": "dict"},
    litellm_params={"type": "dict"},
    model_info={"type": "dict"},
)


class Model:
    """A deployment as it shall be; see desired. Its fields are named C(litellm_params.api_base) and the like."""

    KIND = "model"
    SECRETS = (CREDENTIAL, DIGEST)

    def __init__(self, gateway, params):
        self._gateway = gateway
        self._id = params["model_id"]
        self.identity = {"model_name": params["model_name"], INFO + "id": self._id or params["model_name"]}
        self.wanted = _wanted(params)
        if params["api_key"]:
            self.wanted[CREDENTIAL] = params["api_key"]
            self.wanted[DIGEST] = _digest(params["api_key"], gateway.master_key)

    def find(self):
        """Reads the deployment, or None: that of the id, else the only one that serves the public name.

        Raises:
            GatewayError: Several serve the name.
        """
        rows = self._gateway.get("/model/info")["data"]
        for row in rows:
            if row["model_info"]["id"] == self.identity[INFO + "id"]:
                return row
        name = self.identity["model_name"]
        named = [row for row in rows if row["model_name"] == name]
        if self._id or not named:
            return None
        if len(named) > 1:
            ids = ", ".join(row["model_info"]["id"] for row in named)
            message = f"{len(named)} deployments serve {name}; say which by model_id: {ids}."
            raise GatewayError(message)
        self.identity[INFO + "id"] = named[0]["model_info"]["id"]
        return named[0]

    def present(self, row):
        """The fields of a row under their long names; the key counts as there where its digest is."""
        live = {"model_name": row["model_name"]}
        live.update({PARAMETERS + name: value for name, value in row["litellm_params"].items()})
        live.update({INFO + name: value for name, value in row["model_info"].items()})
        live.update(_routing(row["model_info"].get("routing")))
        known = live.get("model_info.has_credential") and live.get(DIGEST) == self.wanted.get(DIGEST)
        live[CREDENTIAL] = self.wanted.get(CREDENTIAL) if known else fields.UNLIKE
        return live

    def create(self):
        """Adds it; returns its row.

        Raises:
            GatewayError: Nothing says which model it is.
        """
        if not self.wanted.get("litellm_params.model"):
            message = "Say which model it is: model, as <provider>/<id>."
            raise GatewayError(message)
        return self._read(self._gateway.post("/model/new", _nested(dict(self.identity, **self.wanted))))

    def change(self, row, changes):
        """Changes it; returns its row."""
        if "litellm_params.api_base" in changes and CREDENTIAL in self.wanted:
            changes = dict(
                changes, **{CREDENTIAL: self.wanted[CREDENTIAL]}
            )  # a stored one goes to its own address only
        body = _nested(dict(changes, **{INFO + "id": row["model_info"]["id"]}))
        return self._read(self._gateway.post("/model/update", body))

    def delete(self, row):
        """Deletes it, and its public name with the last deployment."""
        self._gateway.post("/model/delete", {"id": row["model_info"]["id"]})

    def _read(self, stored):
        return self._gateway.get("/model/info", litellm_model_id=stored["model_id"])["data"][0]


def find(gateway, params):
    """Lists deployments: all, or those of C(model_name) or C(model_id)."""
    return [
        row
        for row in gateway.get("/model/info")["data"]
        if params["model_name"] in (None, row["model_name"]) and params["model_id"] in (None, row["model_info"]["id"])
    ]


def _wanted(params):
    wanted = {PARAMETERS + name: value for name, value in (params["litellm_params"] or {}).items()}
    about = dict(params["model_info"] or {})
    wanted.update(_routing(about.pop("routing", None)))
    wanted.update(_routing(params["routing"]))
    wanted.update({INFO + name: value for name, value in about.items()})
    if CREDENTIAL in wanted:
        message = "Give the upstream's key as api_key, which no log shows, and not in litellm_params."
        raise GatewayError(message)
    wanted["model_name"] = params["model_name"]
    for name, field in {**TEXTS, **ABOUT}.items():
        if params[name] is not None:
            wanted[field] = None if params[name] == "" else params[name]
    for name, field in COUNTS.items():
        if params[name] is not None:
            wanted[field] = fields.number(name, params[name], whole=True)
    for name, field in AMOUNTS.items():
        if params[name] is not None:
            wanted[field] = fields.number(name, params[name])
    if params["cache_ttl"] is not None:
        wanted[INFO + "cache_ttl"] = params["cache_ttl"] or None
    if params["cache_shared"] is not None:
        wanted[INFO + "cache_shared"] = params["cache_shared"]
    for field, value in [*wanted.items(), (CREDENTIAL, params["api_key"])]:
        if isinstance(value, str) and value.startswith(ENVIRONMENT):
            message = (
                f"{field} names a variable of the gateway's environment; use lookup('ansible.builtin.env', …) instead."
            )
            raise GatewayError(message)
    for field, write in (("litellm_params.model", model_of), ("litellm_params.api_base", base_of)):
        if wanted.get(field):
            wanted[field] = write(wanted[field])
    return wanted


def _routing(routing):
    """Names each field of how calls are spread. A list of models that stand in has an order, and so is no list of names."""
    given = {name: value for name, value in (routing or {}).items() if value is not None}
    return {ROUTING + name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}


def _digest(credential, master_key):
    return hmac.new(master_key.encode(), credential.encode(), "sha256").hexdigest()[:32]


def _nested(fields_by_name):
    body = {"litellm_params": {}, "model_info": {}}
    for name, value in fields_by_name.items():
        place, _dot, rest = name.partition(".")
        if name.startswith(ROUTING):
            body["model_info"].setdefault("routing", {})[name[len(ROUTING) :]] = value
        elif rest:
            body[place][rest] = value
        else:
            body[name] = value
    return body
