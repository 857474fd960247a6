"""Reports API 2021-06-30: ask for a report, wait for it, fetch its document."""

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .client import DOWNLOAD, MAX_DOCUMENT, Client
from .errors import ApiError, Unreadable
from .forms import Form
from .request import iso_8601
from .wire import CHUNK, GZIP_MAGIC, unpacked

MAX_TYPES = 10  # report types of one list
MAX_MARKETPLACES = 25  # of one report
MAX_FILTERED = 10  # marketplaces that a list is filtered by
MAX_PAGE = 100
# processingStatus; CANCELLED is also what a report without any data comes to.
RUNNING = ("IN_QUEUE", "IN_PROGRESS")
DONE, CANCELLED, FATAL = "DONE", "CANCELLED", "FATAL"
STATUSES = (*RUNNING, DONE, CANCELLED, FATAL)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Report:
    """``status`` is one of :data:`STATUSES`.

    ``document_id`` is there when it is done, and often with the reason when it is
    fatal. ``start`` and ``end`` bound the data.
    """

    id: str
    type: str
    status: str
    created: datetime.datetime | None
    start: datetime.datetime | None = None
    end: datetime.datetime | None = None
    finished: datetime.datetime | None = None
    document_id: str = ""
    marketplaces: tuple[str, ...] = ()

    @property
    def running(self) -> bool:
        return self.status in RUNNING


@dataclass(frozen=True, slots=True)
class ReportPage:
    """``next_token`` is ``""`` on the last page."""

    reports: tuple[Report, ...]
    next_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReportDocument:
    """Where a document lies: an address that is a secret and lives five minutes."""

    id: str
    url: str = field(repr=False)
    compression: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document, unpacked; ``charset`` as its Content-Type says, in lower case."""

    body: bytes = field(repr=False)
    charset: str
    content_type: str


def create(
    client: Client,
    report_type: str,
    marketplaces: Sequence[str],
    *,
    start: datetime.datetime | None = None,
    end: datetime.datetime | None = None,
    options: Mapping[str, str] | None = None,
) -> str:
    """Ask for a report (createReport); its id.

    Asked again it makes a second one, so it is never repeated by itself.

    :param report_type: ``GET_FLAT_FILE_ORDER_REPORT_DATA_SHIPPING``, ...
    :param marketplaces: ids, 1 to 25
    :param start, end: bounds of the data, with a time zone
    :raise: as :meth:`~.client.Client.call`; Unreadable for another form
    """
    if not 1 <= len(marketplaces) <= MAX_MARKETPLACES:
        raise ValueError(f"1 to {MAX_MARKETPLACES} marketplaces")
    body: dict[str, Any] = {
        "reportType": report_type,
        "marketplaceIds": list(marketplaces),
    }
    if start:
        body["dataStartTime"] = iso_8601(start)
    if end:
        body["dataEndTime"] = iso_8601(end)
    if options:
        body["reportOptions"] = dict(options)
    answer = client.call("createReport", body=body)
    return Form.of(answer, "createReport").text("reportId", required=True)


def status(client: Client, report_id: str) -> Report:
    """How far a report is (getReport)."""
    answer = client.call("getReport", path={"reportId": report_id})
    return _report(Form.of(answer, "getReport"))


def listed(
    client: Client,
    report_types: Sequence[str] = (),
    *,
    marketplaces: Sequence[str] | None = None,
    statuses: Sequence[str] | None = None,
    since: datetime.datetime | None = None,
    until: datetime.datetime | None = None,
    page_size: int = MAX_PAGE,
    token: str | None = None,
) -> ReportPage:
    """One page of the reports of the last 90 days (getReports).

    :param report_types: 1 to 10
    :param marketplaces: at most 10; reports of any of them are listed
    :param statuses: of :data:`STATUSES`
    :param since, until: when they were asked for, with a time zone
    :param token: the last page's ``next_token``; Amazon wants it without any filter,
        so the others are not sent then
    """
    if not token and not 1 <= len(report_types) <= MAX_TYPES:
        raise ValueError(f"1 to {MAX_TYPES} report types")
    if len(marketplaces or ()) > MAX_FILTERED:
        raise ValueError(f"at most {MAX_FILTERED} marketplaces")
    if not 1 <= page_size <= MAX_PAGE:
        raise ValueError(f"1 to {MAX_PAGE} reports a page")
    filters = {
        "reportTypes": report_types,
        "marketplaceIds": marketplaces,
        "processingStatuses": statuses,
        "createdSince": since,
        "createdUntil": until,
        "pageSize": page_size,
    }
    answer = client.call("getReports", query={"nextToken": token} if token else filters)
    form = Form.of(answer, "getReports")
    reports = tuple(map(_report, form.forms("reports")))
    return ReportPage(reports, form.text("nextToken"))


def document(
    client: Client, document_id: str, restricted_token: str | None = None
) -> ReportDocument:
    """Where a document lies (getReportDocument).

    :param restricted_token: for reports with personal data
    """
    answer = client.call(
        "getReportDocument",
        path={"reportDocumentId": document_id},
        restricted_token=restricted_token,
    )
    form = Form.of(answer, "getReportDocument")
    return ReportDocument(
        id=form.text("reportDocumentId", required=True),
        url=form.text("url", required=True),
        compression=form.text("compressionAlgorithm"),
    )


def fetch(
    client: Client, document: ReportDocument, limit: int = MAX_DOCUMENT
) -> Fetched:
    """The document itself, unpacked; its store gets no access token.

    :param limit: bytes, packed and unpacked
    :raise Expired: five minutes are over: :func:`document` gives a new address
    :raise Unavailable, Unreadable: as :meth:`~.client.Client.fetch`
    """
    response = client.fetch(document.url, limit)
    body = response.body
    packed_on_the_way = "gzip" in response.headers.get("Content-Encoding", "").lower()
    if document.compression == "GZIP":
        # what the answer's own header had unpacked already is not unpacked again
        if body.startswith(GZIP_MAGIC) or not packed_on_the_way:
            body = _unpacked(body, limit)
    elif document.compression:
        text = f"it is packed with {document.compression[:20]!a}"
        raise Unreadable(response.status, "", text, operation=DOWNLOAD)
    content_type = response.headers.get("Content-Type", "")[:200]
    return Fetched(body, charset_of(content_type), content_type)


def charset_of(content_type: str) -> str:
    """The charset that a Content-Type names, in lower case, or ``""``."""
    charset = _CHARSET.search(content_type)
    return charset[1].lower() if charset else ""


def _unpacked(body: bytes, limit: int) -> bytes:
    try:
        return b"".join(unpacked(_pieces(body), limit))
    except ApiError as error:
        failure = error
    failure.operation = DOWNLOAD
    raise failure


def _pieces(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), CHUNK):
        yield body[start : start + CHUNK]


def _report(form: Form) -> Report:
    return Report(
        id=form.text("reportId", required=True),
        type=form.text("reportType"),
        status=form.text("processingStatus", required=True),
        created=form.time("createdTime"),
        start=form.time("dataStartTime"),
        end=form.time("dataEndTime"),
        finished=form.time("processingEndTime"),
        document_id=form.text("reportDocumentId"),
        marketplaces=form.texts("marketplaceIds"),
    )
