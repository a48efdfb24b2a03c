"""The HTML report in headless Chromium: what a person sees and does, and what hostile traffic cannot do."""
from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from httplint import Exchange, Linter, Report, Request, Response, Source
from httplint.capture.notation import notation
from httplint.description.operation import Operation
from httplint.engine.report import Suppression
from httplint.library import built_in_rules
from httplint.report.exercise import Exercise
from httplint.report.html import HtmlReport
from httplint.report.matrix import BROKEN, KEPT, NOT_ANSWERED, NOT_APPLICABLE, NOT_ASKED, Cell, Check, Matrix, Row
from httplint.report.reporter import Options
from httplint.report.summary import Summary

pytestmark = pytest.mark.browser

BAD_DATE = "Tue, 1 Jul 2025 12:00:00 GMT"                   # the day has two digits (RFC 9110 §5.6.7)
GOOD_DATE = "Tue, 01 Jul 2025 12:00:00 GMT"
RULES = "date.malformed,date.far-off,405.allow-missing,allow.malformed,503.retry-after-missing"
AT_ONCE = 200
"""Rows at most that are in the document when a page has opened, however many there are."""

ROW = "#list > .groups > .group > .row"
"""The rows of the list, without those of endpoints in an opened one."""

HOSTILE = "</script><script>window.pwned=1</script><img src=x onerror=window.pwned=1><svg onload=window.pwned=1>"


Opener = Callable[..., Any]
Barriers = Callable[[Any], list[str]]


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Opener]:
    """Writes a report and opens it. When the test ends, nothing may have gone wrong on the way: no message on the
    console, no error, no violation of the policy, no request but that for the file itself."""
    contexts, trouble = [], []

    def open_page(reports: Iterable[Report], operations: Iterable[Operation] = (), command: str = "",
                  matrix: Matrix | None = None, **context: Any) -> Any:
        path = tmp_path / f"report{len(contexts)}.html"
        with path.open("w", encoding="utf-8") as out:
            write(reports, out.write, operations, command, matrix)
        made = browser.new_context(**{"viewport": {"width": 1300, "height": 900}, **context})
        made.set_default_timeout(20_000)
        contexts.append(made)
        page = made.new_page()
        page.on("console", lambda message: trouble.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: trouble.append(f"error: {error}"))
        page.on("dialog", lambda dialog: trouble.append(f"dialog: {dialog.message}") or dialog.dismiss())
        page.on("request", lambda request: request.url.split("#")[0] in (path.as_uri(), "about:blank")
                or trouble.append(f"request: {request.url}"))
        if context.get("java_script_enabled", True):
            page.add_init_script("window.violations = []; document.addEventListener('securitypolicyviolation', "
                                 "event => window.violations.push(event.violatedDirective));")
        page.goto(path.as_uri())
        return page

    yield open_page
    for context in contexts:
        for page in context.pages:
            if page.locator("#report").is_visible():
                trouble += [f"policy: {one}" for one in page.evaluate("window.violations")]
                assert page.evaluate("window.pwned") is None
        context.close()
    assert trouble == []


def write(reports: Iterable[Report], to: Callable[[str], object], operations: Iterable[Operation] = (),
          command: str = "", matrix: Matrix | None = None) -> None:
    html = HtmlReport(to, Options(rules=built_in_rules()))
    summary = Summary(len(built_in_rules()))
    summary.files, summary.command, summary.operations = 1, command, list(operations)
    summary.places, summary.exercise = Counter(), Exercise()
    for report in reports:
        summary.count(report)
        html.report(report)
    summary.skip("no response was captured")
    if matrix is not None:
        summary.probed(matrix)
    html.end(summary)


def sample() -> list[Report]:
    """Two hosts; a Date with a wrong octet on three items of a shop, 405 without Allow, 503 without Retry-After; and a
    405 with two faults in one exchange."""
    exchanges = [
        Exchange(Response(200, reason="OK", headers=[("Server", "nginx"), ("Date", BAD_DATE)], content=b"an item"),
                 Request("GET", f"http://shop.example/items/{number}",
                         headers=[("Host", "shop.example"), ("Accept", "*/*")]),
                 source=Source("shop.har", number, 10 + number, 3))
        for number in range(3)]
    exchanges += [
        Exchange(Response(405, headers=[("Date", GOOD_DATE)]), Request("PATCH", "http://shop.example/report")),
        Exchange(Response(503, headers=[("Date", GOOD_DATE)]), Request("GET", "http://api.example/v1/orders")),
        Exchange(Response(405, headers=[("Date", BAD_DATE), ("Allow", "GET, (PUT)")]),
                 Request("PUT", "http://api.example/v1/users")),
    ]
    linter = Linter(RULES)
    return [linter.lint(exchange) for exchange in exchanges]


def rows(page: Any) -> list[str]:
    """What each row of the list says: severity, message, the rest."""
    return [" | ".join(text.split("\n")) for text in page.locator(".row").all_inner_texts()]


def count(page: Any) -> str:
    return str(page.locator("#count").inner_text())


def view(page: Any, name: str) -> Any:
    """Goes to a view, and gives it."""
    page.get_by_role("navigation", name="Views").get_by_role("link", name=name).click()
    return page.locator("section[data-view]:visible")


def search(page: Any, text: str) -> str:
    """Searches, and what is said of the number of findings then."""
    before = count(page)
    page.fill("#q", text)
    page.wait_for_function("before => document.getElementById('count').textContent !== before", arg=before)
    return count(page)


def opened_row(page: Any, text: str) -> Any:
    """The item of the list with that text, opened."""
    item = page.locator(".group", has=page.locator(".row", has_text=text)).first
    item.locator(".row").click()
    item.locator(".message").first.wait_for()
    return item


def test_the_overview_counts_what_there_is(opened: Opener) -> None:
    reports = sample()
    found = Counter(finding.severity for report in reports for finding in report.findings)
    page = opened(reports)
    assert page.locator("h1").inner_text() == f"{found.total()} findings in 6 exchanges"
    assert page.title().startswith(f"{found['error']} errors")
    for severity in ("error", "warning", "info"):
        assert page.locator(f".tile.{severity} b").inner_text() == str(found[severity])
    by_rule = Counter(finding.rule_id for report in reports for finding in report.findings)
    shown = {row.locator(".label").inner_text(): row.locator(".number").inner_text()
             for row in page.locator(".card[aria-label='By rule'] .facet").all()}
    assert shown == {rule: str(times) for rule, times in by_rule.items()}
    statuses = page.locator(".card[aria-label='By status code'] .facet").all_inner_texts()
    assert sorted(text.split("\n") for text in statuses) == [
        ["200 in 3 exchanges", "3"], ["405 in 2 exchanges", "3"], ["503 in 1 exchange", "1"]]
    view(page, "This run")
    reasons = {lacking.reason for report in reports for lacking in report.not_evaluated}
    assert reasons
    lacking = page.locator(".gap", has_text="Could not be checked")
    assert set(lacking.locator("tbody th").all_text_contents()) == reasons
    assert page.get_by_text("Skipped: 1 entry").is_visible()


def test_alike_findings_are_one_row_the_severe_and_frequent_first(opened: Opener) -> None:
    page = opened(sample())
    shown = rows(page)
    assert shown[0].startswith("error | ")
    assert "/items/{id}" in shown[0]
    assert "×3" in shown[0]
    assert len(shown) == 5
    severities = [row.split(" | ")[0] for row in shown]
    assert severities == sorted(severities, key=["error", "warning", "info"].index)


