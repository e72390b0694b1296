"""Addresses where clouds answer whoever asks with credentials: nothing that people may name leads there (SSRF)."""

import ipaddress

_METADATA = frozenset(
    ipaddress.ip_address(address)
    for address in (
        "fd00:ec2::254",  # Amazon, by IPv6
        "100.100.100.200",  # Alibaba
        "192.0.0.192",  # Oracle
        "168.63.129.16",  # Azure
    )
)


def leads_to_metadata(address: str) -> bool:
    """Tell whether an IP address is link-local, a metadata service's, or none of a single host."""
    found = ipaddress.ip_address(address.partition("%")[0])
    plain = getattr(found, "ipv4_mapped", None) or found
    return plain.is_link_local or plain.is_multicast or plain.is_unspecified or plain in _METADATA
