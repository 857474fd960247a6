"""Reports API 2021-06-30, and the documents behind its presigned URLs."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from urllib.parse import urlencode

from . import seller_call, seller_report_text, seller_settings, seller_times
from .faults import Faults
from .seller_accounts import RESTRICTED, Accounts
from .seller_call import Call, Json, Operation, Reply, Request
from .seller_errors import invalid, not_found, unauthorized
from .seller_faults import DOWNLOAD, spoiled
from .seller_order_book import OrderBook
from .seller_report_types import TYPES, ReportType
from .seller_roles import REPORTS
from .seller_signing import Signer
from .store import Store

PATH = "/reports/2021-06-30"
URL_SECONDS = 300
_RETAINED = 90 * 86400.0
_STATUSES = ("CANCELLED", "DONE", "FATAL", "IN_PROGRESS", "IN_QUEUE")
_FILTERS = frozenset(
    "reportTypes processingStatuses marketplaceIds pageSize createdSince createdUntil"
    " nextToken".split()
)
_BODY = {"reportOptions", "reportType", "dataStartTime", "dataEndTime"} | {
    "marketplaceIds"
}
_MOST_MARKETPLACES = 25
# What becomes of a report, set when it is created or finished.
_OPEN, _FATAL, _CANCELLED, _DONE = "", "FATAL", "CANCELLED", "DONE"
_WITHDRAWN = "WITHDRAWN"  # by a call, shown as CANCELLED at once


class Reports:
    def __init__(
        self,
        store: Store,
        accounts: Accounts,
        book: OrderBook,
        slips: Faults,
        signer: Signer,
        own_url: Callable[[], str],
    ) -> None:
        self._store, self._accounts, self._book = store, accounts, book
        self._slips, self._signer, self._own_url = slips, signer, own_url

    def operations(self) -> list[Operation]:
        reports, none = f"{PATH}/reports", frozenset[str]()
        one, document = reports + "/{reportId}", f"{PATH}/documents/{{documentId}}"
        header = frozenset({"enableContentEncodingUrlHeader"})
        return [
            Operation(
                *("createReport", "POST", reports, none, REPORTS, self._create), 202
            ),
            Operation("getReports", "GET", reports, _FILTERS, REPORTS, self._list),
            Operation("getReport", "GET", one, none, REPORTS, self._get),
            Operation("cancelReport", "DELETE", one, none, REPORTS, self._cancel),
            Operation(
                *("getReportDocument", "GET", document, header, REPORTS),
                *(self._document, 200, True),
            ),
        ]

    # -- reports --------------------------------------------------------------

    def _create(self, call: Call) -> Json:
        given = call.body
        if unknown := sorted(set(given) - _BODY):
            raise invalid(f"{unknown[0]} is no field of a report.")
        kind = TYPES.get(str(given.get("reportType", "")))
        if kind is None:
            raise invalid(f"{given.get('reportType')} is no report type.")
        if not call.seller.roles & kind.roles:
            raise unauthorized(f"The application has no role for {kind.name}.")
        places = given.get("marketplaceIds")
        if not isinstance(places, list) or not places:
            raise invalid("marketplaceIds is needed.")
        seller_call.marketplaces(call, list(map(str, places)), _MOST_MARKETPLACES)
        options = given.get("reportOptions", {})
        if not isinstance(options, dict) or set(options) - kind.options:
            raise invalid(f"reportOptions: {kind.name} has only {set(kind.options)}.")
        number = self._store.next_number("report")
        slip = self._slips.take(["report-fatal", "report-cancelled"], ["createReport"])
        fate = {"report-fatal": _FATAL, "report-cancelled": _CANCELLED}
        self._store.execute(
            "INSERT INTO report VALUES (?, ?, ?, ?, ?, '', ?)",
            *(f"{50000000000 + number}", call.seller.seller_id, kind.name),
            *(self._store.now(), fate[slip.name] if slip else _OPEN),
            json.dumps({**given, **self._range(kind, given)}),
        )
        return {"reportId": f"{50000000000 + number}"}

    def _range(self, kind: ReportType, given: Json) -> Json:
        """Start and end in seconds; both are now where they are not given."""
        now = self._store.now()
        start, end = (
            seller_call.time(name, given[name]) if name in given else now
            for name in ("dataStartTime", "dataEndTime")
        )
        if start > now:
            raise invalid("dataStartTime is in the future.")
        if end < start:
            raise invalid("dataEndTime is before dataStartTime.")
        if kind.most_seconds and end - start > kind.most_seconds:
            days = int(kind.most_seconds // 86400)
            raise invalid(f"{kind.name} covers at most {days} days.")
        return {"start": start, "end": end}

    def _get(self, call: Call) -> Json:
        return self._shown(self._row(call))

    def _cancel(self, call: Call) -> Json:
        row = self._row(call)
        if self._shown(row)["processingStatus"] != "IN_QUEUE":
            raise invalid("Only a report in the queue can be cancelled.")
        self._set_fate(row["report_id"], _WITHDRAWN)
        return {}

    def _list(self, call: Call) -> Json:
        filters, offset = dict(call.parameters), 0
        if token := filters.get("nextToken"):
            if len(filters) > 1:
                raise invalid("nextToken must be the only parameter.")
            try:
                filters, offset = self._signer.open(token)
            except (ValueError, TypeError) as error:
                raise invalid("The nextToken is not valid.") from error
            call = Call(call.seller, call.token, filters, {})
        types = seller_call.values(call, "reportTypes")
        if not types or len(types) > 10:
            raise invalid("One to ten reportTypes, or a nextToken, are needed.")
        statuses = seller_call.values(call, "processingStatuses", _STATUSES)
        places = set(seller_call.values(call, "marketplaceIds"))
        size = seller_call.whole(call, "pageSize", 1, 100, 10)
        now = self._store.now()
        rows = self._store.rows(
            "SELECT * FROM report WHERE seller_id = ? AND created BETWEEN ? AND ?"
            f" AND report_type IN ({', '.join('?' * len(types))})"
            " ORDER BY created DESC, report_id DESC",
            *(call.seller.seller_id,),
            seller_call.moment(call, "createdSince") or now - _RETAINED,
            seller_call.moment(call, "createdUntil") or now,
            *types,
        )
        shown = [self._shown(row) for row in rows]
        found = [
            each
            for each in shown
            if (not statuses or each["processingStatus"] in statuses)
            and (not places or places & set(each["marketplaceIds"]))
        ]
        answer: Json = {"reports": found[offset : offset + size]}
        if len(found) > offset + size:
            answer["nextToken"] = self._signer.seal([filters, offset + size])
        return answer

    def _row(self, call: Call) -> sqlite3.Row:
        number = call.parameters["reportId"]
        row = self._store.row(
            "SELECT * FROM report WHERE report_id = ? AND seller_id = ?",
            *(number, call.seller.seller_id),
        )
        if row is None:
            raise not_found(f"There is no report {number}.")
        return row

    def _shown(self, row: sqlite3.Row) -> Json:
        """A `Report` as it is by now; it is written once its time has come."""
        settings = seller_settings.current(self._store)
        started = row["created"] + settings.report_queue_seconds
        ended = started + settings.report_work_seconds
        now, fate, document = self._store.now(), row["fate"], row["document_id"]
        given = json.loads(row["content"])
        report: Json = {
            "reportId": row["report_id"],
            "reportType": row["report_type"],
            "marketplaceIds": given["marketplaceIds"],
            "createdTime": seller_times.write(row["created"]),
            "dataStartTime": seller_times.write(given["start"]),
            "dataEndTime": seller_times.write(given["end"]),
            "processingStatus": "IN_QUEUE",
        }
        if fate == _WITHDRAWN:
            return {**report, "processingStatus": _CANCELLED}
        if now >= started:
            report["processingStatus"] = "IN_PROGRESS"
            report["processingStartTime"] = seller_times.write(started)
        if now >= ended:
            if fate == _OPEN:
                fate, document = self._finish(row, given, settings.report_gzip)
            report["processingStatus"] = fate
            report["processingEndTime"] = seller_times.write(ended)
            if document:
                report["reportDocumentId"] = document
        return report

    def _set_fate(self, report_id: str, fate: str, document: str = "") -> None:
        self._store.execute(
            "UPDATE report SET fate = ?, document_id = ? WHERE report_id = ?",
            *(fate, document, report_id),
        )

    def _finish(self, row: sqlite3.Row, given: Json, gzip: bool) -> tuple[str, str]:
        kind = TYPES[row["report_type"]]
        seller = self._accounts.known_seller(row["seller_id"])
        text = seller_report_text.write(
            *(self._book, seller, kind, given, self._store.now())
        )
        if text is None:
            self._set_fate(row["report_id"], _CANCELLED)
            return _CANCELLED, ""
        document = f"amzn1.spdoc.1.4.eu.{row['report_id']}"
        with self._store.transaction() as database:
            database.execute(
                "INSERT OR REPLACE INTO report_document VALUES (?, ?, ?, ?, ?, ?)",
                (
                    *(document, row["seller_id"], row["report_type"]),
                    *(text.charset, gzip, text.body),
                ),
            )
            self._set_fate(row["report_id"], _DONE, document)
        return _DONE, document

    # -- documents ------------------------------------------------------------

    def document_type(self, seller_id: str, document_id: str) -> ReportType | None:
        row = self._document_row(seller_id, document_id)
        return None if row is None else TYPES[row["report_type"]]

    def _document_row(self, seller_id: str, document_id: str) -> sqlite3.Row | None:
        return self._store.row(
            "SELECT * FROM report_document WHERE document_id = ? AND seller_id = ?",
            *(document_id, seller_id),
        )

    def _document(self, call: Call) -> Json:
        document_id = call.parameters["documentId"]
        row = self._document_row(call.seller.seller_id, document_id)
        if row is None:
            raise not_found(f"There is no report document {document_id}.")
        kind = TYPES[row["report_type"]]
        if kind.restricted and call.token.kind != RESTRICTED:
            raise unauthorized(f"{kind.name} needs a restricted data token.")
        header = call.parameters.get("enableContentEncodingUrlHeader", "false")
        if header not in ("true", "false"):
            raise invalid("enableContentEncodingUrlHeader is true or false.")
        query = {
            "X-Amz-Date": f"{self._store.now():.3f}",
            "X-Amz-Expires": str(URL_SECONDS),
            "encoding": "gzip" if header == "true" else "identity",
        }
        path = f"/documents/{document_id}"
        signed = f"{path}?{urlencode(query)}"
        signature = self._signer.signature(signed)
        url = f"{self._own_url()}{signed}&X-Amz-Signature={signature}"
        answer = {"reportDocumentId": document_id, "url": url}
        return {**answer, "compressionAlgorithm": "GZIP"} if row["gzip"] else answer

    def download(self, request: Request) -> Reply:
        """A presigned URL: no token, five minutes."""
        query = dict(request.query)
        signature = query.pop("X-Amz-Signature", "")
        if "x-amz-access-token" in request.headers:
            return self._denied(request, "A token must not be sent to a presigned URL.")
        if request.method != "GET" or not self._signer.holds(
            f"{request.path}?{urlencode(query)}", signature
        ):
            return self._denied(request, "The signature does not match.")
        if self._store.now() > float(query["X-Amz-Date"]) + URL_SECONDS:
            return self._denied(request, "Request has expired")
        slip = self._slips.take(DOWNLOAD, ["download"])
        row = self._store.row(
            "SELECT * FROM report_document WHERE document_id = ?",
            request.path.removeprefix("/documents/"),
        )
        assert row is not None
        body = seller_report_text.packed(row["body"]) if row["gzip"] else row["body"]
        headers = {"Content-Type": f"text/plain; charset={row['charset']}"}
        if row["gzip"] and query["encoding"] == "gzip":
            headers["Content-Encoding"] = "gzip"
        self._store.event("download", f"{row['report_type']} was fetched.")
        return spoiled(Reply(200, body, headers), slip)

    def _denied(self, request: Request, reason: str) -> Reply:
        self._store.event(
            "refused", f"download: {reason}", operation="download", error=reason
        )
        body = f"<Error><Code>AccessDenied</Code><Message>{reason}</Message></Error>"
        return Reply(403, body.encode(), {"Content-Type": "application/xml"})
