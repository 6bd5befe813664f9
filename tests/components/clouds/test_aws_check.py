"""What only AWS refuses in a cell's file."""

from typing import Any

import pytest

from components.clouds.aws.check import check
from tests.components.clouds.test_aws_existing import EXISTING
from tests.components.clouds.test_aws_room import spec

SERVICE = "com.amazonaws.vpce.eu-central-1.vpce-svc-0123456789abcdef0"
HUB = {"id": "tgw-0123456789abcdef0", "cidrs": ["10.200.0.0/16"]}
OUT = {"allowed_cidrs": ["203.0.113.0/24"]}
OVER_HUB: dict[str, Any] = {"reachability": "hub", "hub": HUB}


@pytest.mark.parametrize(
    ("network", "code", "path"),
    [
        ({"existing": EXISTING, "egress": OUT}, "egress-existing", ("network", "egress")),
        (
            {**OVER_HUB, "hub": {**HUB, "cidrs": ["10.200.0.0/16", "0.0.0.0/0"]}},
            "hub-default-route",
            ("network", "hub", "cidrs", 1),
        ),
        (
            {**OVER_HUB, "egress": {"allowed_cidrs": ["203.0.113.0/24", "10.200.0.0/16"]}},
            "egress-joined",
            ("network", "egress", "allowed_cidrs", 1),
        ),
        (
            {"links": {"shared": {"service": SERVICE, "cell": "aws-euc1-prod"}}},
            "link-region",
            ("network", "links", "shared", "service"),
        ),
        (
            {"existing": {**EXISTING, "services": "100.64.0.0/20"}},
            "services-range",
            ("network", "existing", "services"),
        ),
        ({"existing": {**EXISTING, "services": "10.9.0.0/26"}}, "services-range", ("network", "existing", "services")),
    ],
)
def test_what_aws_refuses_is_told_where_it_stands(network: dict[str, Any], code: str, path: tuple[Any, ...]) -> None:
    (found,) = check(spec(network))
    assert (found.code, found.path) == (code, path)
    assert found.hint or found.allowed


@pytest.mark.parametrize(
    "network",
    [
        {},
        {"existing": {**EXISTING, "services": "10.9.0.0/20"}},
        {**OVER_HUB, "egress": OUT},
        # The routes of an existing network are the company's: the default may well be the hub.
        {**OVER_HUB, "existing": EXISTING, "hub": {**HUB, "cidrs": ["0.0.0.0/0"]}},
        # Others may offer a service in several regions.
        {"links": {"vendor": {"service": SERVICE, "dns_zone": "kafka.vendor.example"}}},
    ],
)
def test_what_aws_does_is_not_refused(network: dict[str, Any]) -> None:
    assert list(check(spec(network))) == []
