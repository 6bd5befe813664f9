"""Numbers of AWS that more than one file of this folder needs. No SDK.

Owns      what is made or allowed how often; `limits.json` says where the limits are from.
"""

ENDPOINTS_WITH_EGRESS = 10
"""Interface endpoints of a cell whose way out is an allow-list; a test keeps it to what is made."""
LOAD_BALANCERS_PER_REGION = 50
"""Network Load Balancers of a region by default; a test keeps it to `limits.json`."""
