"""Kafbat's words for people, things and what may be done with them.

Owns      which subjects a login knows, which actions a resource has, and which of those a mode lets through.
Refuses   actions on what the fleet declares (topics, ACLs, broker settings): no mode lets them through.
Source    kafbat/kafka-ui, `io.kafbat.ui.model.rbac`, and its documentation of identity providers.
"""

from collections.abc import Mapping

from components.services.console.spec import Auth

SUBJECTS: Mapping[str, frozenset[str]] = {
    "oauth": frozenset({"user", "role"}),
    "oauth_google": frozenset({"user", "domain"}),
    "oauth_github": frozenset({"user", "organization", "team"}),
    "oauth_cognito": frozenset({"user", "group"}),
    "ldap": frozenset({"user", "group"}),
    "ldap_ad": frozenset({"user", "group"}),
}

ACTIONS: Mapping[str, frozenset[str]] = {
    "clusterconfig": frozenset({"view", "edit"}),
    "topic": frozenset(
        {"view", "create", "edit", "delete", "messages_read", "messages_produce", "messages_delete"},
    ),
    "consumer": frozenset({"view", "delete", "reset_offsets"}),
    "schema": frozenset({"view", "create", "delete", "edit", "modify_global_compatibility"}),
    "connect": frozenset({"view", "edit", "create", "delete", "operate", "reset_offsets"}),
    "ksql": frozenset({"execute"}),
    "acl": frozenset({"view", "edit"}),
}

WITHOUT_VALUE = frozenset({"clusterconfig", "ksql", "acl"})
"""Resources of which there is one: a permission names none."""

LOOKING = frozenset({"view", "messages_read"})

DECLARED: Mapping[str, frozenset[str]] = {
    "clusterconfig": frozenset({"edit"}),
    "topic": frozenset({"create", "edit", "delete", "messages_delete"}),
    "acl": frozenset({"edit"}),
}
"""What would change things that the fleet declares."""


def provider(auth: Auth) -> str:
    """Kafbat's name of a login, in the subjects of roles; empty where nobody logs in."""
    if auth.type == "ldap" and auth.ldap:
        return "ldap_ad" if auth.ldap.active_directory_domain else "ldap"
    if auth.type == "oauth2" and auth.oauth2:
        kind = auth.oauth2.provider
        return "oauth" if kind == "oauth" else f"oauth_{kind}"
    return ""


def allowed(resource: str, mode: str) -> frozenset[str]:
    """Actions on a resource that a console of that mode can carry out."""
    known = ACTIONS[resource] - DECLARED.get(resource, frozenset())
    return known if mode == "operate" else known & LOOKING
