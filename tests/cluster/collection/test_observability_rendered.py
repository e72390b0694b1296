"""The shipped alerts and dashboard, as the role hands them to a cluster: word for word."""

import json
import shutil

import yaml
from ansible_collections.rhpds.litemaas.plugins.module_utils import instances
from collection_support import ROOT, render

FILES = ("alerts.yml", "grafana-dashboard.json")
LARGEST_OBJECT = 2**20
"""Of a ConfigMap, in bytes (Kubernetes: "the data stored in a ConfigMap cannot exceed 1 MiB")."""


def test_what_prometheus_and_grafana_fill_in_is_left_to_them(tmp_path):
    for name in FILES:
        shutil.copy2(ROOT / "observability" / name, tmp_path)
    single = [instances.single("litemaas", "apps.cluster.example", "rhpds")]
    manifests = {one["kind"]: one for one in render(tmp_path, single, monitoring_kinds=True)}
    alerts, dashboard = ((ROOT / "observability" / name).read_text() for name in FILES)
    assert manifests["PrometheusRule"]["spec"] == yaml.safe_load(alerts)
    shown = manifests["ConfigMap"]["data"]["litemaas.json"]
    assert json.loads(shown) == json.loads(dashboard)
    assert len(shown.encode()) < LARGEST_OBJECT
