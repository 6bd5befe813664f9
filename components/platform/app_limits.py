"""What the objects of an app's stack may hold: the second half of its rights, which RBAC cannot say.

Owns      the validations of a ValidatingAdmissionPolicy in CEL, one law each, for the cell's `apps` principal.
Refuses   every way from that principal to a Secret's content: a Role may only name Secrets, and no CA; a binding only
          gives to Connect's workers; a Job mounts no Secret; what External Secrets copies is named, and no CA, and goes
          where the fleet's names lead. Who steals the credential of an app's CI still reads no password.
"""

from dataclasses import dataclass

ROLE_PREFIX = "kafka-fleet-app-"
"""What Roles, bindings and ServiceAccounts of apps are called; `components.apps.naming` gives these names."""

_CA = "^.*-(cluster-ca|clients-ca|ca)(-cert|-key)?$"
"""Secrets of the operator's certificate authorities, by name."""


@dataclass(frozen=True)
class Law:
    """One validation. `expression` is CEL and true where the law is kept, for objects of other kinds too."""

    expression: str
    message: str


def _of(resources: str, law: str) -> str:
    """The law, for some kinds only. There is no object to judge in a deletion."""
    return f"!(request.resource.resource in {resources}) || request.operation == 'DELETE' || ({law})"


_NAMED = Law(
    "!(request.resource.resource in ['roles', 'rolebindings', 'serviceaccounts']) || "
    f"request.name.startsWith('{ROLE_PREFIX}')",
    f"an app's stack may only change roles, bindings and service accounts called {ROLE_PREFIX}*",
)

_ROLES = Law(
    _of(
        "['roles']",
        "has(object.rules) && object.rules.all(r, "
        "has(r.apiGroups) && r.apiGroups == [''] && has(r.resources) && r.resources == ['secrets'] && "
        "r.verbs == ['get'] && has(r.resourceNames) && size(r.resourceNames) > 0 && "
        f"r.resourceNames.all(n, n.contains('.') && !n.matches('{_CA}')))",
    ),
    "a role of an app's stack may only get Secrets that it names, of users and apps and of no certificate authority",
)

_BINDINGS = Law(
    _of(
        "['rolebindings']",
        "object.roleRef.kind == 'Role' && object.roleRef.name == object.metadata.name && has(object.subjects) && "
        "object.subjects.all(s, s.kind == 'ServiceAccount' && s.name.endsWith('-connect') && "
        "has(s.namespace) && s.namespace == request.namespace)",
    ),
    "a role of an app's stack may only be given to Connect's workers in the same namespace",
)

_JOBS = Law(
    _of(
        "['jobs']",
        "has(object.spec.template.spec.automountServiceAccountToken) && "
        "object.spec.template.spec.automountServiceAccountToken == false && "
        "(!has(object.spec.template.spec.serviceAccountName) || "
        "object.spec.template.spec.serviceAccountName in ['', 'default']) && "
        "!has(object.spec.template.spec.initContainers) && !has(object.spec.template.spec.imagePullSecrets) && "
        "(!has(object.spec.template.spec.volumes) || object.spec.template.spec.volumes.all(v, "
        "has(v.configMap) || has(v.emptyDir) || (has(v.secret) && has(v.secret.items) && "
        "v.secret.items.all(i, i.key == 'ca.crt')))) && "
        "object.spec.template.spec.containers.all(c, !has(c.envFrom) && "
        "(!has(c.env) || c.env.all(e, !has(e.valueFrom))))",
    ),
    "a job of an app's stack runs without a service account and sees no Secret but a certificate",
)

_PUSHES = Law(
    _of(
        "['pushsecrets']",
        "has(object.spec.selector.secret) && has(object.spec.selector.secret.name) && "
        "!has(object.spec.selector.secret.selector) && !has(object.spec.template) && "
        # A user's Secret, or of the namespace's own cluster the certificate alone.
        f"((object.spec.selector.secret.name.contains('.') && "
        f"!object.spec.selector.secret.name.matches('{_CA}')) || "
        "('kafka-' + object.spec.selector.secret.name == request.namespace + '-cluster-ca-cert' && "
        "has(object.spec.data) && "
        "object.spec.data.all(d, has(d.match.secretKey) && d.match.secretKey == 'ca.crt'))) && "
        "!has(object.spec.dataTo) && has(object.spec.data) && object.spec.deletionPolicy == 'None' && "
        "object.spec.data.all(d, d.match.remoteRef.remoteKey.startsWith(request.namespace + '-')) && "
        "object.spec.secretStoreRefs.all(s, has(s.name) && !has(s.labelSelector))",
    ),
    "what an app's stack delivers are the credentials of users, under names that begin with the cluster's namespace",
)

_STORES = Law(
    _of(
        "['secretstores']",
        "has(object.spec.provider.kubernetes) && has(object.spec.provider.kubernetes.remoteNamespace) && "
        "!object.spec.provider.kubernetes.remoteNamespace.startsWith('kafka-') && "
        # The API server fills in this default of the CRD before it asks.
        "has(object.spec.provider.kubernetes.server) && (!has(object.spec.provider.kubernetes.server.url) || "
        "object.spec.provider.kubernetes.server.url == 'kubernetes.default') && "
        "has(object.spec.provider.kubernetes.auth) && has(object.spec.provider.kubernetes.auth.serviceAccount) && "
        "!has(object.spec.provider.kubernetes.auth.token) && !has(object.spec.provider.kubernetes.auth.cert) && "
        f"object.spec.provider.kubernetes.auth.serviceAccount.name.startsWith('{ROLE_PREFIX}')",
    ),
    "a store of an app's stack leads to a namespace of the same Kubernetes, as a service account of the app's",
)

_FETCHED = Law(
    _of(
        "['externalsecrets']",
        "has(object.spec.target) && has(object.spec.target.name) && object.spec.target.name.endsWith('.from.store') && "
        "!has(object.spec.target.template) && !has(object.spec.data) && has(object.spec.dataFrom) && "
        "object.spec.dataFrom.all(d, has(d.extract) && d.extract.key.startsWith(request.namespace + '-'))",
    ),
    "what an app's stack fetches has a name that begins with the cluster's namespace, and becomes a Secret of the app",
)

_SUBRESOURCES = Law(
    "request.resource.resource in ['configmaps', 'externalsecrets', 'jobs', 'kafkaconnectors', 'kafkatopics', "
    "'kafkausers', 'pushsecrets', 'rolebindings', 'roles', 'secretstores', 'serviceaccounts'] && "
    "(!has(request.subResource) || request.subResource == '')",
    "an app's stack writes only the kinds of objects that apps have",
)

LAWS = (_SUBRESOURCES, _NAMED, _ROLES, _BINDINGS, _JOBS, _PUSHES, _STORES, _FETCHED)
