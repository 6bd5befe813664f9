"""The files that a console starts from: Kafbat's configuration as YAML, and a script that gathers authorities.

Owns      every setting that the section does not hold, and the reasons for it.
Refuses   passwords: Spring fills `${NAME}` from variables, and Kubernetes fills those from Secrets.
"""

from collections.abc import Mapping
from typing import Any

import yaml

from components.services.access import HttpAccess
from components.services.console import identity
from components.services.console.actions import WITHOUT_VALUE, provider
from components.services.console.spec import Auth, ConsoleSpec, Ldap, Login, OAuth2, Role
from components.services.contract import ServiceRequest
from components.services.workload import KAFKA_CA, TLS, SecretKey, java_client

FOLDER = "/etc/fleet"
AUTHORITIES = "/mnt/authorities"
STORE = "/tmp/services.p12"  # noqa: S108 - a path in the container
STORE_PASSWORD = "certificates"  # noqa: S105 - of public certificates; the format wants one
OTHERS = ("schema_registry", "connect", "ksqldb")
HEAP_SHARE = 0.6

_START = """\
set -eu
rm -f {store}
for authority in {authorities}/*/ca.crt; do
  [ -f "$authority" ] || continue
  name=$(basename "$(dirname "$authority")")
  if [ "$name" = login ]; then
    # The provider's authority is trusted beside the public ones, so it joins a copy of Java's own.
    cat "$JAVA_HOME/lib/security/cacerts" > /tmp/cacerts
    keytool -importcert -noprompt -alias "$name" -file "$authority" -keystore /tmp/cacerts -storepass changeit
    JAVA_OPTS="$JAVA_OPTS -Djavax.net.ssl.trustStore=/tmp/cacerts -Djavax.net.ssl.trustStorePassword=changeit"
  else
    keytool -importcert -noprompt -alias "$name" -file "$authority" \\
      -keystore {store} -storetype PKCS12 -storepass {password}
  fi
done
exec java --add-opens java.rmi/javax.rmi.ssl=ALL-UNNAMED $JAVA_OPTS -jar /api.jar
"""


def others(request: ServiceRequest) -> Mapping[str, HttpAccess]:
    """The cluster's services that the console shows, by key. A headless ksqlDB has nothing to show."""
    found = {key: request.http(key) for key in OTHERS}
    return {key: access for key, access in found.items() if access and access.url}


def authorities(request: ServiceRequest) -> Mapping[str, str]:
    """Folder in the container -> Secret, of every authority beyond Kafka's."""
    found = {f"{AUTHORITIES}/{key}": one.ca_secret for key, one in others(request).items() if one.ca_secret}
    if login := identity.console_spec(request).auth.ca_secret:
        found[f"{AUTHORITIES}/login"] = login
    return found


def _variable(key: str) -> str:
    return f"{key.upper()}_PASSWORD"


def _login(key: str, login: Login | None) -> dict[str, str]:
    return {"username": login.user, "password": f"${{{_variable(key)}}}"} if login else {}


def _cluster(request: ServiceRequest, spec: ConsoleSpec) -> dict[str, Any]:
    client, _ = java_client(identity.name(request))
    found: dict[str, Any] = {
        "name": request.cluster,
        "bootstrapServers": request.kafka.bootstrap,
        "readOnly": spec.mode == "read-only",
        "properties": {
            **client,
            "ssl.keystore.password": "${KAFKA_KEY_STORE_PASSWORD}",
            # Not PEM: the store below reaches Kafka's clients as well, and Kafka refuses a password beside a PEM file.
            "ssl.truststore.location": f"{KAFKA_CA}/ca.p12",
            "ssl.truststore.type": "PKCS12",
            "ssl.truststore.password": "${KAFKA_TRUST_STORE_PASSWORD}",
        },
        # Who changed what goes to the log. A topic for it would be one that nobody declared.
        "audit": {"topicAuditEnabled": False, "consoleAuditEnabled": True, "level": "ALTER_ONLY"},
    }
    known = others(request)
    if any(one.ca_secret for one in known.values()):
        found["ssl"] = {"truststoreLocation": STORE, "truststorePassword": STORE_PASSWORD}
    if registry := known.get("schema_registry"):
        found["schemaRegistry"] = registry.url
        if auth := _login("schema_registry", spec.logins.get("schema_registry")):
            found["schemaRegistryAuth"] = auth
    if ksqldb := known.get("ksqldb"):
        found["ksqldbServer"] = ksqldb.url
        if auth := _login("ksqldb", spec.logins.get("ksqldb")):
            found["ksqldbServerAuth"] = auth
    if connect := known.get("connect"):
        found["kafkaConnect"] = [
            {"name": connect.name, "address": connect.url, **_login("connect", spec.logins.get("connect"))}
        ]
    if spec.masks:
        found["masking"] = [
            {
                "type": mask.how.upper(),
                "fields": list(mask.fields),
                "topicKeysPattern": mask.topics,
                "topicValuesPattern": mask.topics,
            }
            for mask in spec.masks
        ]
    return found


