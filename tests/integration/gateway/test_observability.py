"""The dashboard and the alerts that are shipped: do they speak of what a running gateway tells?"""

import asyncio
import json
import re
import socket
from pathlib import Path

import httpx
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from support.gateway import server_process
from support.promql import labels_in, metrics_in
from support.valkey import running_valkey
from support.wire import hello, post

pytestmark = pytest.mark.xdist_group("gateway_observability")

ROOT = Path(__file__).parents[3]
DASHBOARD = json.loads((ROOT / "observability" / "grafana-dashboard.json").read_text())
RULES = [
    rule
    for group in yaml.safe_load((ROOT / "observability" / "alerts.yml").read_text())["groups"]
    for rule in group["rules"]
]
GUIDE = (ROOT / "docs" / "MONITORING.md").read_text()
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
EXPRESSIONS = [target["expr"] for panel in PANELS for target in panel["targets"]] + [rule["expr"] for rule in RULES]

OURS = {"model", "deployment", "status", "direction", "code", "way", "result", "le"}
"""As many values as administrators make models and deployments, or as the program has words."""
OF_THE_TARGET = {"namespace", "pod", "instance"}
"""What Prometheus adds to whatever it reads from a replica."""


@pytest.fixture(scope="module")
async def told(postgres_server, shared_upstream, tmp_path_factory) -> dict[str, set[str]]:
    """Each sample's name in `/metrics` of a gateway that has served and refused calls, with its labels."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    async with (
        postgres_server.database() as url,
        running_valkey() as valkey,
        server_process(
            url,
            tmp_path_factory.mktemp("journal"),
            metrics_port=port,
            REDIS_URL=valkey.url,
            LITEMAAS_HEALTH_CHECK_SECONDS="0.1",
        ) as server,
    ):
        model = await server.rows.model(shared_upstream.url)
        key = await server.rows.key()
        assert (await server.ask(post(hello(model), key))).status == 200
        assert (await server.ask(post(hello(model), "sk-nobodys"))).status == 401
        async with httpx.AsyncClient() as client:
            while True:
                text = (await client.get(f"http://127.0.0.1:{port}/metrics")).text
                if "litemaas_deployment_healthy{" in text:
                    break
                await asyncio.sleep(0.05)  # a check in the background tells nobody
    samples: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            samples.setdefault(sample.name, set()).update(sample.labels)
    return samples


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_an_expression_names_only_metrics_and_labels_that_a_running_gateway_has(expression, told):
    metrics = metrics_in(expression)
    assert metrics
    assert metrics <= told.keys()
    assert labels_in(expression) <= set().union(*(told[name] for name in metrics)) | OF_THE_TARGET


def test_a_running_gateway_has_bounded_labels_only(told):
    assert set().union(*told.values()) <= OURS


def test_legends_name_labels_that_their_expressions_keep():
    for panel in PANELS:
        for target in panel["targets"]:
            assert set(re.findall(r"{{(\w+)}}", target["legendFormat"])) <= labels_in(target["expr"]), panel["title"]


def test_what_may_have_a_line_for_each_of_a_thousand_models_shows_the_first_ten_or_as_many_as_are_chosen():
    for panel in PANELS:
        for target in panel["targets"]:
            if "by (model" in target["expr"]:
                assert target["expr"].startswith("topk(10,") or 'model=~"$model"' in target["expr"], panel["title"]


def test_panels_have_names_and_places_of_their_own():
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
    assert len({panel["title"] for panel in PANELS}) == len(PANELS)
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
    for panel in PANELS:
        assert panel["description"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_says_what_is_wrong_how_bad_it_is_and_what_to_do(rule):
    assert rule["labels"]["severity"] in {"critical", "warning"}
    assert rule["annotations"]["summary"].endswith(".")
    assert re.search(r"\. Next: \w", rule["annotations"]["description"])
    assert f"`{rule['alert']}`" in GUIDE
    for label in re.findall(r"\$labels\.(\w+)", str(rule["annotations"])):
        assert label in OF_THE_TARGET | labels_in(rule["expr"])


def test_alerts_have_names_of_their_own():
    assert len({rule["alert"] for rule in RULES}) == len(RULES)


def test_the_guide_lists_every_metric(told):
    ours = {re.sub(r"_(bucket|sum|count)$", "", name) for name in told if not name.endswith("_created")}
    assert {name for name in ours if f"`{name}" not in GUIDE} == set()


def test_an_expression_s_names_are_told_from_its_words_and_labels():
    expression = 'sum by (model, le) (rate(a_total{status=~"5..", code="x{y"}[5m])) / b{way="z"} > 0.5'
    assert metrics_in(expression) == {"a_total", "b"}
    assert labels_in(expression) == {"model", "le", "status", "code", "way"}
