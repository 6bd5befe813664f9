"""The place of a private runner inside of a cell: where jobs reach a Kubernetes API that no network outside reaches.

Owns      a namespace of its own with limits, no rights, and no way in; jobs there sign in to the cloud like any other.
Refuses   to install a runner: which one, and its token of the forge, are the company's.
"""

from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from components.base import Component

NAMESPACE = "ci-runner"
_HTTPS, _DNS = 443, 53


class RunnerPlace(Component):
    """Namespace, service account, quota and network policies."""

    def __init__(
        self, cell: str, provider: pulumi.ProviderResource, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("bootstrap", f"{cell}-runner", opts)
        namespace = kubernetes.core.v1.Namespace(
            "runner",
            metadata=_named(
                NAMESPACE,
                labels={f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("audit", "enforce", "warn")},
            ),
            opts=self.child(provider),
        )
        inside = self.child(provider, after=[namespace])
        kubernetes.core.v1.ServiceAccount(
            "runner-account",
            metadata=_named("runner", NAMESPACE),
            # What a job may do is what CI's role of the cloud may; the runner itself may do nothing.
            automount_service_account_token=False,
            opts=inside,
        )
        kubernetes.core.v1.ResourceQuota(
            "runner-quota",
            metadata=_named("runner", NAMESPACE),
            spec=_spec(
                {
                    "hard": {
                        "count/pods": "20",
                        "count/services": "0",
                        "limits.memory": "32Gi",
                        "requests.cpu": "8",
                        "requests.memory": "16Gi",
                    }
                }
            ),
            opts=inside,
        )
        kubernetes.core.v1.LimitRange(
            "runner-limits",
            metadata=_named("runner", NAMESPACE),
            spec=_spec(
                {
                    "limits": [
                        {
                            "type": "Container",
                            "default": {"memory": "4Gi"},
                            "defaultRequest": {"cpu": "500m", "memory": "1Gi"},
                        }
                    ]
                }
            ),
            opts=inside,
        )
        kubernetes.networking.v1.NetworkPolicy(
            "runner-network",
            metadata=_named("runner", NAMESPACE),
            spec=_spec(
                {
                    "podSelector": {},
                    "policyTypes": ["Egress", "Ingress"],
                    "egress": [
                        {"ports": [{"port": _DNS, "protocol": protocol} for protocol in ("TCP", "UDP")]},
                        # The forge, the clouds' APIs and this cluster's own: all of them, and only they, speak HTTPS.
                        {"ports": [{"port": _HTTPS, "protocol": "TCP"}]},
                    ],
                }
            ),
            opts=inside,
        )
        self.done({"namespace": NAMESPACE})


def _spec(found: dict[str, Any]) -> Any:
    """Plain data in Kubernetes' own spelling, which the SDK takes and its types do not know."""
    return found


def _named(name: str, namespace: str = "", **more: Any) -> Any:
    return {"name": name, **({"namespace": namespace} if namespace else {}), **more}
