"""IP addresses as the pattern engine reads them: only texts made of digits and dots, or of hex digits and colons."""

from __future__ import annotations

import re
from ipaddress import IPv6Address

IPV4 = re.compile(r"([0-9]+)\.([0-9]+)\.([0-9]+)\.([0-9]+)", re.ASCII)
IPV4_LENGTH_MAX = 15
"""Longer texts are no address to Java, however many zeros an IPv4 address may begin its parts with."""
IPV6 = re.compile(r"[0-9a-fA-F:]*:[0-9a-fA-F:]*", re.ASCII)


def parse_address(text: str) -> bytes | None:
    r"""An address as 4 or 16 bytes, or None; an IPv4 address written as IPv6 (::ffff:102:304) is an IPv4 address.

    Source: aws/event-ruler, CIDR, which asks Java's InetAddress.

    >>> parse_address("10.0.0.7")
    b'\n\x00\x00\x07'
    """
    found = IPV4.fullmatch(text)
    if found and len(text) <= IPV4_LENGTH_MAX:
        parts = [int(part) for part in found.groups()]
        return bytes(parts) if max(parts) < 256 else None
    if IPV6.fullmatch(text):
        return _parse_ipv6(text)
    return None


def _parse_ipv6(text: str) -> bytes | None:
    try:
        address = IPv6Address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped
    return mapped.packed if mapped else address.packed
