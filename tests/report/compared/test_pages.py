"""Pages and Markdown of comparisons: complete without a script, short, and nothing of a stranger in them is markup."""
from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from httplint import Exchange, Request, Response
from httplint.engine.report import Finding, Location, Report
from httplint.engine.rule import Provision
from httplint.report.compared import pages, tables
from httplint.report.compared.difference import difference
from httplint.report.compared.series import Compared, Comparison, Counting
from httplint.report.compared.trend import trend

EVIL = ("</main><script>alert(1)</script><img src=x onerror=alert(1)> \" ' <!-- script --> <!-- islands --> | p \n"
        "](javascript:alert(1)) `x` **b** @everyone #1 https://evil.example www.evil.example \x1b[31m\u202e")


def report(rule: str = "a.b", path: str = "/", severity: str = "error", message: str = "no", text: str = "t",
           spec: str = "RFC 9110 §5.1") -> Report:
    """A report with one finding."""
    said = {"id": rule, "title": text, "level": "MUST", "spec": spec, "why": text, "fix": text, "bad": [], "good": []}
    made = Report(Exchange(Response(200), Request("GET", f"https://shop.example{path}")))
    made.findings = [Finding(Provision(said), message, Location("response", "status"))]
    made.findings[0].severity = severity
    return made


def comparison(*results: Iterable[Report], name: str = "r") -> Comparison:
    counting = Counting(len(results))
    return Comparison([Compared(f"{name}{number}", name, 700, 1,
                                {"error": 0, "warning": 0, "info": 0} | counting.add(reports)[0])
                       for number, reports in enumerate(results)], counting.all(), [name] if name == EVIL else [])


def page_of(told: Comparison) -> str:
    return "".join(pages.difference(difference(told)))


FORMS: dict[str, Callable[[Comparison], str]] = {
    "difference": page_of, "trend": lambda told: "".join(pages.trend(trend(told)))}
TABLES: dict[str, Callable[[Comparison], str]] = {
    "difference": lambda told: "".join(tables.difference(difference(told))),
    "trend": lambda told: "".join(tables.trend(trend(told)))}


class Tags(HTMLParser):
    """The tags of a page, which has to close what it opens."""

    EMPTY = ("meta", "link")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.met: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.met.append((tag, dict(attrs)))
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.met.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


EVILS = comparison([report(message=EVIL), report(EVIL, f"/{EVIL}")],
                   [report(message=EVIL, text=EVIL, spec=f"RFC 9110 §5.1 {EVIL}"), report("c.d", text=EVIL)], name=EVIL)


@pytest.mark.parametrize("form", FORMS)
def test_texts_of_strangers_are_no_markup(form: str) -> None:
    page, plain = FORMS[form](EVILS), FORMS[form](comparison([report()], [report("c.d"), report()]))
    assert page.isascii()
    names = {tag for tag, _ in Tags(plain).met}
    for tag, attributes in Tags(page).met:
        assert tag in names
        assert not any(name.startswith("on") or name in ("src", "srcset", "style") for name in attributes)
        address = attributes.get("href") or "#"
        assert address.startswith("#") or re.match(r"https://www\.rfc-editor\.org/rfc/rfc9110#section-5\.1\Z", address)
    assert page.count("<script") == 1
    assert "\x1b" not in page


@pytest.mark.parametrize("form", FORMS)
def test_the_policy_allows_its_script_and_its_style_only(form: str) -> None:
    page = FORMS[form](comparison([report()], [report()]))
    policy, = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    for tag in ("script", "style"):
        text, = re.findall(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "httplint" in page


@given(counts=st.lists(st.lists(st.integers(0, 5), min_size=3, max_size=3), min_size=1, max_size=6))
@settings(max_examples=40)
def test_pages_are_whole_whatever_was_found(counts: list[list[int]]) -> None:
    told = comparison(*([report("a.b", severity=severity) for severity, times in zip(
        ("error", "warning", "info"), some, strict=True) for _ in range(times)] for some in counts))
    page = FORMS["trend"](told)
    Tags(page)
    for cx, cy in re.findall(r'cx="(-?\d+)" cy="(-?\d+)"', page):
        assert 0 <= int(cx) <= 960
        assert 0 <= int(cy) <= 280


def test_the_page_lists_what_changed_and_folds_the_rest() -> None:
    page = page_of(comparison([report("gone.a"), report("same.b")], [report("new.c"), report("same.b")]))
    new, gone, unchanged = (page[page.index(f'<section id="{name}">'):].partition("</section>")[0]
                            for name in ("new", "gone", "unchanged"))
    assert "new.c" in new
    assert "gone.a" in gone
    assert "same.b" in unchanged
    assert "folded-list" in unchanged
    assert "folded-list" not in new
    assert '<section id="more">' not in page
    assert "1 kind of findings new, 1 gone" in page


def test_what_is_not_listed_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "LISTED", 3)
    monkeypatch.setattr(pages, "RULES", 3)
    told = comparison([], [report(f"a.n{number}") for number in range(5)])
    for form in FORMS.values():
        page = form(told)
        assert "and 2 more; the format json has all" in page
        assert page.count("a.n") == 3


@pytest.mark.parametrize("form", TABLES)
def test_markdown_holds_no_markup_of_strangers(form: str) -> None:
    text = TABLES[form](EVILS)
    assert not re.search(r"(?i)<(?:script|img|!--)|\]\(javascript|https://evil|www\.evil|@everyone|`|\*\*|\x1b|\u202e",
                         text.replace("<!-- -->", ""))  # which we put behind what platforms make mentions of
    heads = [line.count("|") for line in text.splitlines() if line.startswith("| ")]
    assert len(set(heads)) <= 2                             # a table has as many cells in each row


@pytest.mark.parametrize("form", TABLES)
def test_markdown_fits_a_comment(form: str) -> None:
    """A comment of GitHub holds 65,536 characters."""
    long = "|" * 300
    text = TABLES[form](comparison([report(f"g.{'n' * 90}{number}", f"/{long}{number}") for number in range(200)],
                                   [report(f"a.{'n' * 90}{number}", f"/{long}{number}", message=long)
                                    for number in range(200)], name=long))
    assert len(text) < 65_536
    assert "more\n" in text


def test_markdown_folds_what_is_no_news() -> None:
    text = TABLES["difference"](comparison([report("gone.a"), report("same.b")], [report("new.c"), report("same.b")]))
    news, _, rest = text.partition("<details>")
    assert "new.c" in news
    assert "gone.a" not in news
    assert "<summary>1 gone</summary>" in rest
    assert "<summary>1 unchanged</summary>" in rest
    assert text.count("<details>") == text.count("</details>") == 2
    same = TABLES["difference"](comparison([report()], [report()]))
    assert same.startswith("## httplint: nothing new\n")