@pytest.mark.parametrize(("text", "said", "first"), [
    ("allow-missing", "1 finding in 1 group match", "405.allow-missing"),
    ("SHOP.EXAMPLE date", "3 findings in 1 group match", "date.malformed"),
    ("items/2", "1 finding in 1 group match", "date.malformed"),        # the path of one of three
    ("shop.har", "3 findings in 1 group match", "date.malformed"),
    ("must", "6 findings in 4 groups match", ""),
    ("no such thing", "0 findings in 0 groups match", None),
])
def test_search(opened: Opener, text: str, said: str, first: str | None) -> None:
    page = opened(sample())
    assert search(page, text) == said
    if first is None:
        assert page.get_by_text("Nothing matches.").is_visible()
    else:
        assert first in rows(page)[0]
    page.get_by_role("button", name="Clear all filters").click()
    assert count(page) == "7 findings in 5 groups"
    assert page.locator("#q").input_value() == ""


def test_a_search_for_one_of_many_opens_that_one(opened: Opener) -> None:
    page = opened(sample())
    search(page, "items/2")
    item = opened_row(page, "date.malformed")
    assert "http://shop.example/items/2" in item.locator(".start").first.inner_text()


def test_filters(opened: Opener) -> None:
    reports = sample()
    page = opened(reports)
    minor = reports[4].findings[0].severity
    page.locator("select[aria-label=Severity]").select_option(minor)
    assert [row.split(" | ")[0] for row in rows(page)] == [minor]
    assert page.locator(f".tile.{minor}").get_attribute("aria-pressed") == "true"
    page.locator(f".tile.{minor}").click()
    assert len(rows(page)) == 5
    page.get_by_label("Host", exact=True).select_option("http://api.example")
    assert all("api.example" in row for row in rows(page))
    page.get_by_label("Status code", exact=True).select_option("405")
    assert count(page) == "2 findings in 2 groups match"
    page.locator(".card[aria-label='By rule'] .facet", has_text="allow.malformed").click()
    assert count(page) == "1 finding in 1 group match"
    assert page.get_by_label("Rule", exact=True).input_value() == "allow.malformed"
    # A card tells what there would be under the other filters.
    hosts = page.locator(".card[aria-label='By host'] .facet").all_inner_texts()
    assert {text.split("\n")[0].split(" ")[0]: text.split("\n")[1] for text in hosts} == {
        "http://shop.example": "0", "http://api.example": "1"}
    page.get_by_role("button", name="Clear all filters").click()
    page.locator(".card[aria-label='By level'] .facet", has_text=re.compile("^MUST")).first.click()
    assert "match" in count(page)


def test_the_order(opened: Opener) -> None:
    page = opened(sample())
    page.get_by_label("Order").select_option("host")
    assert [text.split(" ")[0] for text in page.locator("#list h3").all_inner_texts()] == [
        "http://shop.example", "http://api.example"]
    page.get_by_label("Order").select_option("rule")
    assert page.locator("#list h3").first.inner_text().startswith("date.malformed ×4")


def spread() -> list[Report]:
    """A Date with a wrong octet at three endpoints of a shop, of which the second has it twice, and at one of another
    host; one exchange has a fault of its own as well.
    """
    uris = ["http://shop.example/items/1", "http://shop.example/basket", "http://shop.example/basket",
            "http://shop.example/help", "http://api.example/v1/orders"]
    linter = Linter("date.malformed,405.allow-missing")
    return [linter.lint(Exchange(Response(405 if uri.endswith("help") else 200, headers=[("Date", BAD_DATE)]),
                                 Request("GET", uri), source=Source("shop.har", number, 10 + number, 3)))
            for number, uri in enumerate(uris)]


def within(item: Any) -> list[str]:
    """What the endpoints in an opened block say."""
    return [" ".join(text.split()) for text in item.locator(".row.within").all_inner_texts()]


def test_a_rule_at_several_endpoints_of_a_host_is_one_row(opened: Opener) -> None:
    reports = spread()
    page = opened(reports)
    assert count(page) == "6 findings in 3 groups"
    first = rows(page)[0]
    for told in ("date.malformed", "http://shop.example", "3 endpoints", "×4", reports[0].findings[0].message):
        assert told in first
    page.locator(ROW).first.click()
    item = page.locator("#list > .groups > .group").first
    assert item.locator(".places b").inner_text() == "4 findings at 3 endpoints"
    assert item.locator(".rule .fix").inner_text() == reports[0].findings[0].rule.fix
    assert item.locator(".rule .facts a").inner_text() == reports[0].findings[0].rule.spec
    assert within(item) == ["GET /basket 200 ×2", "GET /help 405", "GET /items/{id} 200"]
    item.locator(".row.within", has_text="/basket").click()
    assert item.locator(".places b").last.inner_text() == "Finding 1 of 2"
    assert item.locator(".start").first.inner_text().startswith("GET http://shop.example/basket")
    assert item.locator(".rule").count() == 1               # it is not said again of each endpoint
    search(page, "shop.example basket date")                # what is opened stays so under filters
    assert "GET http://shop.example/basket" in rows(page)[0]
    page.get_by_role("button", name="Clear all filters").click()
    assert page.locator(".detail:visible .detail:visible").count() == 1


def test_rows_by_endpoint(opened: Opener) -> None:
    page = opened(spread())
    page.get_by_label("Rows").select_option("endpoint")
    assert count(page) == "6 findings in 5 groups"
    assert sum("date.malformed | GET http://shop.example/" in row for row in rows(page)) == 3
    assert "by=endpoint" in page.url
    page.reload()
    assert count(page) == "6 findings in 5 groups"
    page.get_by_label("Status code", exact=True).select_option("405")
    page.get_by_role("button", name="Clear all filters").click()
    assert count(page) == "6 findings in 5 groups"          # it is no filter
    page.get_by_label("Order").select_option("rule")
    assert page.locator("#list h3").first.inner_text().startswith("date.malformed ×5")
    page.get_by_label("Rows").select_option("")
    assert page.locator("#list h3").first.inner_text().startswith("date.malformed ×5")
    assert count(page) == "6 findings in 3 groups"
    view(page, "Exchanges")
    assert not page.get_by_label("Rows").is_visible()


def test_links_to_a_rule_and_to_an_endpoint_of_it(opened: Opener) -> None:
    page = opened(spread())
    page.locator(ROW).first.click()
    item = page.locator("#list > .groups > .group").first
    whole = copied(page, item.locator(".acts").first, "Copy link")
    item.locator(".row.within", has_text="/basket").click()
    item.get_by_role("button", name="Next").click()
    assert "exchange=3" in page.url
    one = copied(page, item.locator(".acts").last, "Copy link")
    assert "by=" not in one

    def opens(link: str) -> list[str]:
        page.goto("about:blank")
        page.goto(link)
        return [" ".join(text.split()) for text in page.locator(".row[aria-expanded=true]").all_inner_texts()]

    assert len(opens(whole)) == 1
    row, endpoint = opens(one)                              # as links of pages that had a row for each endpoint
    assert "3 endpoints" in row
    assert endpoint == "GET /basket 200 ×2"
    assert page.locator(".places b").last.inner_text() == "Finding 2 of 2"
    assert page.evaluate("document.activeElement.className") == "row within"
    row, = opens(one.replace("#", "#by=endpoint&"))
    assert "GET http://shop.example/basket" in row
    page.keyboard.press("Escape")
    assert "finding=" not in page.url


