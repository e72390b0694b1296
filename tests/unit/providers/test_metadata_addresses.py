"""Where nothing that people may name leads to."""

import pytest

from litemaas.providers.metadata_addresses import leads_to_metadata


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "fe80::1%eth0",
        "::ffff:169.254.169.254",
        "fd00:ec2::254",
        "100.100.100.200",
        "0.0.0.0",
        "ff02::1",
    ],
)
def test_link_local_addresses_and_those_of_metadata_are_known(address):
    assert leads_to_metadata(address)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.0.0.1", "172.30.0.1", "192.168.1.1", "fd00::1", "1.1.1.1"])
def test_an_organisation_s_own_addresses_are_not_among_them(address):
    assert not leads_to_metadata(address)
