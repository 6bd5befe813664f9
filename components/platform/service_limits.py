"""What rights a service's stack may give: those that one service needs of another's Secrets, by name.

Owns      the validations of a ValidatingAdmissionPolicy in CEL for the cell's `services` principal.
Refuses   rights over anything but named Secrets, the keys of certificate authorities, and bindings to anyone but
          ServiceAccounts of clusters. A stack's other objects are the services' own affair: who may make Deployments
          in a namespace can mount what is in it.
"""

from components.platform.app_limits import Law

_KEYS = "^.*-(cluster-ca|clients-ca|ca)(-key)?$"
"""Secrets with the keys of the operator's authorities. Their certificates (`…-cert`) are public."""


def _of(resource: str, law: str) -> str:
    return f"request.resource.resource != '{resource}' || request.operation == 'DELETE' || ({law})"


LAWS = (
    Law(
        _of(
            "roles",
            "has(object.rules) && object.rules.all(r, has(r.apiGroups) && r.apiGroups == [''] && has(r.resources) && "
            "r.resources == ['secrets'] && r.verbs == ['get'] && has(r.resourceNames) && size(r.resourceNames) > 0 && "
            f"r.resourceNames.all(n, !n.matches('{_KEYS}')))",
        ),
        "a role of a service's stack may only get Secrets that it names, and no key of a certificate authority",
    ),
    Law(
        _of(
            "rolebindings",
            "object.roleRef.kind == 'Role' && object.roleRef.name == object.metadata.name && has(object.subjects) && "
            "object.subjects.all(s, s.kind == 'ServiceAccount' && has(s.namespace) && "
            "s.namespace.startsWith('kafka-') && !(s.name in ['', 'default']))",
        ),
        "a role of a service's stack may only be given to a service account of its own in a namespace of a cluster",
    ),
)