def test_waivers_of_a_rule_and_of_an_endpoint_of_it(opened: Opener, tmp_path: Path) -> None:
    reports = spread()
    page = opened(reports)
    page.locator(ROW).first.click()
    item = page.locator("#list > .groups > .group").first
    item.locator(".row.within", has_text="/basket").click()
    path = tmp_path / "httplint.toml"
    for acts, wanted in ((item.locator(".acts").first, "shop.example/"), (item.locator(".acts").last, "/basket")):
        path.write_text(copied(page, acts, "Copy waiver"), "utf-8")
        linter = Linter("date.malformed", config=path)
        for report in reports:
            waived = bool(linter.lint(report.exchange).suppressed)
            assert waived == (wanted in report.exchange.request.uri)
    example, = tomllib.loads(copied(page, item.locator(".acts").first, "Copy as rule example"))["bad"]
    exchange, = notation(example)
    assert "date.malformed" in {finding.rule_id for finding in Linter("date.malformed").lint(exchange).findings}


def test_endpoints_of_a_rule_with_the_keyboard(opened: Opener) -> None:
    page = opened(spread())
    page.locator(ROW).first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert "/help" in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    assert page.locator(".detail:visible").count() == 2
    page.keyboard.press("Escape")                           # the endpoint, and then what it is in
    assert page.locator(".detail:visible").count() == 1
    assert "finding=" in page.url
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    assert page.locator(".detail:visible").count() == 0
    page.keyboard.press("ArrowDown")                        # passes over what is closed
    assert page.evaluate("[...document.querySelectorAll('.row:not(.within)')].indexOf(document.activeElement)") == 1


def test_more_endpoints_of_a_rule_than_are_shown_at_once(opened: Opener) -> None:
    linter = Linter("date.malformed")
    page = opened(linter.lint(Exchange(Response(200, headers=[("Date", BAD_DATE)]),
                                       Request("GET", f"http://a.example/{first}{second}")))
                  for first in "abcdefghij" for second in "abcdefghij")
    page.locator(ROW).first.click()
    before = page.locator(".row.within").count()
    assert 0 < before < 100
    page.get_by_role("button", name="Show more endpoints").click()
    assert page.locator(".row.within").count() == 100
    assert page.evaluate("document.activeElement.textContent.split(' ')[1].slice(0, 3)") == "/ga"
    page.locator(".row.within").last.click()
    address = page.url
    page.goto("about:blank")
    page.goto(address)                                      # shows as many as it takes
    assert "/jj" in page.locator(".row.within[aria-expanded=true]").inner_text()


def test_paper_names_the_endpoints_of_a_rule(opened: Opener) -> None:
    page = opened(spread())
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert not page.locator(".onpaper").is_visible()
    page.emulate_media(media="print")
    assert page.locator(".onpaper").inner_text() == "At GET /basket ×2, GET /help ×1, GET /items/{id} ×1"


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_everyone_can_use_the_endpoints_of_a_rule(
        opened: Opener, barriers: Barriers, width: int, scheme: str) -> None:
    page = opened(spread(), color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True)
    page.locator(ROW).first.click()
    for row in page.locator(".row.within").all():
        row.click()
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_suppressed_findings_are_shown_when_asked_for(opened: Opener) -> None:
    reports = sample()
    reports[3].suppressed = [(reports[3].findings.pop(), Suppression("waiver", "the old gateway, until May"))]
    page = opened(reports)
    assert not any("allow-missing" in row for row in rows(page))
    page.locator(".tile.suppressed").click()
    assert page.locator(ROW).count() == 1
    item = opened_row(page, "allow-missing")
    assert "waived: the old gateway, until May" in item.locator(".here").inner_text()
    page.get_by_label("Suppressed findings").select_option("all")
    assert len(rows(page)) == 5
    page.get_by_label("Suppressed findings").select_option("active")
    assert len(rows(page)) == 4


def test_an_exchange_with_its_octet(opened: Opener) -> None:
    reports = sample()
    page = opened(reports)
    item = opened_row(page, "/items/{id}")
    assert item.locator(".row").get_attribute("aria-expanded") == "true"
    assert item.locator(".message h3").all_inner_texts() == ["Request", "Response"]
    request, response = item.locator(".message").all()
    assert request.locator(".start").inner_text().strip() == "GET http://shop.example/items/0 HTTP/1.1"
    request.get_by_text("2 fields").click()
    assert request.locator(".line").all_inner_texts()[1:] == ["Host: shop.example", "Accept: */*"]
    assert response.locator(".line").all_inner_texts()[:3] == ["HTTP/1.1 200 OK", "Server: nginx", f"Date: {BAD_DATE}"]
    assert response.locator(".content").inner_text() == "an item"
    mark = response.locator("mark.octet")
    assert mark.count() == 1
    before = mark.evaluate("mark => { const range = document.createRange(); range.setStart(mark.closest('.line'), 0);"
                           "range.setEndBefore(mark); return range.toString(); }")
    assert before == "Date: Tue, 1"
    assert mark.text_content() == " "
    marked = response.locator(".marked")
    assert marked.count() == 1
    assert reports[0].findings[0].message in response.locator(".note").inner_text()
    assert "shop.har:10:3 (entry 0)" in item.locator(".source").inner_text()


def test_the_places_of_a_group(opened: Opener) -> None:
    page = opened(sample())
    item = opened_row(page, "/items/{id}")
    assert item.locator(".places b").inner_text() == "Finding 1 of 3"
    assert item.get_by_role("button", name="Previous").get_attribute("aria-disabled") == "true"
    item.get_by_role("button", name="Next").click()
    assert item.locator(".places b").inner_text() == "Finding 2 of 3"
    assert "/items/1 " in item.locator(".start").first.inner_text()
    item.get_by_text("All 3 places").click()
    item.locator(".all button").nth(2).click()
    assert "/items/2 " in item.locator(".start").first.inner_text()
    assert item.locator(".all button[aria-current]").inner_text().startswith("200 GET http://shop.example/items/2")


def test_places_and_findings_light_each_other(opened: Opener) -> None:
    page = opened(sample())
    item = opened_row(page, "allow.malformed")
    assert item.locator(".here h3").inner_text() == "2 findings in this exchange"
    first, second = item.locator(".here button").all()
    assert item.locator(".lit").count() == 0
    for number, finding in enumerate((first, second), 1):
        finding.hover()
        assert {part.get_attribute("data-n") for part in item.locator(".lit").all()} == {str(number)}
        assert item.locator(".line.lit").count() == 1
    item.locator(".line.marked", has_text="Allow:").hover()
    assert item.locator(".here .lit").count() == 1
    lit = item.locator(".here .lit").inner_text()
    assert "allow.malformed" in lit
    page.mouse.move(0, 0)
    assert item.locator(".lit").count() == 0
    other = item.locator(".note .pin", has_text="1" if "1" not in lit.split("\n")[0] else "2")
    other.focus()
    assert "date.malformed" in item.locator(".here .lit").inner_text()
    page.keyboard.press("Enter")                            # goes from the place to its finding
    assert page.evaluate("document.activeElement.dataset.role") == "finding"
    page.keyboard.press("Enter")                            # and back
    assert page.evaluate("document.activeElement.dataset.role") == "pin"


