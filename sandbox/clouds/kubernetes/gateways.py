"""Laws of gateways: what a GatewayClass and a Gateway need to be looked after.

Owns      controller and settings of a class; class, ports and protocols of a gateway; the routes that a listener takes.
Refuses   to be the controller: an API server takes most of what is refused here, and says so in a status at most.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.clouds.kubernetes.gateway_crds import CLASS, PROXY, released
from sandbox.clouds.kubernetes.wire import at, items
from sandbox.contract import UNKNOWN, Refusal, Request, World

CONTROLLER = "gateway.envoyproxy.io/gatewayclass-controller"
CONTROLLER_CHART = "gateway-helm"
_PROTOCOLS = {"TLS": "TLSRoute", "TCP": "TCPRoute", "HTTP": "HTTPRoute", "HTTPS": "HTTPRoute", "UDP": "UDPRoute"}

Path = tuple[str | int, ...]


def law(code: str, path: Path, why: str) -> Refusal:
    """A law that is broken."""
    return Refusal("law", code, why, path)


def of_class(request: Request, world: World) -> Iterable[Refusal]:
    """A class has a controller, and the settings that it names."""
    if request.operation not in {"create", "update"}:
        return
    controller = at(request.inputs, "spec", "controllerName")
    if released(request, world, CONTROLLER_CHART) is None or controller != CONTROLLER:
        why = f"spec.controllerName: nobody in this cluster is '{controller}'"
        yield law("no-controller", ("spec", "controllerName"), why)
    settings = at(request.inputs, "spec", "parametersRef")
    if isinstance(settings, Mapping):
        name, namespace = settings.get("name"), settings.get("namespace")
        if world.find(PROXY, f"{namespace}/{name}", request.scope) is None:
            why = (
                f"spec.parametersRef: {settings.get('kind')} {namespace}/{name} does not exist: nobody takes the class"
            )
            yield law("InvalidParameters", ("spec", "parametersRef"), why)


def kinds(listener: Mapping[str, Any]) -> set[str]:
    """The kinds of route that a listener takes."""
    stated = {str(one.get("kind")) for one in items(at(listener, "allowedRoutes", "kinds"))}
    possible = {_PROTOCOLS.get(str(listener.get("protocol")), "")}
    return stated & possible if stated else possible


def of_gateway(request: Request, world: World) -> Iterable[Refusal]:
    """A gateway has a class; its listeners have what their protocol needs, and no two share a port by protocol."""
    if request.operation == "delete":
        return
    ports: dict[tuple[Any, Any], list[Mapping[str, Any]]] = {}
    for index, listener in enumerate(items(at(request.inputs, "spec", "listeners"))):
        path: Path = ("spec", "listeners", index)
        name, port, protocol = (listener.get(key) for key in ("name", "port", "protocol"))
        others = ports.setdefault((port, "UDP" if protocol == "UDP" else "TCP"), [])
        for other in () if port is UNKNOWN else others:
            # By host name several may share a port, as long as they speak alike.
            if other.get("protocol") != protocol or other.get("hostname") == listener.get("hostname"):
                why = f"port {port} is already that of listener '{other.get('name')}'"
                yield law("listener-conflict", (*path, "port"), why)
        others.append(listener)
        if (
            protocol == "TLS"
            and at(listener, "tls", "mode") != "Passthrough"
            and not at(listener, "tls", "certificateRefs")
        ):
            yield law("listener-tls", (*path, "tls"), f"listener '{name}' ends TLS and has no certificate")
        if not kinds(listener):
            why = f"listener '{name}': protocol {protocol} takes {_PROTOCOLS.get(str(protocol))} only"
            yield law("InvalidRouteKinds", (*path, "allowedRoutes", "kinds"), why)
    named = at(request.inputs, "spec", "gatewayClassName")
    if request.operation != "check" and named is not UNKNOWN and world.find(CLASS, str(named), request.scope) is None:
        why = f"spec.gatewayClassName: no GatewayClass '{named}': nobody looks after the gateway"
        yield law("no-gateway-class", ("spec", "gatewayClassName"), why)
