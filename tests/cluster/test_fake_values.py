import pytest

from cluster.fake.values import canonical_quantity, quantity


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("1", "1"),
        ("1000m", "1"),
        ("0.5", "500m"),
        ("1500m", "1500m"),
        (2, "2"),
        ("1024Mi", "1Gi"),
        ("1.5Gi", "1536Mi"),
        ("512", "512"),
        ("1024", "1024"),
        ("1000k", "1M"),
        ("1e3", "1k"),
        ("0", "0"),
    ],
)
def test_a_quantity_has_one_spelling(written, stored):
    assert canonical_quantity(written) == stored


@pytest.mark.parametrize("text", ["", "much", "1Mb", "1 Gi x", "1.2.3"])
def test_what_is_no_quantity_is_refused(text):
    with pytest.raises(ValueError, match="quantity"):
        canonical_quantity(text)


def test_quantities_are_compared_by_their_amount():
    assert quantity("1Gi") > quantity("1G") > quantity("999M")
    assert quantity("100m") < quantity("0.2")