def test_where_findings_point(opened: Opener) -> None:
    """Status line, request, interim response, trailer, content: each in its place."""
    rules = {"405.allow-missing", "1xx.content-length", "trailer.field-not-permitted", "content-type.missing"}
    linter = Linter(rules)
    interim = [Response(103, headers=[("Link", "</a>")]), Response(100, headers=[("Content-Length", "5")])]
    report = linter.lint(Exchange(
        Response(405, headers=[("Date", GOOD_DATE), ("Transfer-Encoding", "chunked")], content=b"text",
                 trailers=[("Content-Length", "4")]), Request("PUT", "http://a.example/"), interim=interim))
    wanted = {finding.rule_id: finding.message for finding in report.findings}
    assert set(wanted) == rules
    page = opened([report])
    item = opened_row(page, "405.allow-missing")
    messages = item.locator(".message").all()
    assert [message.locator("h3").inner_text() for message in messages] == [
        "Request", "Interim response", "Interim response", "Response"]
    marks = {message: message.locator(".line.marked").all_inner_texts() for message in messages[1:]}
    assert marks == {messages[1]: [], messages[2]: ["Content-Length: 5"],
                     messages[3]: ["HTTP/1.1 405", "Content-Length: 4", "Content, 4 octets"]}
    assert sorted(item.locator(".note > :last-child").all_inner_texts()) == sorted(wanted.values())


def test_the_page_of_the_rule(opened: Opener) -> None:
    reports = sample()
    rule = reports[0].findings[0].rule
    page = opened(reports)
    told = opened_row(page, "/items/{id}").locator(".rule")
    assert told.locator(".title").inner_text() == rule.title
    assert rule.why in told.inner_text()
    assert rule.fix == told.locator(".fix").inner_text()
    link = told.locator("a")
    assert link.inner_text() == rule.spec
    assert link.get_attribute("href").startswith("https://www.rfc-editor.org/rfc/rfc9110#")
    assert "noopener" in link.get_attribute("rel")
    assert told.locator(".example.bad pre").first.inner_text() == rule.bad[0].strip()
    assert told.locator(".example.good pre").first.inner_text() == rule.good[0].strip()


def test_the_keyboard_alone(opened: Opener) -> None:
    page = opened(sample())

    def at(attribute: str) -> Any:
        return page.evaluate(f"document.activeElement.{attribute}")

    page.keyboard.press("Tab")
    assert at("textContent") == "Skip to the findings"
    page.keyboard.press("Enter")
    assert at("id") == "findings"
    page.keyboard.press("/")
    assert at("id") == "q"
    assert page.locator("#q").input_value() == ""
    page.keyboard.type("a/b")                               # a slash in the search is a slash
    assert page.locator("#q").input_value() == "a/b"
    page.keyboard.press("Escape")
    assert page.locator("#q").input_value() == ""
    assert len(rows(page)) == 5
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("[...document.querySelectorAll('.row')].indexOf(document.activeElement)") == 1
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert at("ariaExpanded") == "true"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.detail') !== null")
    page.keyboard.press("Escape")
    assert at("className") == "row"
    assert at("ariaExpanded") == "false"
    assert page.locator(".detail:visible").count() == 0
    page.keyboard.press("ArrowUp")
    assert at("id") == "q"


def luminance(page: Any) -> float:
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return sum(map(int, re.findall(r"\d+", colour)[:3])) / 3


def test_light_and_dark(opened: Opener) -> None:
    page = opened(sample(), color_scheme="dark")
    assert luminance(page) < 50
    page.get_by_label("Theme").select_option("light")
    assert luminance(page) > 200
    page.reload()
    assert luminance(page) > 200                            # it is kept
    page.emulate_media(color_scheme="light")
    page.get_by_label("Theme").select_option("dark")
    assert luminance(page) < 50
    page.emulate_media(media="print")
    assert luminance(page) > 200                            # paper is light
    assert not page.locator(".bar").is_visible()


def hostile() -> list[Report]:
    linter = Linter()
    return [linter.lint(exchange) for exchange in (
        Exchange(Response(405, reason=HOSTILE, content=HOSTILE.encode(), headers=[
            ("Date", HOSTILE), (HOSTILE, "x"), ("X-Bidi", "abc\u202egnp.exe"), ("X-Control", "a\x1b[31m\x00\x9b"),
            ("Content-Type", "text/html; charset="), ("X-Huge", "A" * 1_000_000), ("Allow", f"GET, {HOSTILE}")]),
            Request("PUT", f"http://a.example/{HOSTILE}?'\"onmouseover=alert(1)", headers=[("Host", "a.example")])),
        Exchange(Response(301, headers=[("Location", "javascript:window.pwned=1"), ("Date", "\ud800")]),
                 Request(HOSTILE, "javascript:window.pwned=1"), source=Source(HOSTILE, 1, 2, 3)),
        Exchange(Response(999, headers=[("Date", "__proto__"), ("Link", "<javascript:alert(1)>; rel=x")] * 200),
                 Request("GET", "http://constructor/__proto__")),
        Exchange(Response(200, headers=[("Date", "u" + "\u0301" * 300)]), None))]


def test_hostile_traffic_is_shown_and_inert(opened: Opener) -> None:
    reports = hostile()
    page = opened(reports)
    shapes = page.evaluate("['script', 'img', 'a', 'iframe'].map(name => document.querySelectorAll(name).length)")
    for row in page.locator(ROW).all():
        row.click()
    for row in page.locator(".row.within").all():
        row.click()
    page.locator(".detail:visible .message").first.wait_for()
    assert page.evaluate("document.querySelectorAll('script').length") == shapes[0]
    assert page.locator("img, iframe, object, embed, [onerror], [onload], [style*=url]").count() == 0
    assert all(href.startswith(("https://", "#")) for href in page.evaluate(
        "[...document.querySelectorAll('a')].map(link => link.getAttribute('href'))"))
    text = page.locator("#list").text_content()
    assert HOSTILE in text
    assert "abc\\u{202e}gnp.exe" in text
    assert "a\\x1b[31m\\x00\\x9b" in text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff]", page.evaluate(
        "document.body.textContent"))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    search(page, HOSTILE.split(" ")[0])
    for select in page.locator(".filters select").all():
        if select.is_visible():
            select.select_option(index=1)


def test_the_policy_holds(browser: Any, tmp_path: Path) -> None:
    """Even if values of the traffic became markup, nothing would run."""
    path = tmp_path / "report.html"
    with path.open("w", encoding="utf-8") as out:
        write(sample(), out.write)
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(path.as_uri())
        refused = page.evaluate("""() => [
            () => { document.body.innerHTML = '<img src=x onerror="window.pwned=1">'; },
            () => { document.createElement('script').textContent = 'window.pwned=1'; },
            () => document.write('<script>window.pwned=1</script>'),
        ].map(attempt => { try { attempt(); return 'allowed'; } catch (error) { return error.name; } })""")
        assert refused == ["TypeError"] * 3
    markup = "<script>window.pwned=1</script><img src=x onerror='window.pwned=1'><main"
    broken = path.read_text("ascii").replace("<main", markup)
    path.write_text(broken.replace("; require-trusted-types-for 'script'; trusted-types 'none'", ""), "ascii")
    with browser.new_context() as context:
        page = context.new_page()
        told: list[str] = []
        page.on("console", lambda message: told.append(message.text))
        page.goto(path.as_uri())
        page.locator(".row").first.wait_for()
        assert page.evaluate("window.pwned") is None
        assert any("script-src" in text for text in told)
        assert any("img" in text or "image" in text for text in told)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1300, 360])
def test_everyone_can_use_it(opened: Opener, barriers: Barriers, scheme: str, width: int) -> None:
    """Closed, and with everything opened."""
    reports = sample()
    reports[4].suppressed = [(reports[4].findings.pop(), Suppression("baseline", "known"))]
    page = opened(reports, color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True)
    assert barriers(page) == []
    page.locator(".tile.error").click()
    for row in page.locator(".row").all():
        row.click()
    for details in page.locator("details:not([open]) > summary").all():
        if details.is_visible():
            details.click()
    assert barriers(page) == []
    page.get_by_label("Suppressed findings").select_option("all")
    page.get_by_label("Order").select_option("rule")
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_scripts_there_is_a_list(opened: Opener) -> None:
    reports = [*sample(), *hostile()]
    page = opened(reports, java_script_enabled=False)
    items = page.locator(".plain li")
    assert items.first.inner_text().startswith("error: malformed Date")
    assert "×3" in items.first.inner_text()
    assert reports[0].findings[0].rule.fix in items.first.inner_text()
    assert page.locator("#report").is_hidden()


