"""Tokens of a company's identity provider as the way into a listener (OAUTHBEARER).

Owns      the settings, and what of them goes into the listener, the brokers' JVM and their pods.
Refuses   a client of its own: brokers only check tokens, with the provider's public keys, so they need no secret.
          Strimzi's own handler: Kafka's is in every Kafka, and its settings are in Kafka's tables.
"""

from typing import Any
from urllib.parse import urlsplit

from pydantic import Field

from components.model import Cidr, Items, Spec

HANDLER = "org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallbackHandler"
MODULE = "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule"
ALLOWED_URLS = "org.apache.kafka.sasl.oauthbearer.allowed.urls"
"""Since 4.0 a broker asks no URL that this system property of its JVM does not hold."""


class SecretRef(Spec):
    """One key of a Secret in the cluster's namespace."""

    secret: str = Field(pattern=r"^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$", description="Name of the Secret.")
    key: str = Field(pattern=r"^[A-Za-z0-9._-]{1,253}$", description="Key in it.")


class Oauth(Spec):
    """Whose tokens a listener takes, and what in them says who the client is."""

    issuer: str = Field(
        pattern=r"^https://\S+$", description="The token's `iss` must be this, to the letter: a final slash counts."
    )
    jwks_url: str = Field(
        pattern=r"^https://[A-Za-z0-9.-]+(:\d+)?/\S*$",
        description="Where the identity provider publishes the public keys of its signatures. Brokers ask it at start "
        "and once an hour.",
    )
    audience: str = Field(
        pattern=r"^[^\s,]+$",
        description="The token's `aud` must hold this, so that a token for another system opens no door here.",
    )
    username_claim: str = Field(
        default="sub",
        pattern=r"^[A-Za-z0-9_.:/-]{1,128}$",
        description="Claim that holds the Kafka user's name, to which ACLs are given. Whoever decides over its value "
        "at the identity provider decides who is who here, super users included.",
    )
    reauthenticate_s: int = Field(
        default=3600,
        ge=60,
        le=86_400,
        description="Seconds after which a connection must show a valid token again, or is closed. A token's own end "
        "counts where it is earlier.",
    )
    ca: SecretRef | None = Field(
        default=None,
        description="Certificates (PEM) that the identity provider's own one is checked with. By default those that "
        "the image's Java trusts.",
    )
    cidrs: Items[Cidr] = Field(
        default=(),
        description="Where the identity provider is: brokers may speak to these addresses on the port of `jwks_url`. "
        "None means any address on that port.",
    )


def port(oauth: Oauth) -> int:
    """Port of the identity provider."""
    return urlsplit(oauth.jwks_url).port or 443


def _mount(listener: str) -> str:
    # Strimzi takes additional volumes below /mnt only.
    return f"/mnt/oauth-{listener}"


def authentication(listener: str, oauth: Oauth) -> dict[str, Any]:
    """`authentication` of a Strimzi listener. Strimzi prefixes every key with `listener.name.<name>-<port>.`."""
    module = f"{MODULE} required"
    if oauth.ca is not None:
        # With any option the broker's own login, which nobody uses here, wants a subject too.
        module += (
            f' unsecuredLoginStringClaim_sub="broker" ssl.truststore.type="PEM"'
            f' ssl.truststore.location="{_mount(listener)}/{oauth.ca.key}"'
        )
    return {
        "type": "custom",
        "sasl": True,
        "listenerConfig": {
            "oauthbearer.connections.max.reauth.ms": oauth.reauthenticate_s * 1000,
            "oauthbearer.sasl.jaas.config": f"{module};",
            "oauthbearer.sasl.server.callback.handler.class": HANDLER,
            "sasl.enabled.mechanisms": "OAUTHBEARER",
            "sasl.oauthbearer.expected.audience": oauth.audience,
            "sasl.oauthbearer.expected.issuer": oauth.issuer,
            "sasl.oauthbearer.jwks.endpoint.url": oauth.jwks_url,
            "sasl.oauthbearer.sub.claim.name": oauth.username_claim,
        },
    }


def system_properties(listeners: dict[str, Oauth]) -> list[dict[str, str]]:
    """System properties of the brokers' JVM."""
    urls = sorted({oauth.jwks_url for oauth in listeners.values()})
    return [{"name": ALLOWED_URLS, "value": ",".join(urls)}] if urls else []


def volumes(listeners: dict[str, Oauth]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Volumes of the brokers' pods and where their containers see them: certificates of identity providers."""
    own = {name: oauth.ca for name, oauth in sorted(listeners.items()) if oauth.ca is not None}
    return (
        [{"name": f"oauth-{name}", "secret": {"secretName": ca.secret}} for name, ca in own.items()],
        [{"name": f"oauth-{name}", "mountPath": _mount(name)} for name in own],
    )
