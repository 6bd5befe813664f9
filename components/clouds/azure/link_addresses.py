"""The addresses of private endpoints.

Owns      which address of a range a link gets: a function of the link's name, so that adding or removing a link moves
          no other.
Refuses   Pulumi: `room.py` looks for two links with one address before anything is made.
Identity  names that lead to the endpoint hold the address.
"""

import hashlib
import ipaddress

RESERVED = 5
"""Addresses of each subnet that Azure keeps: the first four and the last."""


def address(range: str, link: str) -> str:
    """The address of a link's endpoint in a range."""
    subnet = ipaddress.IPv4Network(range)
    number = int.from_bytes(hashlib.sha256(link.encode()).digest()[:8], "big")
    return str(subnet[4 + number % (subnet.num_addresses - RESERVED)])