def test_ten_thousand_findings(opened: Opener) -> None:
    linter = Linter("date.malformed")

    def reports() -> Iterator[Report]:
        for number in range(10_000):
            letters = "".join(chr(ord("a") + int(digit)) for digit in str(number))
            yield linter.lint(Exchange(Response(200, headers=[("Date", BAD_DATE)]),
                                       Request("GET", f"http://h{number % 40}.example/{letters}")))

    page = opened(reports())
    assert count(page) == "10,000 findings in 40 groups"    # by rule, of which each host has a row
    page.locator(".row").first.click()
    assert 0 < page.locator(".row.within").count() <= AT_ONCE
    page.get_by_label("Rows").select_option("endpoint")
    assert count(page) == "10,000 findings in 10,000 groups"
    assert 0 < page.locator(".row").count() <= AT_ONCE
    more = page.locator("#more")
    before = page.locator(".row").count()
    more.scroll_into_view_if_needed()
    page.wait_for_function("before => document.querySelectorAll('.row').length > before", arg=before)
    assert search(page, "/jjjj") == "1 finding in 1 group match"
    item = opened_row(page, "/jjjj")
    assert BAD_DATE in item.inner_text()
    page.get_by_role("button", name="Clear all filters").click()
    assert page.locator(".row").count() <= AT_ONCE


