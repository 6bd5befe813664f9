"""Moto in this process, spoken to with boto3 as the provider would speak to AWS.

Owns      clients by service, account and region; what moto calls the things that the sandbox has named.
Refuses   a network: nothing leaves the process while moto listens.
"""

import functools
import os
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any

import boto3
from botocore.exceptions import ClientError, ParamValidationError
from moto import mock_aws
from moto.core.models import MockAWS

from sandbox.contract import Record, Scope
from sandbox.judge import value_at
from tools.moto_witness.asked import Asked, Said

ACCOUNT = "MOTO_ACCOUNT_ID"

Call = Callable[["Clients", Mapping[str, Any]], Mapping[str, Any]]
"""Makes one resource from its inputs, in moto's names; returns what moto calls it: `id` and outputs by their names."""


class FailedError(Exception):
    """The provider gives up on what AWS took at first: a peering that fails, a resource that it does not find."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@functools.cache
def _client(service: str, region: str) -> Any:
    """Clients take long to make and know no account: one of each serves every moto of this process."""
    return boto3.client(
        service,
        region_name=region,
        aws_access_key_id="witness",
        aws_secret_access_key="witness",  # noqa: S106 - moto asks for no real one
    )


class Clients:
    """The services of one account in one region."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def of(self, service: str) -> Any:
        """A client of a service, by boto3's name of it."""
        return _client(service, self.scope.region)


class Moto:
    """A fresh moto; used as a context, so that AWS's real endpoints are back afterwards."""

    def __init__(self, calls: Mapping[str, Call]) -> None:
        self._calls = calls
        self._mock: MockAWS = mock_aws()
        self._names: dict[str, str] = {}
        self._before = os.environ.get(ACCOUNT)

    def __enter__(self) -> "Moto":
        self._mock.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._mock.stop()
        os.environ.pop(ACCOUNT, None)
        if self._before is not None:
            os.environ[ACCOUNT] = self._before

    def knows(self, token: str) -> bool:
        """Whether requests of this type are translated."""
        return token in self._calls

    def create(self, asked: Asked, record: Record | None = None) -> Said:
        """Make it, or say why not. `record` is what the sandbox made of it: its names are learned."""
        region = asked.inputs.get("region") or asked.scope.region
        clients = Clients(Scope(asked.scope.cloud, asked.scope.account, region))
        # Moto reads it anew at every call: there is no other way to be somebody else without signing in.
        os.environ[ACCOUNT] = asked.scope.account
        try:
            learned = self._calls[asked.type](clients, self._mapped(asked.inputs))
        except ClientError as error:
            found = error.response["Error"]
            if found["Code"] == "404":  # the call has no place in moto; AWS's own errors have names
                return Said(False, message=found.get("Message", ""), known=False)
            return Said(False, found["Code"], found.get("Message", ""))
        except ParamValidationError as error:
            return Said(False, "ParamValidation", str(error))
        except FailedError as error:
            return Said(False, error.code, str(error))
        except NotImplementedError as error:
            return Said(False, message=str(error), known=False)
        if record is not None:
            self._learn(record, learned)
        return Said(True)

    def _learn(self, record: Record, learned: Mapping[str, Any]) -> None:
        for name, value in learned.items():
            ours = record.id if name == "id" else value_at(record.outputs, name)
            if isinstance(ours, str) and ours and isinstance(value, str):
                self._names[ours] = value

    def _mapped(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._names.get(value, value)
        if isinstance(value, Mapping):
            return {key: self._mapped(item) for key, item in value.items()}
        return [self._mapped(item) for item in value] if isinstance(value, list | tuple) else value


def given(inputs: Mapping[str, Any], **names: str) -> dict[str, Any]:
    """The call's arguments that have a value: `VpcId="vpcId"` takes the input of that name."""
    return {theirs: inputs[ours] for theirs, ours in names.items() if inputs.get(ours) is not None}
