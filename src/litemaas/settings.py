"""Every setting of LiteMaaS: grouped, typed, explained, read once from the environment.

A setting's variable is `LITEMAAS_<NAME>` unless it says otherwise; `make docs` writes the reference page from the
descriptions here, so what is written here is what users read.
"""

import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import msgspec
from msgspec import Meta, Struct

_NUMBERS = {int: "a whole number", float: "a number"}
_TOO_MUCH = 2**53


class SettingsError(Exception):
    """A variable cannot be read; the message names it and says what would be right."""


class Secret(str):
    """Text that must not be shown: its `repr` is blank, so that no log line or traceback carries it."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Return a placeholder."""
        return "Secret('…')"


def _about(description: str, variable: str | None = None) -> Meta:
    return Meta(description=description, extra={"variable": variable} if variable else None)


class LogLevel(StrEnum):
    """From where on log lines are written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class DatabaseSettings(Struct, frozen=True, kw_only=True):
    """Where the one truth lives."""

    url: Annotated[
        Secret,
        _about("PostgreSQL, e.g. postgresql://user:password@host/litemaas?sslmode=verify-full", "DATABASE_URL"),
    ] = Secret("")
    direct_url: Annotated[
        Secret,
        _about(
            "The same database without a pooler in between; LISTEN and migrations use it. Empty: DATABASE_URL.",
            "DATABASE_DIRECT_URL",
        ),
    ] = Secret("")
    database_pool_size: Annotated[int, _about("Connections that one process opens at most.")] = 8

    @property
    def listen_url(self) -> str:
        """The URL that reaches PostgreSQL itself."""
        return self.direct_url or self.url


class RedisSettings(Struct, frozen=True, kw_only=True):
    """Optional: replicas share rate limits through it (without it through PostgreSQL), and it keeps cached answers."""

    url: Annotated[
        Secret,
        _about(
            "Redis or Valkey, e.g. rediss://user:password@host:6379/0, a database of its own. Empty: none.", "REDIS_URL"
        ),
    ] = Secret("")


class AccessSettings(Struct, frozen=True, kw_only=True):
    """The operator's own credentials."""

    master_key: Annotated[Secret, _about("Root credential of the management API.", "LITELLM_MASTER_KEY")] = Secret("")
    admin_username: Annotated[str, _about("Name of the built-in admin of the web UI.", "UI_USERNAME")] = "admin"
    admin_password: Annotated[Secret, _about("Password of the built-in admin.", "UI_PASSWORD")] = Secret("")
    salt_key: Annotated[
        Secret, _about("Encrypts provider credentials at rest. Losing it means entering them again.")
    ] = Secret("")
    salt_key_previous: Annotated[
        Secret, _about("While the salt key is rotated: the one until now, which still opens what it encrypted.")
    ] = Secret("")


class RequestSettings(Struct, frozen=True, kw_only=True):
    """Bounds of what one request may be."""

    max_body_bytes: Annotated[int, _about("Largest request body; larger ones get 413.")] = 32 * 1024 * 1024
    max_bodies_bytes: Annotated[
        int, _about("Large request bodies that may be in memory, all together; a further one gets 503.")
    ] = 128 * 1024 * 1024
    default_max_output_tokens: Annotated[
        int, _about("Output bound of a call that states none, for a model whose own bound is not known.")
    ] = 4096
    default_estimated_output_tokens: Annotated[
        int, _about("Output that a call without a stated maximum reserves of a tokens-per-minute limit.")
    ] = 256
    image_input_tokens: Annotated[int, _about("Input bound of one image part.")] = 2048
    queue_wait_seconds: Annotated[
        float, _about("How long a call waits for a place at a deployment that serves as many as it may.")
    ] = 30.0
    budget_wait_seconds: Annotated[
        float, _about("How long a call that fits its budget, but not beside the calls in flight, waits for them.")
    ] = 2.0


class UploadSettings(Struct, frozen=True, kw_only=True):
    """Forms with files, such as audio: they are on disk while they are on their way."""

    upload_dir: Annotated[str, _about("Folder for them; empty: the system's for temporary files.")] = ""
    max_upload_bytes: Annotated[int, _about("Largest form; larger ones get 413.")] = 200 * 1024 * 1024
    max_spool_bytes: Annotated[
        int, _about("All forms together; further ones get 503. Must fit the folder's volume.")
    ] = 200 * 1024 * 1024


class UpstreamSettings(Struct, frozen=True, kw_only=True):
    """Patience and trust towards upstream model servers. A model may have timeouts of its own."""

    connect_timeout: Annotated[float, _about("Seconds for TCP and TLS.")] = 10.0
    first_byte_timeout: Annotated[float, _about("Seconds from the request to the first byte of the answer.")] = 300.0
    idle_timeout: Annotated[float, _about("Seconds between two pieces of an answer.")] = 120.0
    total_timeout: Annotated[float, _about("Seconds for a whole answer.")] = 3600.0
    max_connections: Annotated[int, _about("Connections to one upstream host; further calls wait for one.")] = 2000
    max_answer_bytes: Annotated[int, _about("Largest answer that is not a stream.")] = 64 * 1024 * 1024
    ca_bundle: Annotated[str, _about("PEM file of authorities to trust beside the system's; empty: none.")] = ""


