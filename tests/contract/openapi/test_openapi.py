"""Every operation that `/openapi.json` tells of, called with what its own schema allows and what it forbids."""

from collections.abc import Callable

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode

from support.gateway import MASTER_KEY, ServerProcess

pytestmark = [pytest.mark.xdist_group("contract_openapi"), pytest.mark.timeout(240)]

OPEN = (
    "/health/live",
    "/health/readiness",
    "/livez",
    "/readyz",
    "/api/session",
    "/api/auth/",
    "/api/branding/",
    "/api/health",
)
"""What anybody may ask: of the portal, what the permission `enter` is for."""
REACHES_OUT = ("/model/test", "/model/discover", "/health")
"""What asks a server of the caller's choice, or all model servers: its answer is not ours."""
SECONDS = 20

NOT_BUILT = "The web UI is not built."
"""What pages say where npm is missing: a 503, and rightly so."""


def call_all(server: ServerProcess, examples: int, judge: Callable[[Case, requests.Response], None], **headers: str):
    """Call each operation with so many examples, good and bad ones."""
    with requests.Session() as session:
        page = session.get(f"{server.url}/openapi.json", timeout=SECONDS).json()
        schema = schemathesis.openapi.from_dict(page)
        assert len(page["paths"]) > 20
        for found in schema.get_all_operations():
            operation = found.ok()
            if operation.path in REACHES_OUT:
                continue

            @settings(
                max_examples=examples,
                deadline=None,
                database=None,
                derandomize=True,
                phases=[Phase.explicit, Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode)))
            def call(case: Case) -> None:
                answer = case.call(base_url=server.url, session=session, headers=headers, timeout=SECONDS)
                judge(case, answer)

            call()


def test_nothing_that_an_administrator_asks_breaks_the_server(server: ServerProcess):
    def judge(case: Case, answer: requests.Response) -> None:
        if NOT_BUILT not in answer.text:
            assert answer.status_code < 500, (case.method, case.path, answer.text)

    call_all(server, 4, judge, authorization=f"Bearer {MASTER_KEY}")


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer sk-nobodys"}], ids=["no key", "unknown key"])
def test_nothing_is_done_for_who_has_no_key(server: ServerProcess, headers: dict[str, str]):
    def judge(case: Case, answer: requests.Response) -> None:
        if not case.path.startswith(OPEN):
            assert 400 <= answer.status_code < 500, (case.method, case.path, answer.status_code, answer.text)

    call_all(server, 1, judge, **headers)
