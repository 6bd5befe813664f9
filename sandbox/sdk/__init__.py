"""The vendors' own Python SDKs as judges of types and inputs."""
