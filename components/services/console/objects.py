"""All Kubernetes objects of one console, in the order in which they must exist.

Owns      what a pod is: its program, whom it talks to, who may talk to it.
Refuses   pods, budgets and policies as such: `components.services.workload_objects` makes those for every service.
Identity  the roles are logical names, so part of every URN.
"""

from collections.abc import Mapping, Sequence

from components.services.access import HttpAccess
from components.services.console import identity, settings
from components.services.console.spec import Auth
from components.services.contract import Manifest, ServiceRequest
from components.services.images import pulled
from components.services.kafka_user import kafka_user
from components.services.workload import Destination, Probe, Workload
from components.services.workload_objects import manifests

_PORTS = {"http": 80, "https": 443, "ldap": 389, "ldaps": 636}


def port_of(url: str) -> int:
    """The port of an address, said or by its scheme."""
    scheme, _, rest = url.partition("://")
    port = rest.partition("/")[0].rpartition(":")[2]
    return int(port) if port.isdecimal() else _PORTS[scheme]


def _login(auth: Auth) -> tuple[Destination, ...]:
    if not auth.cidrs:
        return ()
    url = auth.ldap.url if auth.ldap else (auth.oauth2.issuer if auth.oauth2 else None)
    return (Destination(port_of(url or "https://"), cidrs=auth.cidrs),)


def workload(request: ServiceRequest) -> Workload:
    """The pods."""
    spec, name = identity.console_spec(request), identity.name(request)
    services = tuple(Destination(port_of(one.url), dict(one.pods)) for one in settings.others(request).values())
    return Workload(
        name=name,
        image=pulled(identity.image(spec), request.place),
        port=identity.PORT,
        replicas=spec.replicas,
        cpu=spec.cpu,
        memory_mib=spec.memory_mib,
        probe=Probe("/actuator/health/readiness", "/actuator/health/liveness", 180, port=identity.METRICS_PORT),
        tls_secret=spec.tls_secret or "",
        metrics_port=identity.METRICS_PORT,
        command=("/bin/sh", f"{settings.FOLDER}/start.sh"),
        environment=settings.environment(request),
        files=settings.files(request),
        secrets=settings.authorities(request),
        kafka_user=name,
        egress=(*services, *_login(spec.auth)),
        clients=({},) if spec.open_to == "cluster" else (),
        anyone=spec.open_to == "cell",
        # Who is logged in is known to one pod only.
        sticky=True,
    )


def objects(request: ServiceRequest) -> Sequence[Manifest]:
    """The objects of a request."""
    user = kafka_user(request, identity.name(request), identity.grants(request))
    return [Manifest("kafka-user", user), *manifests(request, workload(request), after=("kafka-user",))]


def publish(request: ServiceRequest) -> HttpAccess:
    """How others reach it."""
    spec = identity.console_spec(request)
    return HttpAccess(
        name=identity.name(request),
        url=identity.base_url(request),
        pods=workload(request).pods,
        ca_secret=spec.tls_secret or "",
    )


def endpoints(request: ServiceRequest) -> Mapping[str, str]:
    """Where people go, from inside Kubernetes."""
    return {"console": identity.base_url(request)}