def test_what_there_is_no_room_for_is_told(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("httplint.report.html.MESSAGE_ROOM", 0)
    monkeypatch.setattr("httplint.report.html.PLACE_ROOM", 160)
    page = opened(sample())
    assert count(page) == "7 findings in 5 groups"
    page.locator(".row", has_text="/items/{id}").click()
    detail = page.locator(".detail:visible")
    assert "The messages of this exchange are not in this page" in detail.inner_text()
    assert re.match(r"Finding 1 of 3; the first [12] (is|are) kept in this page", detail.inner_text())
    page.locator(".row").last.click()
    assert "their exchanges are not kept" in page.locator(".detail:visible").last.inner_text()


def test_nothing_found(opened: Opener) -> None:
    fine = Exchange(Response(200, headers=[("Date", GOOD_DATE)]))
    page = opened(Linter("date.malformed").lint_all([fine, fine]))
    assert page.locator("h1").inner_text() == "No findings in 2 exchanges"
    assert page.locator("#findings").is_hidden()


# -- exchanges, maps, the run


def timed() -> list[Report]:
    """Two captures: three exchanges with their times, of which the second has a fault; one that tells no time."""
    fine = [("Date", GOOD_DATE)]
    exchanges = [
        Exchange(Response(200, headers=fine, content=b"one"), Request("GET", "http://shop.example/items/1"),
                 started=1_750_000_000, duration=0.25, source=Source("shop.har", 0, 3, 1)),
        Exchange(Response(405, headers=fine), Request("PATCH", "http://shop.example/items/1"),
                 started=1_750_000_001, duration=1.5, source=Source("shop.har", 1, 9, 1)),
        Exchange(Response(200, headers=fine), Request("GET", "http://shop.example/items/2"),
                 started=1_750_000_003, source=Source("shop.har", 2, 15, 1)),
        Exchange(Response(404, headers=fine), Request("GET", "http://api.example/none"),
                 source=Source("api.har", 0, 3, 1)),
    ]
    linter = Linter("405.allow-missing")
    return [linter.lint(exchange) for exchange in exchanges]


def trips(page: Any) -> list[str]:
    """What each line of the list of exchanges says."""
    return [" ".join(text.split()) for text in page.locator(".trip").all_inner_texts()]


def test_all_exchanges_with_their_times(opened: Opener) -> None:
    page = opened(timed())
    view(page, "Exchanges")
    assert count(page) == "4 exchanges"
    assert [re.sub(" no findings| findings?, the worst is", "", text) for text in trips(page)] == [
        "1 200 GET http://shop.example/items/1 250 ms", "2 405 PATCH http://shop.example/items/1 1 error 1.50 s",
        "3 200 GET http://shop.example/items/2 – time not known", "4 404 GET http://api.example/none – time not known"]
    assert [" ".join(text.split()) for text in page.locator("#traffic h3").all_inner_texts()] == [
        "shop.har ×3, 2025-06-15 15:06:40 UTC, over 3.00 s", "api.har ×1, when is not known"]
    first, second, third = (bar.evaluate("bar => [bar.style.left, bar.style.width]") for bar in
                            page.locator(".track i").all())
    assert [first[0], second[1], third[0]] == ["0%", "50%", "99.5%"]
    assert [float(part.rstrip("%")) for part in (first[1], second[0])] == pytest.approx([25 / 3, 100 / 3], abs=0.01)
    assert page.locator(".track.unknown").count() == 1
    page.get_by_label("Sort exchanges").select_option("slow")
    assert [text.split(" ")[0] for text in trips(page)] == ["2", "1", "3", "4"]
    page.get_by_label("Sort exchanges").select_option("severe")
    assert trips(page)[0].startswith("2 405")


def test_an_exchange_without_findings_can_be_opened(opened: Opener) -> None:
    page = opened(timed())
    view(page, "Exchanges")
    page.locator(".trip").first.click()
    detail = page.locator(".detail:visible")
    assert "2025-06-15 15:06:40 UTC, took 250 ms" in detail.inner_text()
    assert "shop.har:3:1 (entry 0)" in detail.inner_text()
    assert detail.locator(".message h3").all_inner_texts() == ["Request", "Response"]
    assert detail.locator(".content").inner_text() == "one"
    assert detail.locator(".here h3").inner_text() == "No findings in this exchange"
    page.keyboard.press("Escape")
    assert page.locator(".detail:visible").count() == 0
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert "405.allow-missing" in page.locator(".detail:visible .rule").inner_text()


def test_filters_of_exchanges(opened: Opener) -> None:
    page = opened(timed())
    view(page, "Exchanges")
    page.get_by_label("Exchanges to show").select_option("none")
    assert [text.split(" ")[0] for text in trips(page)] == ["1", "3", "4"]
    page.get_by_label("File").select_option("shop.har")
    assert count(page) == "2 exchanges match"
    page.get_by_label("Exchanges to show").select_option("")
    page.get_by_label("Method").select_option("PATCH")
    assert [text.split(" ")[0] for text in trips(page)] == ["2"]
    view(page, "Findings")                                  # the same filters
    assert count(page) == "1 finding in 1 group match"
    page.get_by_label("File").select_option("api.har")
    assert count(page) == "0 findings in 0 groups match"
    page.get_by_role("button", name="Clear all filters").click()
    view(page, "Exchanges")
    assert search(page, "items/2") == "1 exchange matches"
    assert search(page, "") == "4 exchanges"
    assert search(page, "allow-missing") == "1 exchange matches"
    assert search(page, "") == "4 exchanges"
    page.locator(".tile.error").click()
    assert [text.split(" ")[0] for text in trips(page)] == ["2"]


def test_endpoints_by_status_code(opened: Opener) -> None:
    page = opened(timed())
    shown = view(page, "Endpoints")
    assert shown.locator("thead th").all_inner_texts() == ["Endpoint", "200", "404", "405"]
    table = [[" ".join(cell.inner_text().split()) for cell in row.locator("th, td").all()]
             for row in shown.locator("tbody tr").all()]
    assert table == [
        ["http://shop.example"],
        ["PATCH /items/{id}", "", "", "1 exchange, 1 error"],   # the worst first
        ["GET /items/{id}", "2 exchanges, no findings", "", ""],
        ["http://api.example"], ["GET /none", "", "1 exchange, no findings", ""]]
    shown.locator(".cell.error", has_text="1").last.click()
    assert page.locator("#traffic").is_visible()
    assert [text.split(" ")[0] for text in trips(page)] == ["2"]
    page.locator(".chip").click()
    assert count(page) == "1 exchange matches"              # the status code is still asked for


def test_documented_operations_that_the_traffic_never_showed(opened: Opener) -> None:
    operations = [Operation("GET", "/items/{id}", ["200", "404", "default"], "getItem", "Items"),
                  Operation("DELETE", "/items/{id}", ["204", "4XX"], "deleteItem", "Items")]
    page = opened(timed(), operations=operations)
    shown = view(page, "Endpoints")
    assert shown.locator(".lead").inner_text().startswith("1 of 2 documented operations exercised.")
    assert shown.locator("tbody tr").first.inner_text().strip() == "Items"
    rows = {" ".join(row.locator("th").inner_text().split()).split(",")[0].strip(): row
            for row in shown.locator("tbody tr:not(.of)").all()}
    codes = shown.locator("thead th").all_inner_texts()[1:]
    assert codes == ["200", "204", "404", "405", "4XX"]

    def never(name: str) -> list[str]:
        return [code for code, cell in zip(codes, rows[name].locator("td").all(), strict=True)
                if cell.locator(".never").count()]

    assert never("GET /items/{id}") == ["404"]
    assert never("DELETE /items/{id}") == ["204", "4XX"]
    assert rows["DELETE /items/{id}"].get_attribute("class") == "untouched"
    assert never("PATCH /items/{id}") == []


def test_an_operation_seen_on_several_hosts_names_them(opened: Opener) -> None:
    linter = Linter("date.malformed")
    reports = [linter.lint(Exchange(Response(200, headers=[("Date", date)]), Request("GET", f"http://{host}{path}")))
               for host, path, date in (("a.example", "/items", GOOD_DATE), ("b.example", "/items", BAD_DATE),
                                        ("a.example", "/health", GOOD_DATE))]
    page = opened(reports, operations=[Operation("GET", "/items", ["200"]), Operation("GET", "/health", ["200"])])
    shown = view(page, "Endpoints")
    assert [" ".join(text.split()) for text in shown.locator("tbody tr:not(.of) th").all_inner_texts()] == [
        "GET /items http://b.example", "GET /health", "GET /items http://a.example"]


def test_of_an_operation_without_status_codes_none_is_called_undocumented(opened: Opener) -> None:
    page = opened(timed(), operations=[Operation("GET", "/items/{id}", []), Operation("PATCH", "/items/{id}", ["200"])])
    shown = view(page, "Endpoints")
    told = {" ".join(row.locator("th").inner_text().split()): row.locator(".cell").first.get_attribute("title")
            for row in shown.locator("tbody tr:not(.of)").all()}
    assert told["GET /items/{id}"] == "2 exchanges, no findings"
    assert told["PATCH /items/{id}"] == "1 exchange, 1 error; not documented"


def test_the_version_that_a_capture_claims(opened: Opener) -> None:
    exchange = Exchange(Response(200, version=None, headers=[("Date", BAD_DATE)]),
                        Request("GET", "http://a.example/", version=None))
    exchange.request.claimed, exchange.response.claimed = "http/2.0", "h3\u202e" + "x" * 50
    page = opened([Linter("date.malformed").lint(exchange)])
    request, response = opened_row(page, "Date").locator(".message .line.start").all_inner_texts()
    assert request.split() == ["GET", "http://a.example/", "http/2.0"]
    assert re.fullmatch(r"h3\\u\{202e\}x{5,20}… 200", response)


def test_what_the_map_of_endpoints_has_no_room_for(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("httplint.report.summary.PLACES", 2)
    operations = [Operation("GET", "/none", ["404"], "none"), Operation("GET", "/never", ["200"], "never")]
    operations[0].see(404, 1)                               # which is not among the places that are counted apart
    shown = view(opened(timed(), operations=operations), "Endpoints")
    lead = shown.locator(".lead").inner_text()
    assert lead.startswith("1 of 2 documented operations exercised.")
    assert lead.endswith("1 more exchange, of ever new endpoints, is not in this map.")
    assert "/never" in shown.locator(".untouched").inner_text()


def test_nothing_checked_is_not_the_same_as_nothing_found(opened: Opener) -> None:
    page = opened([])
    assert page.locator("h1").last.inner_text() == "Nothing checked"
    assert page.title() == "nothing checked \u2013 httplint"


def test_statements_by_document_and_section(opened: Opener) -> None:
    reports = timed()
    page = opened(reports)
    shown = view(page, "Requirements")
    rule = reports[1].findings[0].rule
    broken = shown.locator("button.square.broken")
    names = [square.get_attribute("aria-label").split(",")[0] for square in broken.all()]
    assert sorted(names) == sorted(rule.requirement)
    told = page.locator("#statement")
    broken.first.hover()
    section = names[0].removeprefix("9110-").rpartition("-")[0]
    assert told.inner_text().startswith(f"RFC 9110 §{section} {names[0]} broken.")
    shown.locator("button.square[tabindex='0']").first.focus()   # one stop of the Tab key for each document
    before = told.inner_text()
    page.keyboard.press("ArrowRight")
    assert told.inner_text() != before
    shown.get_by_text("The same as a table").click()
    row = shown.locator("table.plainly tbody tr", has_text=names[0]).first
    assert row.locator("td").nth(1).inner_text() == "broken"
    broken.first.focus()
    told.get_by_role("button", name=rule.id).click()
    assert count(page) == "1 finding in 1 group match"


def test_how_it_was_run(opened: Opener) -> None:
    page = opened(timed(), command="httplint check shop.har --profile strict")
    told = view(page, "This run").locator("#facts").inner_text()
    assert "httplint check shop.har --profile strict" in told
    assert "2025-06-15 15:06:40 UTC to 2025-06-15 15:06:43 UTC" in told
    page.get_by_role("button", name="api.har").click()
    assert [text.split(" ")[0] for text in trips(page)] == ["4"]


# -- links, and what can be copied


def copied(page: Any, scope: Any, label: str) -> str:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("document.getElementById('said').textContent = ''")       # what is told is told of this
    scope.get_by_role("button", name=label).click()
    page.locator("#said", has_text="Copied").wait_for()
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_what_is_asked_for_stands_in_the_address(opened: Opener) -> None:
    page = opened(timed())
    search(page, "allow")
    page.get_by_label("Status code", exact=True).select_option("405")
    view(page, "Exchanges")
    page.locator(".trip").first.click()
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    assert page.get_by_label("Status code", exact=True).input_value() == "405"
    assert page.locator("#q").input_value() == "allow"
    assert page.locator("#traffic .detail:visible").count() == 1
    page.go_back()
    page.goto(address.split("#")[0])
    view(page, "Endpoints")
    view(page, "This run")
    page.go_back()
    assert page.locator("#endpoint-map").is_visible()


@pytest.mark.parametrize(("name", "row"), [("Findings", ".row"), ("Exchanges", ".trip")])
def test_what_escape_closes_is_no_longer_in_the_address(opened: Opener, name: str, row: str) -> None:
    page = opened(timed())
    shown = view(page, name)
    shown.locator(row).first.click()
    before = page.url
    page.keyboard.press("Escape")
    assert shown.locator(row).first.get_attribute("aria-expanded") == "false"
    assert re.search("(finding|exchange)=", before)
    assert not re.search("(finding|exchange)=", page.url)


def test_a_link_to_a_view_shows_its_beginning(opened: Opener) -> None:
    page = opened(report for report in timed() for _ in range(30))
    address = page.url
    page.goto("about:blank")
    page.goto(f"{address}#view=exchanges")
    assert page.evaluate("scrollY") == 0
    heading = page.locator("#traffic h3").first.bounding_box()
    assert heading["y"] >= page.locator(".bar").bounding_box()["y"] + page.locator(".bar").bounding_box()["height"]


def test_a_finding_has_a_link(opened: Opener) -> None:
    page = opened(sample())
    item = opened_row(page, "/items/{id}")
    item.get_by_role("button", name="Next").click()
    link = copied(page, item, "Copy link")
    page.goto("about:blank")
    page.goto(link)
    item = page.locator(".group", has=page.locator(".row[aria-expanded=true]"))
    assert item.count() == 1
    assert "/items/1 " in item.locator(".start").first.inner_text()
    assert page.evaluate("document.activeElement.className") == "row"


@pytest.mark.parametrize("fragment", [
    "view=none&status=9&rule=</script>&finding=__proto__&exchange=-1&host=constructor",
    "q=%E0%A4%A&view=exchanges&exchange=99999999",
    "&&==&=view&view", "view=exchanges&endpoint=<img src=x onerror=window.pwned=1>&exchange=1e9", "%" * 5000,
    "view=findings&q=" + "<b>" * 300, "group=x&order=y&suppressed=z&with=w&level=v"])
def test_whoever_writes_the_address(opened: Opener, fragment: str) -> None:
    page = opened(timed())
    address = page.url.split("#")[0]
    page.goto("about:blank")
    page.goto(f"{address}#{fragment}")
    assert page.locator("#report").is_visible()
    assert page.locator("nav a[aria-current]").count() == 1
    view(page, "Exchanges")
    page.locator("#q").fill("")
    page.locator(".trip").nth(3).wait_for()


def test_a_waiver_can_be_copied(opened: Opener, tmp_path: Path) -> None:
    reports = sample()
    page = opened(reports)
    waiver = copied(page, opened_row(page, "/items/{id}"), "Copy waiver")
    path = tmp_path / "httplint.toml"
    path.write_text(waiver, "utf-8")
    linter = Linter(RULES, config=path)
    for report in reports:
        again = linter.lint(report.exchange)
        waived = [finding.rule_id for finding, _ in again.suppressed]
        assert waived == (["date.malformed"] if "/items/" in report.exchange.request.uri else [])


def test_hostile_traffic_gives_waivers_that_are_toml(opened: Opener, tmp_path: Path) -> None:
    page = opened(hostile())
    for row in page.locator(ROW).all()[:8]:
        row.click()
        waiver = copied(page, row.locator("xpath=.."), "Copy waiver")      # of a row, by rule
        row.click()
        told, = tomllib.loads(waiver)["waiver"]
        assert set(told) <= {"rule", "host", "path", "reason"}
        (tmp_path / "httplint.toml").write_text(waiver, "utf-8")
        Linter(config=tmp_path / "httplint.toml")


def test_an_example_can_be_copied(opened: Opener) -> None:
    """What is copied is in the notation of examples, and the rule finds it again."""
    reports = sample()
    page = opened(reports)
    for name, at in (("/items/{id}", 0), ("405.allow-missing", 3), ("503.retry-after-missing", 4),
                     ("allow.malformed", 5)):
        item = opened_row(page, name)
        text, = tomllib.loads(copied(page, item, "Copy as rule example"))["bad"]
        exchange, = notation(text)
        found = {finding.rule_id for finding in Linter(RULES).lint(exchange).findings}
        assert found == {finding.rule_id for finding in reports[at].findings}
        assert exchange.request.method == reports[at].exchange.request.method
        item.locator(".row").click()


def test_secrets_stay_masked_in_what_is_copied(opened: Opener) -> None:
    report = Linter("date.malformed").lint(Exchange(
        Response(200, headers=[("Date", BAD_DATE), ("Set-Cookie", "id=geheim1; Path=/")]),
        Request("GET", "http://a.example/?token=geheim2", headers=[("Authorization", "Bearer geheim3")])))
    page = opened([report])
    item = opened_row(page, "date.malformed")
    text = copied(page, item, "Copy as rule example")
    assert "geheim" not in text
    assert "[masked" in text
    assert "geheim" not in copied(page, item, "Copy link") + copied(page, item, "Copy waiver")


def test_names_of_fields_lead_to_their_sections(opened: Opener) -> None:
    page = opened(sample())
    item = opened_row(page, "/items/{id}")
    link = item.locator("a.name", has_text="Date")
    assert link.get_attribute("href") == "https://www.rfc-editor.org/rfc/rfc9110#section-6.6.1"
    assert link.get_attribute("title") == "RFC 9110 §6.6.1"


def test_paper_has_everything(opened: Opener) -> None:
    reports = timed()
    page = opened(reports)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 720, "height": 1000})  # that of a sheet of paper
    for name in ("#list .row", "#traffic .trip", "#endpoint-map table", "#requirement-map .document", "#facts",
                 "#paper"):
        assert page.locator(name).first.is_visible(), name
    assert page.locator("#traffic .trip").count() == 4
    assert reports[1].findings[0].rule.fix in page.locator("#paper").inner_text()
    for name in (".bar", "#views", ".act", "#clear"):
        assert page.locator(f"{name}:visible").count() == 0, name
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_everyone_can_use_each_view(opened: Opener, barriers: Barriers, scheme: str, width: int) -> None:
    page = opened(timed(), operations=[Operation("DELETE", "/items/{id}", ["204"])], color_scheme=scheme,
                  viewport={"width": width, "height": 900}, bypass_csp=True)
    for name in ("Exchanges", "Endpoints", "Requirements", "This run"):
        shown = view(page, name)
        if name == "Exchanges":
            for row in page.locator(".trip").all():
                row.click()
        shown.locator("details:not([open]) > summary").evaluate_all("all => all.forEach(one => one.click())")
        assert barriers(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


CHECKS = (Check("get", "a plain GET"), Check("patch", "a method that is not allowed"), Check("range", "one range"))


def probe(resources: int) -> tuple[list[Report], Matrix]:
    """Of each resource: a GET without a fault, a 405 without Allow, ranges that were not asked for."""
    exchanges, rows = [], []
    for number in range(resources):
        uri = f"http://shop.example/{number}"
        for entry, method, status in ((2 * number, "GET", 200), (2 * number + 1, "PATCH", 405)):
            exchanges.append(Exchange(Response(status, headers=[("Date", GOOD_DATE)], content=b""),
                                      Request(method, uri), source=Source(uri, entry)))
        last = (Cell(NOT_APPLICABLE, "ranges are ignored", (2 * number,)), Cell(NOT_ANSWERED, "closed", (999,)),
                Cell(NOT_ASKED))
        rows.append(Row(uri, (
            Cell(KEPT, "", (2 * number,)), Cell(BROKEN, "no Allow", (2 * number + 1,), ("405.allow-missing",)),
            last[number % 3])))
    linter = Linter(RULES)
    return [linter.lint(exchange) for exchange in exchanges], Matrix(CHECKS, tuple(rows))


def probed(opened: Opener, resources: int, **context: Any) -> Any:
    """The page of a probe of so many resources, at its view."""
    reports, matrix = probe(resources)
    page = opened(reports, matrix=matrix, **context)
    view(page, "Probe")
    return page


def test_where_nobody_was_asked_there_is_no_probe(opened: Opener) -> None:
    page = opened(sample())
    assert page.locator("#views a", has_text="Probe").count() == 0


def test_checks_of_one_resource_are_a_list(opened: Opener) -> None:
    page = probed(opened, 1)
    assert page.locator("#probe-table .lead").inner_text() == "3 checks of http://shop.example/0."
    assert page.locator("#probe-table .legend li").all_inner_texts() == ["broken 1", "kept 1", "not applicable 1"]
    said = [" | ".join(text.split("\n")) for text in page.locator(".row.check").all_inner_texts()]
    assert said == ["kept | a plain GET | get | 1 request",
                    "broken | a method that is not allowed | patch | no Allow | 405.allow-missing | 1 request",
                    "not applicable | one range | range | ranges are ignored | 1 request"]
    page.locator(".row.check").nth(1).click()
    detail = page.locator("#probe-table .detail:visible")
    assert trips_of(detail) == ["405 PATCH http://shop.example/0"]
    detail.locator(".trip").click()
    assert detail.locator(".here li").all_inner_texts()[0].startswith("1\n")
    detail.locator(".link", has_text="405.allow-missing").click()
    assert page.locator("#views [aria-current]").inner_text().startswith("Findings")
    assert page.locator(ROW).count() == 1


def trips_of(scope: Any) -> list[str]:
    """Status code, method and URI of the exchanges in a part of the page."""
    return [" ".join(trip.locator(f".{part}").inner_text() for part in ("code", "verb", "uri"))
            for trip in scope.locator(".trip").all()]


def test_checks_of_several_resources_are_a_table(opened: Opener) -> None:
    page = probed(opened, 3)
    table = page.get_by_role("table")
    assert table.locator("thead th").all_inner_texts() == ["Resource", "get", "patch", "range"]
    assert table.locator("tbody tr").nth(1).locator("th, td").all_inner_texts() == [
        "http://shop.example/0", "kept", "broken", "not applicable"]
    assert table.locator("tbody th").first.inner_text() == "http://shop.example/1", (
        "the one with a check that was not answered")
    table.locator('[data-cell="2.1"]').click()
    beneath = page.locator("#beneath")
    assert beneath.locator("h3").first.inner_text() == "http://shop.example/2"
    assert beneath.locator(".verdict").inner_text() == "broken a method that is not allowed patch"
    assert trips_of(beneath) == ["405 PATCH http://shop.example/2"]
    table.locator('[data-cell="1.2"]').click()
    assert "1 request of this check has no exchange in this page." in beneath.inner_text()
    table.locator('[data-cell="2.2"]').click()
    assert "No request was made." in beneath.inner_text()
    table.get_by_role("button", name="http://shop.example/0").click()
    assert beneath.locator(".row.check").count() == 3


def test_the_table_of_checks_with_the_keyboard(opened: Opener) -> None:
    page = probed(opened, 3)
    page.locator(".scroll.tall").focus()

    def at(*keys: str) -> str:
        for key in keys:
            page.keyboard.press(key)
        return str(page.evaluate("document.activeElement.dataset.cell || document.activeElement.id"))

    assert at("Tab") == "1"
    assert at("ArrowRight", "ArrowRight") == "1.1"
    assert at("ArrowDown") == "0.1"
    assert at("End", "ArrowRight", "ArrowDown") == "2.2"
    assert at("Home") == "2"
    assert at("ArrowRight", "Enter") == "beneath"
    assert page.evaluate("location.hash") == "#view=probe&cell=2.0"
    assert at("Escape") == "2.0"
    assert not page.locator("#beneath").is_visible()
    assert page.evaluate("location.hash") == "#view=probe"
    assert at("Shift+Tab", "Tab") == "2.0", "one stop of the Tab key"


@pytest.mark.parametrize(("resources", "cell", "shown"), [
    (3, "2.1", "#beneath .trip"), (3, "0", "#beneath .check"), (1, "0.1", "#probe-table .trip"),
    (150, "149.1", "#beneath .trip")])
def test_a_cell_has_a_link(opened: Opener, resources: int, cell: str, shown: str) -> None:
    page = probed(opened, resources)
    assert page.locator(shown).count() == 0
    page.evaluate("cell => location.hash = `#view=probe&cell=${cell}`", cell)
    page.locator(shown).first.wait_for()
    page.reload()
    page.locator(shown).first.wait_for()


def test_a_cell_that_is_not_there(opened: Opener) -> None:
    page = probed(opened, 3)
    for cell in ("3.1", "0.3", "-1", "0.0.0", "00.1", "x", '0.1"]', "1e1", ""):
        page.evaluate("cell => location.hash = `#view=probe&cell=${encodeURIComponent(cell)}`", cell)
        page.wait_for_function("location.hash === '#view=probe'")
        assert page.locator("#beneath").is_hidden(), cell


def test_resources_that_there_is_no_room_for_are_told(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("httplint.report.html.MATRIX_ROOM", 4_000)
    reports, matrix = probe(150)
    matrix = Matrix(CHECKS, (*matrix.rows[:-1], Row("http://last.example/", (matrix.rows[0].cells[1],) * 3)))
    page = opened(reports, matrix=matrix)
    view(page, "Probe")
    told = re.search(r"of 150 resources.* ([0-9]+) resources have no room",
                     page.locator("#probe-table .lead").inner_text())
    assert told
    assert page.locator(".checks tbody tr").count() + int(told[1]) == 150
    assert page.locator("#probe-table .legend li").all_inner_texts()[0] == "broken 152"
    assert page.locator(".checks tbody th").first.inner_text() == "http://last.example/", "the worst has room"


@pytest.mark.parametrize("resources", [1, 2])
def test_hostile_checks_are_shown_and_inert(opened: Opener, resources: int) -> None:
    cell = Cell(BROKEN, HOSTILE, (0,), (HOSTILE,))
    page = opened(sample(), matrix=Matrix((Check(HOSTILE, HOSTILE), Check("\u202e", "")), tuple(
        Row(f"http://a.example/{HOSTILE}{number}", (cell, cell)) for number in range(resources))))
    shown = view(page, "Probe")
    shown.locator('.row.check, [data-cell="0.0"]').first.click()
    assert HOSTILE in shown.inner_text()
    assert "\\u{202e}" in shown.inner_text()


@pytest.mark.parametrize(("resources", "width", "scheme"), [(1, 390, "dark"), (3, 390, "dark"), (3, 1280, "light")])
def test_everyone_can_use_the_probe(
        opened: Opener, barriers: Barriers, resources: int, scheme: str, width: int) -> None:
    page = probed(opened, resources, color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True)
    for chosen in ([".row.check"] if resources == 1 else ['[data-cell="0.1"]', '[data-cell="1"]', "#beneath .check"]):
        for one in page.locator(chosen).all():
            one.click()
        for row in page.locator("#probe-table .trip:visible").all():
            row.click()
        assert barriers(page) == [], chosen
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), chosen


@pytest.mark.parametrize(("resources", "shown"), [(1, ".row.check"), (3, ".checks .cell")])
def test_paper_has_the_probe(opened: Opener, resources: int, shown: str) -> None:
    reports, matrix = probe(resources)
    page = opened(reports, matrix=matrix)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 720, "height": 1000})
    assert page.locator(shown).first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
