"""The addresses that a cell fixes itself, because names lead to them.

Owns      which address of a subnet the gateway's load balancer and each private endpoint get.
Refuses   Pulumi: `check.py` looks for two with one address before anything is made.
Identity  clients' firewalls and DNS records hold them.
"""

import hashlib
import ipaddress

RESERVED = 5
"""Addresses of each subnet that Azure keeps: the first four and the last."""

LONGEST = 29
"""The smallest subnet that Azure makes."""


def front(range: str) -> str:
    """The gateway's: the fourth last of a subnet. Azure gives out the others from the beginning."""
    return str(ipaddress.IPv4Network(range)[-4])


def endpoint(range: str, link: str) -> str:
    """A link's endpoint's: it follows from the link's name alone, so that adding or removing a link moves no other."""
    subnet = ipaddress.IPv4Network(range)
    number = int.from_bytes(hashlib.sha256(link.encode()).digest()[:8], "big")
    return str(subnet[4 + number % (subnet.num_addresses - RESERVED)])
