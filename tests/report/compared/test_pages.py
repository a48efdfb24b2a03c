"""Pages and Markdown of comparisons: complete without a script, short, and nothing of a stranger in them is markup."""
from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_pages import EVIL, Tags, harmless, policed

from httplint import Exchange, Request, Response
from httplint.engine.report import Finding, Location, Report
from httplint.engine.rule import Provision
from httplint.report.compared import pages, tables
from httplint.report.compared.difference import difference
from httplint.report.compared.series import Compared, Comparison, Counting
from httplint.report.compared.trend import trend


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


EVILS = comparison([report(message=EVIL), report(EVIL, f"/{EVIL}")],
                   [report(message=EVIL, text=EVIL, spec=f"RFC 9110 §5.1 {EVIL}"), report("c.d", text=EVIL)], name=EVIL)


@pytest.mark.parametrize("form", FORMS)
def test_texts_of_strangers_are_no_markup(form: str) -> None:
    harmless(FORMS[form](EVILS), FORMS[form](comparison([report()], [report("c.d"), report()])))


@pytest.mark.parametrize("form", FORMS)
def test_the_policy_allows_its_script_and_its_style_only(form: str) -> None:
    page = FORMS[form](comparison([report()], [report()]))
    policed(page)
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
