"""Reports are asked for, waited for, found again and fetched."""

import datetime
import gzip
import json

import pytest
from spapi_clients import Bench
from spapi_server import Reply, answer, refusal

import spapi
from spapi import report_calls
from spapi.report_calls import ReportDocument

UTC = datetime.timezone.utc
TYPE = "GET_FLAT_FILE_ORDER_REPORT_DATA_SHIPPING"
REPORT = {
    "reportId": "50001",
    "reportType": TYPE,
    "processingStatus": "DONE",
    "createdTime": "2026-01-02T03:04:05+00:00",
    "dataStartTime": "2026-01-01T00:00:00.5Z",
    "dataEndTime": "2026-01-02T01:00:00+0100",
    "processingEndTime": "2026-01-02T03:05:00Z",
    "reportDocumentId": "amzn1.spdoc.1",
    "marketplaceIds": ["A1PA6795UKMFR9"],
}
TEXT = "order-id\tname\n1\tMüller\n"


@pytest.fixture
def bench(amazon):
    return Bench(amazon)


def fetched(amazon, bench, reply, compression="", **options):
    amazon.says(reply)
    document = ReportDocument("1", f"{amazon.url}/document?signed", compression)
    return report_calls.fetch(bench.client, document, **options)


def test_a_report_is_asked_for(amazon, bench):
    amazon.says(answer({"reportId": "50001"}, 202))
    report_id = report_calls.create(
        bench.client,
        TYPE,
        ["A1PA6795UKMFR9"],
        start=datetime.datetime(2026, 1, 1, tzinfo=UTC),
        end=datetime.datetime(2026, 1, 2, tzinfo=UTC),
        options={"ShowSalesChannel": "true"},
    )
    assert report_id == "50001"
    (asked,) = amazon.asked
    assert (asked.method, asked.path) == ("POST", "/reports/2021-06-30/reports")
    assert asked.headers["content-type"] == "application/json"
    assert json.loads(asked.body) == {
        "reportType": TYPE,
        "marketplaceIds": ["A1PA6795UKMFR9"],
        "dataStartTime": "2026-01-01T00:00:00Z",
        "dataEndTime": "2026-01-02T00:00:00Z",
        "reportOptions": {"ShowSalesChannel": "true"},
    }


def test_a_report_says_how_far_it_is(amazon, bench):
    amazon.says(answer(REPORT))
    report = report_calls.status(bench.client, "50001")
    assert amazon.asked[0].path == "/reports/2021-06-30/reports/50001"
    assert (report.id, report.type, report.status) == ("50001", TYPE, "DONE")
    assert report.created == datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert report.start == datetime.datetime(2026, 1, 1, 0, 0, 0, 500_000, tzinfo=UTC)
    assert report.end == datetime.datetime(2026, 1, 2, tzinfo=UTC)
    assert report.finished == datetime.datetime(2026, 1, 2, 3, 5, tzinfo=UTC)
    assert report.document_id == "amzn1.spdoc.1"
    assert report.marketplaces == ("A1PA6795UKMFR9",)
    assert not report.running


@pytest.mark.parametrize(
    ("status", "running"),
    [
        ("IN_QUEUE", True),
        ("IN_PROGRESS", True),
        ("DONE", False),
        ("CANCELLED", False),
        ("FATAL", False),
    ],
)
def test_a_report_runs_until_its_status_is_final(amazon, bench, status, running):
    short = {"reportId": "1", "processingStatus": status}
    amazon.says(answer(short))
    assert report_calls.status(bench.client, "1").running is running


def test_reports_are_found_again(amazon, bench):
    amazon.says(answer({"reports": [REPORT], "nextToken": "more"}))
    page = report_calls.listed(
        bench.client,
        [TYPE, "OTHER"],
        marketplaces=["A1PA6795UKMFR9"],
        statuses=["DONE"],
        since=datetime.datetime(2026, 1, 1, tzinfo=UTC),
    )
    assert [report.id for report in page.reports] == ["50001"]
    assert page.next_token == "more"
    assert amazon.asked[0].query == {
        "reportTypes": f"{TYPE},OTHER",
        "marketplaceIds": "A1PA6795UKMFR9",
        "processingStatuses": "DONE",
        "createdSince": "2026-01-01T00:00:00Z",
        "pageSize": "100",
    }


def test_the_next_page_is_asked_for_with_the_token_alone(amazon, bench):
    amazon.says(answer({"reports": []}))
    page = report_calls.listed(bench.client, [TYPE], statuses=["DONE"], token="more")
    assert amazon.asked[0].query == {"nextToken": "more"}
    assert (page.reports, page.next_token) == ((), "")


def test_a_document_is_asked_for_with_a_restricted_token(amazon, bench):
    amazon.says(
        answer(
            {
                "reportDocumentId": "amzn1.spdoc.1",
                "url": "https://x",
                "compressionAlgorithm": "GZIP",
            }
        )
    )
    found = report_calls.document(bench.client, "amzn1.spdoc.1", "Atz.sprdt|r")
    assert amazon.asked[0].path == "/reports/2021-06-30/documents/amzn1.spdoc.1"
    assert amazon.tokens == ["Atz.sprdt|r"]
    assert found == ReportDocument("amzn1.spdoc.1", "https://x", "GZIP")


def test_the_store_of_documents_gets_no_token(amazon, bench):
    fetched(amazon, bench, Reply(200, b"x"))
    (asked,) = amazon.asked
    assert (asked.method, asked.path) == ("GET", "/document")
    assert not [name for name in asked.headers if name.startswith("x-amz")]
    assert "authorization" not in asked.headers
    (call,) = bench.calls
    assert (call.operation, call.status, call.cost) == ("document", 200, 0)


