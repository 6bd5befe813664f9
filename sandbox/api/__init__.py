"""The clouds' own published API models as judges of requests."""
