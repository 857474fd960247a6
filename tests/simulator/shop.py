"""An application with one seller's authorisation, as a test sees it."""

from __future__ import annotations

from typing import Any

import requests

from simulator.seller_client import SellerSimulator
from simulator.seller_order_view import DATA_SETS

ORDERS = "/orders/2026-01-01/orders"
EVERYTHING = ",".join(DATA_SETS)
LONG_AGO = "2020-01-01T00:00:00Z"
REDIRECT = "http://127.0.0.1:8069/back"


class Shop:
    """`amazon` is the process; calls go out with the token in `headers`."""

    def __init__(self, amazon: SellerSimulator, seller_id: str) -> None:
        self.amazon, self.seller_id = amazon, seller_id
        amazon.put_seller(seller_id, marketplaces=["DE", "FR"], store_name=seller_id)
        self.application = amazon.add_application(redirect_uris=[REDIRECT])
        self.refresh_token = amazon.authorise(
            self.application["application_id"], seller_id
        )
        self.session = requests.Session()
        self.headers = {"x-amz-access-token": self.access_token()}

    def __enter__(self) -> Shop:
        return self

    def __exit__(self, *_error: object) -> None:
        self.session.close()

    # -- LWA ------------------------------------------------------------------

    def token(self, **form: str) -> requests.Response:
        """POST to LWA; what is not given is good, `None`-like "" is left out."""
        values = {
            "grant_type": "refresh_token",
            "client_id": self.application["client_id"],
            "client_secret": self.application["client_secret"],
            **({} if "code" in form else {"refresh_token": self.refresh_token}),
            **form,
        }
        sent = {name: value for name, value in values.items() if value}
        return self.session.post(self.amazon.ready["token_url"], data=sent, timeout=10)

    def access_token(self) -> str:
        return str(self.token().json()["access_token"])

    # -- SP-API ---------------------------------------------------------------

    def get(self, path: str, **parameters: str) -> requests.Response:
        return self.session.get(
            self.amazon.ready["endpoint"] + path,
            params=parameters,
            headers=self.headers,
            timeout=10,
        )

    def post(self, path: str, body: Any) -> requests.Response:
        return self.session.post(
            self.amazon.ready["endpoint"] + path,
            json=body,
            headers=self.headers,
            timeout=10,
        )

    def search(self, **parameters: str) -> requests.Response:
        if not {"createdAfter", "lastUpdatedAfter"} & set(parameters):
            parameters["lastUpdatedAfter"] = LONG_AGO
        return self.get(ORDERS, **parameters)

    def pages(self, **parameters: str) -> list[list[dict[str, Any]]]:
        """Every page to the last."""
        found = []
        while True:
            answer = self.search(**parameters).json()
            found.append(answer["orders"])
            if "pagination" not in answer:
                return found
            parameters["paginationToken"] = answer["pagination"]["nextToken"]

    def orders(self, **parameters: str) -> list[dict[str, Any]]:
        """Every order, in full unless `includedData` is given."""
        parameters.setdefault("includedData", EVERYTHING)
        return [order for page in self.pages(**parameters) for order in page]

    def make(self, count: int = 1, **wishes: Any) -> list[str]:
        return self.amazon.make_orders(self.seller_id, count, **wishes)

    def change(self, order_id: str, what: str, **wishes: Any) -> dict[str, Any]:
        return self.amazon.change_order(self.seller_id, order_id, what, **wishes)


def error(answer: requests.Response) -> tuple[int, str, str]:
    """Status, code and details of a refusal."""
    (found,) = answer.json()["errors"]
    assert set(found) == {"code", "message", "details"}
    return answer.status_code, found["code"], found["details"]