class DiscoverySettings(Struct, frozen=True, kw_only=True):
    """Finding models that OpenShift AI serves in the cluster that we run in, for admins to add."""

    openshift_ai_selector: Annotated[
        str,
        _about(
            "Label of the namespaces to search for them, e.g. litemaas.io/models=true. Empty: they are not searched."
        ),
    ] = ""
    service_account_dir: Annotated[str, _about("Folder with the token and the authority (ca.crt) of our account.")] = (
        "/var/run/secrets/kubernetes.io/serviceaccount"
    )
    kubernetes_host: Annotated[
        str, _about("Address of the API server; in a pod it is set.", "KUBERNETES_SERVICE_HOST")
    ] = ""
    kubernetes_port: Annotated[int, _about("Its port; in a pod it is set.", "KUBERNETES_SERVICE_PORT_HTTPS")] = 443

    @property
    def kubernetes_url(self) -> str:
        """The API server's URL."""
        host = f"[{self.kubernetes_host}]" if ":" in self.kubernetes_host else self.kubernetes_host
        return f"https://{host}:{self.kubernetes_port}"

    @property
    def service_account_folder(self) -> Path:
        """Where the kubelet keeps our credentials."""
        return Path(self.service_account_dir)


class SnapshotSettings(Struct, frozen=True, kw_only=True):
    """What a replica knows without asking."""

    max_snapshot_age: Annotated[
        float, _about("Seconds that a replica cut off from the database serves what it knows; then it answers 503.")
    ] = 600.0


class BudgetSettings(Struct, frozen=True, kw_only=True):
    """How replicas share a budget."""

    lease_seconds: Annotated[
        float, _about("Life of a lease without renewal; also how long a budgeted key goes on without the database.")
    ] = 120.0


class JournalSettings(Struct, frozen=True, kw_only=True):
    """The local record of settled calls until the database has them, and how long it keeps them."""

    data_dir: Annotated[str, _about("Folder of the journal. Put it on a volume.")] = ".litemaas"
    journal_max_bytes: Annotated[
        int, _about("Journal size at which new calls get 503 because the database has been away too long.")
    ] = 1024 * 1024 * 1024

    ledger_months: Annotated[
        int, _about("Whole months before this one whose single calls are kept; daily sums stay for ever. 0: keep all.")
    ] = 0

    @property
    def journal_dir(self) -> Path:
        """Folder that holds one journal file for each process."""
        return Path(self.data_dir) / "journal"


class HealthSettings(Struct, frozen=True, kw_only=True):
    """Looking after the deployments, and what runs there, in the background."""

    health_check_seconds: Annotated[
        float,
        _about("How often each upstream is asked for its list of models, by one replica for all; free of cost. 0: off"),
    ] = 30.0
    batch_check_seconds: Annotated[
        float,
        _about(
            "How often a batch that is not over is asked for, by one replica for all, so that it is booked also when "
            "nobody else asks. 0: off"
        ),
    ] = 60.0


class ServerSettings(Struct, frozen=True, kw_only=True):
    """The process."""

    metrics_port: Annotated[int, _about("Port of /metrics on its own listener; 0: none.")] = 9464
    metrics_host: Annotated[str, _about("Address of the metrics listener.")] = "127.0.0.1"
    log_level: Annotated[LogLevel, _about("debug, info, warning or error.")] = LogLevel.INFO
    drain_seconds: Annotated[float, _about("After SIGTERM, how long open calls may take to end.")] = 60.0


class TracingSettings(Struct, frozen=True, kw_only=True):
    """Traces for OpenTelemetry, by the extra `otel`; its own variables (`OTEL_SERVICE_NAME`, ...) hold as well."""

    otlp_endpoint: Annotated[
        str,
        _about(
            "Base URL of an OTLP/HTTP receiver, e.g. http://collector:4318: each call sends it a span. Empty: off.",
            "OTEL_EXPORTER_OTLP_ENDPOINT",
        ),
    ] = ""
    trace_upstreams: Annotated[
        str,
        _about(
            "Model servers that get a traceparent: host names, .suffix for all below it, or * for all; separated by "
            "commas. Each attempt of a call is a span then. Empty: none."
        ),
    ] = ""

    @property
    def told_hosts(self) -> tuple[str, ...]:
        """The hosts of `trace_upstreams`."""
        return tuple(host for part in self.trace_upstreams.split(",") if (host := part.strip().lower()))