def _oauth2(given: OAuth2) -> dict[str, Any]:
    client: dict[str, Any] = {
        "provider": given.provider,
        "clientId": given.client_id,
        "clientSecret": "${LOGIN_SECRET}",
        "scope": list(given.scopes),
        "user-name-attribute": given.user_name,
        "custom-params": {"type": given.provider},
    }
    if given.issuer:
        client["issuer-uri"] = given.issuer
    if given.redirect_uri:
        client["redirect-uri"] = given.redirect_uri
    if given.roles_claim:
        client["custom-params"]["roles-field"] = given.roles_claim
    return {"auth": {"type": "OAUTH2", "oauth2": {"client": {given.provider: client}}}}


def _ldap(given: Ldap) -> dict[str, Any]:
    directory: dict[str, Any] = {
        "urls": given.url,
        "user-filter-search-base": given.search_base,
        "user-filter-search-filter": given.search_filter,
    }
    if given.group_search_base is not None:
        directory["group-filter-search-base"] = given.group_search_base
    if given.bind_user:
        directory["admin-user"] = given.bind_user
        directory["admin-password"] = "${LOGIN_SECRET}"
    found: dict[str, Any] = {"auth": {"type": "LDAP"}, "spring": {"ldap": directory}}
    if given.active_directory_domain:
        found["oauth2"] = {"ldap": {"activeDirectory": True, "activeDirectory.domain": given.active_directory_domain}}
    return found


def _auth(auth: Auth) -> dict[str, Any]:
    if auth.type == "oauth2" and auth.oauth2:
        return _oauth2(auth.oauth2)
    if auth.type == "ldap" and auth.ldap:
        return _ldap(auth.ldap)
    return {"auth": {"type": "DISABLED"}}


def _role(request: ServiceRequest, role: Role, login: str) -> dict[str, Any]:
    return {
        "name": role.name,
        "clusters": [request.cluster],
        "subjects": [{"provider": login, "type": one.type, "value": one.value} for one in role.subjects],
        "permissions": [
            {
                "resource": one.resource,
                **({} if one.resource in WITHOUT_VALUE else {"value": one.value or ".*"}),
                "actions": list(one.actions),
            }
            for one in role.permissions
        ],
    }


def configuration(request: ServiceRequest) -> dict[str, Any]:
    """Kafbat's configuration."""
    spec = identity.console_spec(request)
    server: dict[str, Any] = {"port": identity.PORT, "forward-headers-strategy": "framework"}
    if spec.tls_secret:
        server["ssl"] = {
            "certificate": f"{TLS}/tls.crt",
            "certificate-private-key": f"{TLS}/tls.key",
            "enabled-protocols": ["TLSv1.3", "TLSv1.2"],
        }
    found: dict[str, Any] = {
        "server": server,
        # On a port of its own: Prometheus and the kubelet get in without a login and without the console's certificate.
        "management": {
            "server": {"port": identity.METRICS_PORT, "ssl": {"enabled": False}},
            "endpoint": {
                "health": {"probes": {"enabled": True}, "show-details": "never", "show-components": "never"},
            },
            "endpoints": {"web": {"exposure": {"include": "health,prometheus"}}},
        },
        "logging": {"level": {"io.kafbat.ui": "INFO"}},
        # A console that changes its own configuration is one that no review has seen.
        "dynamic": {"config": {"enabled": False}},
        "kafka": {"clusters": [_cluster(request, spec)]},
        **_auth(spec.auth),
    }
    if spec.roles:
        login = provider(spec.auth)
        found["rbac"] = {"roles": [_role(request, role, login) for role in spec.roles]}
    return found


def files(request: ServiceRequest) -> Mapping[str, str]:
    """Path in the container -> content."""
    return {
        f"{FOLDER}/kafka-ui.yaml": yaml.safe_dump(configuration(request), sort_keys=True),
        f"{FOLDER}/start.sh": _START.format(store=STORE, password=STORE_PASSWORD, authorities=AUTHORITIES),
    }


def environment(request: ServiceRequest) -> Mapping[str, str | SecretKey]:
    """Variables of the container, passwords by reference."""
    spec = identity.console_spec(request)
    heap = int(spec.memory_mib * HEAP_SHARE)
    found: dict[str, str | SecretKey] = {
        "SPRING_CONFIG_ADDITIONALLOCATION": f"file:{FOLDER}/kafka-ui.yaml",
        "JAVA_OPTS": f"-Xms{heap}m -Xmx{heap}m",
        "KAFKA_KEY_STORE_PASSWORD": java_client(identity.name(request))[1],
        "KAFKA_TRUST_STORE_PASSWORD": SecretKey(request.kafka.ca_secret, "ca.password"),
    }
    auth = spec.auth
    secret = auth.oauth2.client_secret if auth.oauth2 else auth.ldap.bind_password if auth.ldap else None
    if secret:
        found["LOGIN_SECRET"] = SecretKey(secret.secret, secret.key)
    for key, login in spec.logins.items():
        found[_variable(key)] = SecretKey(login.password.secret, login.password.key)
    return found
