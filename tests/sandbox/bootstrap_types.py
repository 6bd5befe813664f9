"""Types that only a bootstrap makes, and no cell: tests/sandbox/test_bootstrap_laws.py and tests/engine have them."""

from sandbox.clouds.aws import federation, s3
from sandbox.clouds.azure import blobs, custom_roles, locks
from sandbox.clouds.gcp import buckets
from sandbox.clouds.gcp import federation as pools

AWS = frozenset(model.token for service in (s3, federation) for model in service.TYPES)
AZURE = frozenset(model.token for service in (blobs, custom_roles, locks) for model in service.TYPES)
GCP = frozenset(model.token for service in (buckets, pools) for model in service.TYPES)