class PortalSettings(Struct, frozen=True, kw_only=True):
    """The web UI and its sessions. All replicas of an instance need the same values."""

    session_key: Annotated[
        Secret, _about("Signs what a login carries through the browser. Empty: derived from LITEMAAS_SALT_KEY.")
    ] = Secret("")
    public_url: Annotated[
        str, _about("Address of the admin host, e.g. https://litellm-admin.example.com; empty: as the client calls us.")
    ] = ""
    frontend_url: Annotated[str, _about("Address of the users' host, if it is another one.")] = ""
    session_idle_seconds: Annotated[int, _about("Seconds without a request after which a session ends.")] = 8 * 3600
    session_lifetime_seconds: Annotated[int, _about("Seconds after which a session ends whatever happens.")] = 24 * 3600
    forwarded_hops: Annotated[
        int, _about("Proxies in front of us that append to X-Forwarded-For; 0: none, the peer is the client.")
    ] = 0
    web_dir: Annotated[str, _about("Folder of the built web UI; empty: the one that is packaged.")] = ""


class LoginSettings(Struct, frozen=True, kw_only=True):
    """Who may log in besides the built-in admin, and as what. Lists are separated by commas."""

    oauth_provider: Annotated[str, _about("Identity providers to offer: openshift, google, oidc.")] = ""
    oauth_client_id: Annotated[str, _about("Our name at the first of them.")] = ""
    oauth_client_secret: Annotated[Secret, _about("Our secret there.")] = Secret("")
    oauth_issuer: Annotated[str, _about("Issuer of the OpenID provider (oidc).")] = ""
    google_client_id: Annotated[str, _about("Our name at Google, if it is not the first provider.")] = ""
    google_client_secret: Annotated[Secret, _about("Our secret there.")] = Secret("")
    google_allowed: Annotated[
        str,
        _about(
            "Who may log in by Google: domains of Google Workspace and single e-mail addresses; any: every account. "
            "Must be set where Google is offered."
        ),
    ] = ""
    oidc_client_id: Annotated[str, _about("Our name at the OpenID provider, if it is not the first one.")] = ""
    oidc_client_secret: Annotated[Secret, _about("Our secret there.")] = Secret("")
    oidc_title: Annotated[str, _about("What the login page calls the OpenID provider.")] = "Single sign-on"
    oidc_groups_claim: Annotated[
        str, _about("Claim that lists a person's groups; dots lead into objects, as in realm_access.roles.")
    ] = "groups"
    openshift_api_url: Annotated[str, _about("OpenShift's API server (openshift).")] = "https://kubernetes.default.svc"
    admin_groups: Annotated[str, _about("Groups whose members are admins.")] = ""
    admin_readonly_groups: Annotated[str, _about("Groups whose members see all and change nothing.")] = ""
    user_groups: Annotated[
        str, _about("Groups whose members may log in; empty: everybody that the provider knows.")
    ] = ""
    lab_user: Annotated[
        str, _about("In a lab: the one person, by name, who may enter besides members of the admin groups; is admin.")
    ] = ""


class Settings(Struct, frozen=True, kw_only=True):
    """All groups together."""

    database: DatabaseSettings
    redis: RedisSettings
    access: AccessSettings
    requests: RequestSettings
    uploads: UploadSettings
    upstream: UpstreamSettings
    discovery: DiscoverySettings
    snapshot: SnapshotSettings
    budgets: BudgetSettings
    journal: JournalSettings
    health: HealthSettings
    server: ServerSettings
    tracing: TracingSettings
    portal: PortalSettings
    login: LoginSettings


def variable_of(name: str, hint: Any) -> str:
    """The environment variable of the field `name` whose annotated type is `hint`."""
    meta = next(item for item in hint.__metadata__ if isinstance(item, Meta))
    return str((meta.extra or {}).get("variable") or f"LITEMAAS_{name.upper()}")


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read all settings from `environment` (default: the process's own).

    Raises:
        SettingsError: A value does not have its setting's type.
    """
    variables = os.environ if environment is None else environment
    groups: dict[str, Any] = {name: _read_group(group, variables) for name, group in get_type_hints(Settings).items()}
    return Settings(**groups)


def _read_group(group: type[Struct], variables: Mapping[str, str]) -> Struct:
    values: dict[str, Any] = {}
    for name, hint in get_type_hints(group, include_extras=True).items():
        variable = variable_of(name, hint)
        text = variables.get(variable)
        if text is None or text == "":
            continue
        try:
            values[name] = _convert(text.strip(), hint.__origin__)
        except msgspec.ValidationError as error:
            raise SettingsError(f"{variable} must be {_wanted(hint.__origin__)}, not {text!r}.") from error
    return group(**values)


def _convert(text: str, kind: type[Any]) -> Any:
    if kind in _NUMBERS:
        return msgspec.convert(text, Annotated[kind, Meta(ge=0, lt=_TOO_MUCH)], strict=False)
    return msgspec.convert(text.lower(), kind) if issubclass(kind, StrEnum) else kind(text)


def _wanted(kind: type) -> str:
    return f"one of {', '.join(kind)}" if issubclass(kind, StrEnum) else f"{_NUMBERS[kind]} from 0 on"
