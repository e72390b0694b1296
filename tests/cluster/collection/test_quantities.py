"""Quantities, as Kubernetes writes them."""

import pytest
from ansible_collections.rhpds.litemaas.plugins.module_utils.errors import ClusterError
from ansible_collections.rhpds.litemaas.plugins.module_utils.quantities import amount


@pytest.mark.parametrize(
    ("quantity", "number"),
    [
        ("1Gi", 1024**3),
        ("0.5Gi", 2**29),
        ("1Ei", 1024**6),
        ("1500M", 1_500_000_000),
        ("2E", 2 * 10**18),
        ("1e3", 1000),
        ("250m", 0.25),
        ("100u", 0.0001),
        (".5", 0.5),
        (2, 2),
        ("7", 7),
    ],
)
def test_quantities_are_read_as_kubernetes_writes_them(quantity, number):
    assert float(amount(quantity)) == number


@pytest.mark.parametrize("quantity", ["", "10 GiB", "-1Gi", "10GB", "1e3Mi", "much"])
def test_what_is_no_quantity_is_refused(quantity):
    with pytest.raises(ClusterError, match="is no quantity: write memory and volumes like 10Gi"):
        amount(quantity)
