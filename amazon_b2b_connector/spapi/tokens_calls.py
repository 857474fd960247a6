"""Tokens API 2021-03-01: restricted data tokens, for what holds personal data."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from .client import Client
from .forms import Form

_OPERATION = "createRestrictedDataToken"


@dataclass(frozen=True, slots=True)
class Resource:
    """What a restricted token opens: a method and path, and which data of it.

    ``data_elements`` are those of the Orders API v0 (``buyerInfo``, ...); report
    documents have none.
    """

    path: str
    method: str = "GET"
    data_elements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RestrictedToken:
    """``token`` replaces the access token for ``expires`` seconds."""

    token: str = field(repr=False)
    expires: int


def report_document(document_id: str) -> Resource:
    """The resource of one report document that holds personal data."""
    return Resource(f"/reports/2021-06-30/documents/{document_id}")


def create(client: Client, resources: Sequence[Resource]) -> RestrictedToken:
    """A token for at most 50 resources.

    :raise: as :meth:`~.client.Client.call`; Unreadable for another form
    """
    asked = [_said(resource) for resource in resources]
    answer = client.call(_OPERATION, body={"restrictedResources": asked})
    form = Form.of(answer, _OPERATION)
    return RestrictedToken(
        form.text("restrictedDataToken", required=True), form.number("expiresIn")
    )


def _said(resource: Resource) -> dict[str, Any]:
    said: dict[str, Any] = {"method": resource.method, "path": resource.path}
    if resource.data_elements:
        said["dataElements"] = list(resource.data_elements)
    return said