@pytest.mark.parametrize(
    ("content_type", "charset"),
    [
        ("text/plain; charset=Cp1252", "cp1252"),
        ('text/plain;charset="Windows-31J"', "windows-31j"),
        ("text/tab-separated-values", ""),
        ("text/plain; charset=<script>", ""),
    ],
)
def test_a_document_is_bytes_and_a_hint_at_their_charset(
    amazon, bench, content_type, charset
):
    body = TEXT.encode("cp1252")
    found = fetched(amazon, bench, Reply(200, body, {"Content-Type": content_type}))
    assert (found.body, found.charset) == (body, charset)
    assert found.content_type == content_type


def test_a_packed_document_is_unpacked(amazon, bench):
    body = TEXT.encode() * 10_000
    assert fetched(amazon, bench, Reply(200, gzip.compress(body)), "GZIP").body == body


def test_what_the_way_unpacked_is_not_unpacked_again(amazon, bench):
    reply = Reply(200, gzip.compress(b"x"), {"Content-Encoding": "gzip"})
    assert fetched(amazon, bench, reply, "GZIP").body == b"x"


@pytest.mark.parametrize(
    ("reply", "compression", "kind", "words"),
    [
        (Reply(403, b"<Error>Request has expired"), "", spapi.Expired, "asked for"),
        (Reply(404, b"<Error>"), "", spapi.NotFound, "HTTP 404"),
        (Reply(400, b"<Error>"), "", spapi.BadRequest, "HTTP 400"),
        (Reply(503, b"<Error>SlowDown"), "", spapi.Unavailable, "HTTP 503"),
        (Reply(307, b"", {"Location": "/x"}), "", spapi.Unreadable, "HTTP 307"),
        (Reply(200, b"plain"), "GZIP", spapi.Unreadable, "no gzip"),
        (Reply(200, gzip.compress(b"x")[:-4]), "GZIP", spapi.Unavailable, "breaks off"),
        (Reply(200, b""), "GZIP", spapi.Unavailable, "breaks off"),
        (Reply(200, b"x"), "ZSTD", spapi.Unreadable, "ZSTD"),
        (Reply(200, b"x" * 101), "", spapi.Unreadable, "more than 100 bytes"),
        (
            Reply(200, gzip.compress(b"x" * 101)),
            "GZIP",
            spapi.Unreadable,
            "more than 100 bytes",
        ),
        (Reply(200, b"half", announced=90), "", spapi.Unavailable, "document"),
    ],
)
def test_a_document_that_cannot_be_had_says_why(
    amazon, bench, reply, compression, kind, words
):
    with pytest.raises(spapi.ApiError, match=words) as caught:
        fetched(amazon, bench, reply, compression, limit=100)
    assert type(caught.value) is kind
    assert str(caught.value).startswith("document: ")


def test_a_store_that_stumbles_is_asked_again(amazon, bench):
    amazon.says(Reply(503))
    found = fetched(amazon, bench, Reply(200, b"x"))
    assert found.body == b"x"
    assert [call.retry for call in bench.calls] == [0, 1]


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/report",
        "https://amazonaws.com.example.com/report",
        "https://evilamazonaws.com/report",
        "http://bucket.s3.amazonaws.com/report",
        "https://169.254.169.254/latest",
        "not an address",
    ],
)
def test_documents_come_from_amazon_over_https_only(amazon, bench, url):
    with pytest.raises(spapi.Unreadable):
        report_calls.fetch(bench.client, ReportDocument("1", url))
    assert not bench.calls


@pytest.mark.parametrize(
    "change",
    [
        {"reportId": None},
        {"reportId": ""},
        {"processingStatus": 7},
        {"createdTime": "yesterday"},
        {"createdTime": "2026-01-02T03:04:05"},
        {"createdTime": "2026-13-02T03:04:05Z"},
        {"createdTime": "0001-01-01T00:00:00+12:00"},
        {"marketplaceIds": "A1PA6795UKMFR9"},
        {"marketplaceIds": [1]},
    ],
)
def test_a_report_of_another_form_is_unreadable(amazon, bench, change):
    (name,) = change
    amazon.says(answer({"reports": [{**REPORT, **change}]}))
    with pytest.raises(spapi.Unreadable, match=f"reports.{name} is missing or of"):
        report_calls.listed(bench.client, [TYPE])


@pytest.mark.parametrize("value", [None, [], "x", {}, {"reports": [1]}])
def test_a_list_of_another_form_is_unreadable(amazon, bench, value):
    amazon.says(answer(value))
    with pytest.raises(spapi.Unreadable, match="getReports"):
        report_calls.listed(bench.client, [TYPE])


def test_an_unknown_document_is_not_found(amazon, bench):
    amazon.says(refusal(404, "NotFound"))
    with pytest.raises(spapi.NotFound):
        report_calls.document(bench.client, "x")


@pytest.mark.parametrize(
    "call",
    [
        lambda client: report_calls.create(client, TYPE, []),
        lambda client: report_calls.create(client, TYPE, ["x"] * 26),
        lambda client: report_calls.listed(client, []),
        lambda client: report_calls.listed(client, ["x"] * 11),
        lambda client: report_calls.listed(client, [TYPE], page_size=101),
        lambda client: report_calls.listed(client, [TYPE], marketplaces=["x"] * 11),
    ],
)
def test_what_amazon_would_refuse_is_not_asked(amazon, bench, call):
    with pytest.raises(ValueError):
        call(bench.client)
    assert not amazon.asked
