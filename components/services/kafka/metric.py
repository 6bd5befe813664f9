"""How a series of one cluster is written in PromQL.

Owns      selectors: every query about a cluster names its namespace.
Refuses   the data source: whose Prometheus reads it is monitoring's.
"""

from dataclasses import dataclass

from components.services.contract import ServiceRequest


@dataclass(frozen=True)
class Metrics:
    """Selectors of one cluster's series."""

    cluster: str
    namespace: str

    def of(self, metric: str, *matchers: str) -> str:
        """Series of a metric in the cluster's namespace, e.g. `of("up", 'container="kafka"')`."""
        inside = ", ".join((f'namespace="{self.namespace}"', *matchers))
        return f"{metric}{{{inside}}}"

    def operators(self, metric: str) -> tuple[str, str]:
        """Series of Strimzi's operators about the cluster's namespace, in the two ways in which they may be stored.

        Their own label `namespace` becomes `exported_namespace` where Prometheus adds one of its own, the pod's.
        """
        return f'{metric}{{exported_namespace="{self.namespace}"}}', self.of(metric)

    @property
    def certificates(self) -> str:
        """When the cluster's certificate authorities end, in ms since 1970, as the cluster operator says it."""
        return f'strimzi_certificate_expiration_timestamp_ms{{resource_namespace="{self.namespace}"}}'

    @property
    def brokers(self) -> str:
        """Matcher of the brokers' pods."""
        return f'pod=~"{self.cluster}-broker-[0-9]+"'

    @property
    def controllers(self) -> str:
        """Matcher of the controllers' pods."""
        return f'pod=~"{self.cluster}-controller-[0-9]+"'

    @property
    def broker_volumes(self) -> str:
        """Matcher of the brokers' volume claims, as Strimzi names them."""
        return f'persistentvolumeclaim=~"data-[0-9]+-{self.cluster}-broker-[0-9]+"'

    @property
    def volumes(self) -> str:
        """Matcher of all volume claims of brokers and controllers."""
        return f'persistentvolumeclaim=~"data-[0-9]+-{self.cluster}-(broker|controller)-[0-9]+"'


def metrics(request: ServiceRequest) -> Metrics:
    """Selectors of the request's cluster."""
    return Metrics(request.cluster, request.namespace)
