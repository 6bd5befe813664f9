"""The base class of every Pulumi component of the fleet.

Owns      type tokens (`kafkafleet:<module>:<Class>`), the options of children, the end of construction.
Refuses   to hand a caller's options to children: only `parent` is passed down, and an explicit provider.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi


class Component(pulumi.ComponentResource):
    """A component whose children are always parented to it and always get an explicit provider.

    module  second part of the type token: `clouds`, `services`, `apps` or `cells`; with the class's name it is
            the identity of every URN below it, so neither may change without an alias
    """

    def __init__(self, module: str, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(f"kafkafleet:{module}:{type(self).__name__}", name, None, opts)

    def child(
        self,
        provider: pulumi.ProviderResource,
        *,
        protect: bool = False,
        after: Sequence[pulumi.Resource] = (),
        replace_on_changes: Sequence[str] = (),
        ignore_changes: Sequence[str] = (),
        delete_before_replace: bool | None = None,
    ) -> pulumi.ResourceOptions:
        """Options of one child. `protect` is given for each child on purpose: most are safe to replace."""
        return pulumi.ResourceOptions(
            parent=self,
            provider=provider,
            # Said even where it is False: a child that says nothing inherits its parent's.
            protect=protect,
            depends_on=list(after) or None,
            replace_on_changes=list(replace_on_changes) or None,
            ignore_changes=list(ignore_changes) or None,
            delete_before_replace=delete_before_replace,
        )

    def done(self, outputs: Mapping[str, Any] | None = None) -> None:
        """End construction; the outputs are shown to people, so they hold no secret."""
        self.register_outputs(dict(outputs or {}))
